import type { DeviceId } from './device-id.ts';
import type { SdrRecord } from './sdr-record.ts';
import { type Ask, readSdrVersion, SdrReader, type SdrStore } from './sdr-repository.ts';
import type { Sensor } from './sdr-sensor.ts';

/** Why a sensor that the repository names is not read. */
type SkipReason = 'event_only' | 'system_software' | 'other_controller' | 'undecodable';

export interface Inventory {
  readonly records: readonly SdrRecord[];
  /** Those that can be read, each number and LUN once. */
  readonly sensors: readonly Sensor[];
  readonly skipped: Readonly<Record<SkipReason, number>>;
}

const BMC_ADDRESS = 0x20;

/**
 * Keeps the sensor records in memory, for as long as their version and the BMC's identity stay the same.
 */
export class InventoryCache {
  readonly #assumeBmcOwner: boolean;
  #reader: SdrReader | undefined;
  #key = '';
  #inventory: Inventory | undefined;

  /** @param assumeBmcOwner read sensors of every owner as if they were the BMC's own (Fujitsu RX300) */
  constructor(assumeBmcOwner = false) {
    this.#assumeBmcOwner = assumeBmcOwner;
  }

  /** Asks for the version, and reads everything only if that is another one. */
  async refresh(ask: Ask, device: DeviceId): Promise<Inventory> {
    const store: SdrStore = device.hasSdrRepository || !device.hasSensorDevice ? 'repository' : 'device';
    const version = await readSdrVersion(ask, store);
    const key = [store, version, device.manufacturerId, device.productId, device.firmware].join('/');
    if (this.#inventory && this.#key === key) return this.#inventory;
    this.#reader ??= new SdrReader(store);
    const { records, undecodable } = await this.#reader.readAll(ask);
    this.#inventory = this.#sort(records, undecodable);
    this.#key = key;
    return this.#inventory;
  }

  #sort(records: SdrRecord[], undecodable: number): Inventory {
    const skipped = { event_only: 0, system_software: 0, other_controller: 0, undecodable };
    const sensors = new Map<number, Sensor>();
    for (const record of records) {
      if (record.kind !== 'sensors') continue;
      for (const sensor of record.sensors) {
        const reason = record.isReadable ? this.#skipReason(sensor) : 'event_only';
        if (reason) skipped[reason]++;
        else sensors.set((sensor.lun << 8) | sensor.number, sensor);
      }
    }
    return { records, sensors: [...sensors.values()], skipped };
  }

  #skipReason({ ownerId }: Sensor): SkipReason | undefined {
    if ((ownerId & 0x01) !== 0) return 'system_software';
    return ownerId === BMC_ADDRESS || this.#assumeBmcOwner ? undefined : 'other_controller';
  }
}
