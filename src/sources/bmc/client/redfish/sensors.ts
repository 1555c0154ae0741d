import type { HealthState, Quantity, SensorReport, ThresholdLabel } from '../hardware.ts';
import { healthOf, isAbsent, isSilent, listOf, numberOf, objectOf, type Resource, textOf } from './resource.ts';
import type { ChassisTree } from './walk.ts';

const healths: Readonly<Record<string, HealthState>> = { OK: 'ok', Warning: 'noncritical', Critical: 'critical' };

/** Thresholds of Thermal and Power (DSP2046, Thermal 1.x): caution, critical and fatal by other names. */
const oldThresholds: readonly (readonly [string, ThresholdLabel])[] = [
  ['LowerThresholdFatal', 'lower_nonrecoverable'],
  ['LowerThresholdCritical', 'lower_critical'],
  ['LowerThresholdNonCritical', 'lower_noncritical'],
  ['UpperThresholdNonCritical', 'upper_noncritical'],
  ['UpperThresholdCritical', 'upper_critical'],
  ['UpperThresholdFatal', 'upper_nonrecoverable'],
];
const newThresholds: readonly (readonly [string, ThresholdLabel])[] = [
  ['LowerFatal', 'lower_nonrecoverable'],
  ['LowerCritical', 'lower_critical'],
  ['LowerCaution', 'lower_noncritical'],
  ['UpperCaution', 'upper_noncritical'],
  ['UpperCritical', 'upper_critical'],
  ['UpperFatal', 'upper_nonrecoverable'],
];

interface Kind {
  readonly kind: string;
  readonly quantity: Quantity;
  /** From what the BMC sends to the base unit. */
  readonly factor?: number;
}

const readingTypes: Readonly<Record<string, Kind>> = {
  Temperature: { kind: 'temperature', quantity: 'temperature' },
  Rotational: { kind: 'fan', quantity: 'fan_rpm' },
  Percent: { kind: 'fan', quantity: 'fan_ratio', factor: 0.01 },
  Voltage: { kind: 'voltage', quantity: 'voltage' },
  Current: { kind: 'current', quantity: 'current' },
  Power: { kind: 'power', quantity: 'power' },
};

/** Every reading of every chassis. With several chassis, the chassis' id is part of the number. */
export function reportSensors(trees: readonly ChassisTree[]): SensorReport[] {
  const reports = trees.map((tree) => ({
    id: textOf(tree.chassis, 'Id') ?? '',
    sensors: tree.thermal || tree.power ? reportOld(tree) : reportNew(tree),
  }));
  const several = reports.filter(({ sensors }) => sensors.length > 0).length > 1;
  return reports.flatMap(({ id, sensors }) =>
    several ? sensors.map((sensor) => ({ ...sensor, number: `${id}.${sensor.number}` })) : sensors,
  );
}

function reportOld({ power = {}, thermal = {} }: ChassisTree): SensorReport[] {
  return [
    ...listOf(thermal, 'Temperatures').map((entry, index) =>
      report(entry, readingTypes['Temperature'] as Kind, numberOf(entry, 'ReadingCelsius'), `t${index}`),
    ),
    ...listOf(thermal, 'Fans').map((entry, index) => {
      const kind = readingTypes[textOf(entry, 'ReadingUnits') === 'Percent' ? 'Percent' : 'Rotational'] as Kind;
      return report(entry, kind, numberOf(entry, 'Reading') ?? numberOf(entry, 'ReadingRPM'), `f${index}`);
    }),
    ...listOf(power, 'Voltages').map((entry, index) =>
      report(entry, readingTypes['Voltage'] as Kind, numberOf(entry, 'ReadingVolts'), `v${index}`),
    ),
  ];
}

function reportNew({ fans, sensors }: ChassisTree): SensorReport[] {
  const known = sensors.flatMap((sensor, index) => {
    const kind = readingTypes[textOf(sensor, 'ReadingType') ?? ''];
    // A share that is no fan's (humidity, utilisation) would be mistaken for one.
    const isOtherShare = kind?.quantity === 'fan_ratio' && textOf(sensor, 'PhysicalContext') !== 'Fan';
    return kind && !isOtherShare ? [report(sensor, kind, numberOf(sensor, 'Reading'), `s${index}`)] : [];
  });
  if (known.some(({ kind }) => kind === 'fan')) return known;
  return [...known, ...fans.map(reportFan)];
}

function reportFan(fan: Resource, index: number): SensorReport {
  const speed = objectOf(fan, 'SpeedPercent');
  const rpm = numberOf(speed, 'SpeedRPM');
  if (rpm !== undefined) return report(fan, readingTypes['Rotational'] as Kind, rpm, `f${index}`);
  return report(fan, readingTypes['Percent'] as Kind, numberOf(speed, 'Reading'), `f${index}`);
}

function report(entry: Resource, { factor = 1, kind, quantity }: Kind, reading: number | undefined, fallback: string) {
  const health = healths[healthOf(entry) ?? ''];
  const number = numberOf(entry, 'SensorNumber');
  return {
    name: textOf(entry, 'Name', 'FanName') ?? 'unnamed',
    number: number === undefined ? (textOf(entry, 'MemberId', 'MemberID', 'Id') ?? fallback) : String(number),
    kind,
    quantity,
    ...(reading === undefined || isSilent(entry) ? {} : { value: reading * factor }),
    ...(isAbsent(entry) ? { health: 'absent' as const } : health ? { health } : {}),
    thresholds: isAbsent(entry) ? {} : thresholdsOf(entry, factor),
    states: [],
  };
}

function thresholdsOf(entry: Resource, factor: number): SensorReport['thresholds'] {
  const newer = objectOf(entry, 'Thresholds');
  const values = [
    ...oldThresholds.map(([key, label]) => [label, numberOf(entry, key)] as const),
    ...newThresholds.map(([key, label]) => [label, numberOf(objectOf(newer, key), 'Reading')] as const),
  ];
  return Object.fromEntries(values.flatMap(([label, value]) => (value === undefined ? [] : [[label, value * factor]])));
}
