import type { SensorReport, SensorScan } from './hardware.ts';
import type { Inventory } from './ipmi/inventory.ts';
import type { Sensor } from './ipmi/sdr-sensor.ts';
import type { SensorValue, Thresholds } from './ipmi/sensor-value.ts';
import { reportSensor } from './ipmi-sensor.ts';

/**
 * What the sensors of a BMC said in one scan. Reports are many small objects, and what a promise is fulfilled with
 * outlives its use: they are made for whoever asks for them, who drops them at once.
 */
export class IpmiScan implements SensorScan {
  readonly #inventory: Inventory;
  /** Of the inventory's sensors, in its order; undefined where a sensor did not answer. */
  readonly #values: readonly (SensorValue | undefined)[];
  readonly #thresholds: ReadonlyMap<Sensor, Thresholds>;
  readonly #failed: number;

  constructor(
    inventory: Inventory,
    values: readonly (SensorValue | undefined)[],
    thresholds: ReadonlyMap<Sensor, Thresholds>,
    failed: number,
  ) {
    this.#inventory = inventory;
    this.#values = values;
    this.#thresholds = thresholds;
    this.#failed = failed;
  }

  get sensors(): SensorReport[] {
    return this.reports(() => true);
  }

  get skipped(): Readonly<Record<string, number>> {
    return { ...this.#inventory.skipped, failed: this.#failed };
  }

  /** Of those sensors that `isWanted` holds of. */
  reports(isWanted: (sensor: Sensor) => boolean): SensorReport[] {
    const reports: SensorReport[] = [];
    for (const [index, sensor] of this.#inventory.sensors.entries()) {
      const value = this.#values[index];
      if (value && isWanted(sensor)) reports.push(reportSensor(sensor, value, this.#thresholds.get(sensor) ?? {}));
    }
    return reports;
  }
}
