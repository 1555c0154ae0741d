import type {
  Component,
  ComponentHealth,
  HealthState,
  PowerSupply,
  Quantity,
  SensorReport,
  ThresholdLabel,
} from './hardware.ts';
import { eventStates, type Severity, sensorTypeName } from './ipmi/event-states.ts';
import { type Analog, type Sensor, type ThresholdName, thresholdNames } from './ipmi/sdr-sensor.ts';
import { isThresholdSensor, type SensorValue, type Thresholds } from './ipmi/sensor-value.ts';

const labels: Readonly<Record<ThresholdName, ThresholdLabel>> = {
  lnr: 'lower_nonrecoverable',
  lc: 'lower_critical',
  lnc: 'lower_noncritical',
  unc: 'upper_noncritical',
  uc: 'upper_critical',
  unr: 'upper_nonrecoverable',
};

const FAN = 0x04;
const PROCESSOR = 0x07;
const POWER_SUPPLY = 0x08;
const MEMORY = 0x0c;
const DRIVE = 0x0d;
const ENTITY_PRESENCE = 0x25;
const SENSOR_SPECIFIC = 0x6f;
const PRESENCE = 0x08;

interface Unit {
  readonly quantity: Quantity;
  readonly unit: string;
  toBase(value: number): number;
}

const same = (value: number): number => value;

/** Sensor unit codes (IPMI 2.0 §43.17, table 43-15); what is not here keeps its number. */
const units: Readonly<Record<number, Unit>> = {
  1: { quantity: 'temperature', unit: 'celsius', toBase: same },
  2: { quantity: 'temperature', unit: 'celsius', toBase: (fahrenheit) => ((fahrenheit - 32) * 5) / 9 },
  3: { quantity: 'temperature', unit: 'celsius', toBase: (kelvin) => kelvin - 273.15 },
  4: { quantity: 'voltage', unit: 'volts', toBase: same },
  5: { quantity: 'current', unit: 'amperes', toBase: same },
  6: { quantity: 'power', unit: 'watts', toBase: same },
  7: { quantity: 'other', unit: 'joules', toBase: same },
  11: { quantity: 'other', unit: 'lux', toBase: same },
  17: { quantity: 'other', unit: 'cubic_feet_per_minute', toBase: same },
  18: { quantity: 'fan_rpm', unit: 'rpm', toBase: same },
  19: { quantity: 'other', unit: 'hertz', toBase: same },
};

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A sensor's value, states and thresholds in the common vocabulary. Filled in field by field: V8 would give every object
 * with something spread into it a hidden class of its own, which stays until the next full collection.
 */
export function reportSensor(sensor: Sensor, value: SensorValue, thresholds: Thresholds): SensorReport {
  const unit = sensor.analog && unitOf(sensor, sensor.analog);
  const health = healthOf(sensor, value);
  const report: Draft<SensorReport> = {
    name: sensor.name,
    number: sensor.lun === 0 ? String(sensor.number) : `${sensor.lun}.${sensor.number}`,
    kind: sensorTypeName(sensor.sensorType),
    thresholds: convertThresholds(thresholds, unit),
    states: statesOf(sensor, value),
  };
  if (health) report.health = health;
  if (!unit) return report;
  report.quantity = unit.quantity;
  report.unit = unit.unit;
  if (value.value !== undefined) report.value = unit.toBase(value.value);
  return report;
}

function convertThresholds(thresholds: Thresholds, unit: Unit | undefined): SensorReport['thresholds'] {
  const converted: Draft<SensorReport['thresholds']> = {};
  if (!unit) return converted;
  for (const name of thresholdNames) {
    const value = thresholds[name];
    if (value !== undefined) converted[labels[name]] = unit.toBase(value);
  }
  return converted;
}

function unitOf(sensor: Sensor, analog: Analog): Unit {
  if (analog.isPercent) {
    const quantity = sensor.sensorType === FAN ? 'fan_ratio' : 'other';
    return { quantity, unit: 'ratio', toBase: (percent) => percent / 100 };
  }
  const isPlain = analog.modifierUse === 0 && analog.rate === 0;
  const unit = isPlain ? units[analog.baseUnit] : undefined;
  return unit ?? { quantity: 'other', unit: `ipmi_unit_${analog.baseUnit}`, toBase: same };
}

