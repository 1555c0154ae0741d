import { type AnalogFormat, decodeFactors, type ReadingFactors } from './conversion.ts';
import { decodeTypedString } from './id-string.ts';

/** In the order of Get Sensor Thresholds and of the mask of readable thresholds: lower, then upper. */
export const thresholdNames = ['lnc', 'lc', 'lnr', 'unc', 'uc', 'unr'] as const;
export type ThresholdName = (typeof thresholdNames)[number];

export interface Analog {
  readonly format: AnalogFormat;
  readonly factors: ReadingFactors;
  readonly linearization: number;
  readonly baseUnit: number;
  readonly modifierUnit: number;
  /** 0: none, 1: base / modifier, 2: base · modifier. */
  readonly modifierUse: number;
  /** 0: none, else per microsecond, millisecond, second, minute, hour, day. */
  readonly rate: number;
  readonly isPercent: boolean;
}

export interface Sensor {
  readonly name: string;
  readonly number: number;
  readonly lun: number;
  /** 20h is the BMC itself; odd: system software. */
  readonly ownerId: number;
  readonly channel: number;
  readonly entityId: number;
  readonly entityInstance: number;
  readonly sensorType: number;
  /** 01h threshold, 02h to 0Ch generic, 6Fh by sensor type, 70h to 7Fh OEM. */
  readonly eventReadingType: number;
  /** Discrete: which states can be read. Threshold: which of `thresholdNames` can be read, bit by bit. */
  readonly readableMask: number;
  readonly analog?: Analog;
  /** The record's own thresholds, raw; the sensor may have been given others since. */
  readonly rawThresholds?: Readonly<Record<ThresholdName, number>>;
}

const at = (record: Buffer, offset: number): number => record[offset] as number;

/** Fields that full, compact and (up to the instance) event-only records share. */
function decodeKey(record: Buffer) {
  return {
    ownerId: at(record, 5),
    lun: at(record, 6) & 0x03,
    channel: at(record, 6) >> 4,
    number: at(record, 7),
    entityId: at(record, 8),
    entityInstance: at(record, 9),
  };
}

export function decodeFull(record: Buffer): Sensor {
  const analog = decodeAnalog(record);
  const [unr, uc, unc, lnr, lc, lnc] = record.subarray(36, 42) as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    ...decodeKey(record),
    name: decodeTypedString(record, 47),
    sensorType: at(record, 12),
    eventReadingType: at(record, 13),
    readableMask: record.readUInt16LE(18),
    ...(analog ? { analog, rawThresholds: { lnc, lc, lnr, unc, uc, unr } } : {}),
  };
}

function decodeAnalog(record: Buffer): Analog | undefined {
  const units = at(record, 20);
  const format = units >> 6;
  if (format === 3) return undefined;
  return {
    format: format as AnalogFormat,
    factors: decodeFactors(record.subarray(24, 30)),
    linearization: at(record, 23) & 0x7f,
    baseUnit: at(record, 21),
    modifierUnit: at(record, 22),
    modifierUse: (units >> 1) & 0x03,
    rate: (units >> 3) & 0x07,
    isPercent: (units & 0x01) !== 0,
  };
}

export function decodeCompact(record: Buffer): Sensor[] {
  const sensor = {
    ...decodeKey(record),
    name: decodeTypedString(record, 31),
    sensorType: at(record, 12),
    eventReadingType: at(record, 13),
    readableMask: record.readUInt16LE(18),
  };
  return share(sensor, at(record, 23), at(record, 24));
}

export function decodeEventOnly(record: Buffer): Sensor[] {
  const sensor = {
    ...decodeKey(record),
    name: decodeTypedString(record, 16),
    sensorType: at(record, 10),
    eventReadingType: at(record, 11),
    readableMask: 0,
  };
  return share(sensor, at(record, 12), at(record, 13));
}

/** Record sharing (§43.2): consecutive sensor numbers, with a number or a letter behind the name. */
function share(sensor: Sensor, sharing: number, modifier: number): Sensor[] {
  const count = sharing & 0x0f;
  if (count <= 1) return [sensor];
  const isAlpha = ((sharing >> 4) & 0x03) === 1;
  const offset = modifier & 0x7f;
  return Array.from({ length: count }, (_, i) => ({
    ...sensor,
    number: (sensor.number + i) & 0xff,
    entityInstance: sensor.entityInstance + ((modifier & 0x80) !== 0 ? i : 0),
    name: `${sensor.name}${isAlpha ? letters(offset + i) : offset + i}`,
  }));
}

/** 0 is A, 25 is Z, 26 is AA. */
const letters = (index: number): string =>
  (index >= 26 ? letters(Math.floor(index / 26) - 1) : '') + String.fromCharCode(0x41 + (index % 26));
