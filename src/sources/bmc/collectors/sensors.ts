import { type Emit, emitState, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import { type HealthState, healthStates, type Quantity, type SensorReport } from '../client/hardware.ts';
import type { BmcConfig } from '../config.ts';
import type { BmcFacts } from '../facts.ts';
import type { BmcTarget } from '../target.ts';

const labels = ['member', 'sensor', 'number'] as const;

const temperature = gauge('bmc_temperature_celsius', {
  help: 'Temperatures; none for sensors without a reading.',
  labels,
});
const fanRpm = gauge('bmc_fan_speed_rpm', { help: 'Fan speeds in revolutions per minute.', labels });
const fanRatio = gauge('bmc_fan_speed_ratio', {
  help: 'Fan speeds as a share of full speed, where the BMC tells no revolutions.',
  labels,
});
const voltage = gauge('bmc_voltage_volts', { help: 'Voltages of rails and batteries.', labels });
const current = gauge('bmc_current_amperes', { help: 'Currents.', labels });
const power = gauge('bmc_power_watts', {
  help: 'Power that a sensor measures, such as that of a power supply.',
  labels,
});
const other = gauge('bmc_sensor_value', {
  help: 'Readings in another unit; `ipmi_unit_<n>` is a code of the IPMI specification, table 43-15.',
  labels: [...labels, 'unit'],
});
const thresholdValue = gauge('bmc_sensor_threshold', {
  help: 'Thresholds of a sensor in its own unit: lower_ or upper_ noncritical, critical, nonrecoverable.',
  labels: [...labels, 'threshold'],
});
const sensorState = gauge('bmc_sensor_state', {
  help: 'What the BMC makes of the reading: ok, noncritical, critical, nonrecoverable; absent has no reading.',
  labels: [...labels, 'state'],
});
const discreteState = gauge('bmc_discrete_state', {
  help: "States of discrete sensors by the IPMI specification's names (tables 42-2 and 42-3); several may be 1.",
  labels: [...labels, 'state'],
});
const skipped = gauge('bmc_sensors_skipped', {
  help: 'Sensors of the repository that are not shown: event_only has no reading, system_software and other_controller are not the BMC’s own, undecodable and failed could not be read.',
  labels: ['member', 'reason'],
});

const byQuantity = {
  temperature,
  fan_rpm: fanRpm,
  fan_ratio: fanRatio,
  voltage,
  current,
  power,
} as const satisfies Record<Exclude<Quantity, 'other'>, unknown>;

export const sensors: Collector<BmcTarget, BmcFacts, BmcConfig> = {
  name: 'sensors',
  help: 'Every sensor with its reading, thresholds and states.',
  metrics: [...Object.values(byQuantity), other, thresholdValue, sensorState, discreteState, skipped],
  async collect({ client: { bmc, member }, emit, signal }) {
    const scan = await bmc.sensors(signal);
    for (const sensor of scan.sensors) emitSensor(emit, member, sensor);
    for (const [reason, count] of Object.entries(scan.skipped)) emit(skipped, { member, reason }, count);
    return readFacts(scan.sensors);
  },
};

/** One object of labels for all thresholds and one for all states of a sensor: each is read before `emit` returns. */
function emitSensor(emit: Emit, member: string, report: SensorReport): void {
  const { name: sensor, number, quantity, unit = '', value } = report;
  const id = { member, sensor, number };
  if (quantity && value !== undefined) {
    if (quantity === 'other') emit(other, { member, sensor, number, unit }, value);
    else emit(byQuantity[quantity], id, value);
  }
  const limit = { member, sensor, number, threshold: '' };
  for (const [threshold, at] of Object.entries(report.thresholds)) {
    limit.threshold = threshold;
    emit(thresholdValue, limit, at);
  }
  if (report.health) emitState(emit, sensorState, id, 'state', healthStates, report.health);
  const asserted = { member, sensor, number, state: '' };
  for (const { isAsserted, name } of report.states) {
    asserted.state = name;
    emit(discreteState, asserted, isAsserted ? 1 : 0);
  }
}

/** Words of generic event type 0Bh, redundancy. */
const isRedundancy = (state: string): boolean => /redundan|insufficient_resources/.test(state);

function readFacts(reports: readonly SensorReport[]): Partial<BmcFacts> {
  const healths = reports.flatMap(({ health }) => (health && health !== 'absent' ? [health] : []));
  const worst = healths.reduce<HealthState | undefined>(
    (a, b) => (a === undefined || healthStates.indexOf(b) > healthStates.indexOf(a) ? b : a),
    undefined,
  );
  return {
    fans: reports.flatMap(({ health, kind, name }) => (kind === 'fan' && health ? [{ name, health }] : [])),
    redundancies: reports.flatMap(({ kind, name, states }) =>
      states.flatMap((state) =>
        state.isAsserted && isRedundancy(state.name) ? [{ sensor: name, kind, state: state.name }] : [],
      ),
    ),
    ...(worst ? { worstSensorState: worst } : {}),
  };
}