function healthOf(sensor: Sensor, { isAvailable, states }: SensorValue): HealthState | undefined {
  if (!isAvailable) return 'absent';
  if (states === undefined) return undefined;
  return isThresholdSensor(sensor) ? thresholdHealth(states) : discreteHealth(sensor, states);
}

/** Bits: lower noncritical, critical, nonrecoverable, upper noncritical, critical, nonrecoverable. */
function thresholdHealth(states: number): HealthState {
  if ((states & 0b100100) !== 0) return 'nonrecoverable';
  if ((states & 0b010010) !== 0) return 'critical';
  return (states & 0b001001) !== 0 ? 'noncritical' : 'ok';
}

const order: readonly Severity[] = ['ok', 'noncritical', 'critical', 'nonrecoverable'];

/** The worst of what is asserted; nothing is said of OEM sensors. */
function discreteHealth(sensor: Sensor, states: number): HealthState | undefined {
  const known = eventStates(sensor.eventReadingType, sensor.sensorType);
  if (known.length === 0) return undefined;
  if (isAbsent(sensor, states)) return 'absent';
  let worst = 0;
  for (const [offset, { severity }] of known.entries())
    if ((states >> offset) & 1) worst = Math.max(worst, order.indexOf(severity ?? 'ok'));
  return order[worst];
}

function isAbsent({ eventReadingType, readableMask, sensorType }: Sensor, states: number): boolean {
  if (eventReadingType === PRESENCE) return (states & 0x01) !== 0;
  if (eventReadingType !== SENSOR_SPECIFIC) return false;
  if (sensorType === ENTITY_PRESENCE) return (states & 0x02) !== 0;
  const hasPresenceBit = sensorType === POWER_SUPPLY || sensorType === DRIVE;
  return hasPresenceBit && (readableMask & 0x01) !== 0 && states === 0;
}

/** The specification's states that the sensor can tell; a state that is asserted all the same is shown, too. */
function statesOf(sensor: Sensor, { isAvailable, states }: SensorValue): SensorReport['states'] {
  if (isThresholdSensor(sensor) || !isAvailable || states === undefined) return [];
  return eventStates(sensor.eventReadingType, sensor.sensorType).flatMap(({ name }, offset) => {
    const isAsserted = ((states >> offset) & 1) === 1;
    const isKnown = name !== '' && (isAsserted || (sensor.readableMask >> offset) & 1);
    return isKnown ? [{ name, isAsserted }] : [];
  });
}

/** Whether its report can be one that `reportPowerSupply` knows. */
export const isOfPowerSupply = ({ sensorType }: Sensor): boolean => sensorType === POWER_SUPPLY;

/** What a power supply's discrete sensor says; undefined for other sensors. */
export function reportPowerSupply({ kind, name, health, states }: SensorReport): PowerSupply | undefined {
  if (kind !== 'power_supply' || !states.some((state) => state.name === 'presence_detected')) {
    return kind === 'power_supply' && health === 'absent' ? { name: supplyName(name), isPresent: false } : undefined;
  }
  const is = (...names: string[]) => states.some((state) => state.isAsserted && names.includes(state.name));
  const isPresent = is('presence_detected');
  if (!isPresent) return { name: supplyName(name), isPresent };
  return {
    name: supplyName(name),
    isPresent,
    hasFailed: is('failure_detected'),
    isFailurePredicted: is('predictive_failure'),
    isInputLost: is('input_lost', 'input_lost_or_out_of_range'),
    isInputOutOfRange: is('input_out_of_range'),
    hasConfigurationError: is('configuration_error'),
  };
}

/** `PS1 Status` is the power supply PS1. */
const supplyName = (sensorName: string): string => sensorName.replace(/[ _-]?status$/i, '') || sensorName;

const componentHealths: Readonly<Record<HealthState, ComponentHealth>> = {
  ok: 'ok',
  noncritical: 'warning',
  critical: 'critical',
  nonrecoverable: 'critical',
  absent: 'absent',
};

/** Whether its report can be one that `reportComponent` knows. */
export const isOfComponent = ({ sensorType }: Sensor): boolean =>
  sensorType === DRIVE || sensorType === MEMORY || sensorType === PROCESSOR;

/** What a discrete sensor of a drive, of memory or of a processor says of it; undefined for other sensors. */
export function reportComponent({ health, kind, name, quantity }: SensorReport): Component | undefined {
  if (quantity || !health || (kind !== 'drive' && kind !== 'memory' && kind !== 'processor')) return undefined;
  return { kind, name, health: componentHealths[health] };
}
