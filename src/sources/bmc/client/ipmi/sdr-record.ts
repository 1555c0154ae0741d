import { SourceError } from '../../../../core/errors.ts';
import {
  decodeEntityAssociation,
  decodeFruLocator,
  decodeMcLocator,
  type EntityAssociationRecord,
  type FruLocatorRecord,
  type McLocatorRecord,
} from './sdr-locator.ts';
import { decodeCompact, decodeEventOnly, decodeFull, type Sensor } from './sdr-sensor.ts';

interface SensorsRecord {
  readonly kind: 'sensors';
  readonly recordId: number;
  /** More than one when the record is shared (§43.2). */
  readonly sensors: readonly Sensor[];
  /** Event-only sensors (type 03h) have no reading. */
  readonly isReadable: boolean;
}

interface OtherRecord {
  readonly kind: 'other';
  readonly recordId: number;
  readonly recordType: number;
}

export type SdrRecord = SensorsRecord | EntityAssociationRecord | FruLocatorRecord | McLocatorRecord | OtherRecord;

export const SDR_HEADER_BYTES = 5;

/**
 * One sensor data record with its header (IPMI 2.0 §43). Offsets below are those of the specification minus one.
 * Throws `protocol` when it is shorter than its type needs.
 */
export function decodeSdrRecord(record: Buffer): SdrRecord {
  if (record.length < SDR_HEADER_BYTES) throw new SourceError('protocol', 'sensor data record without a whole header');
  const recordId = record.readUInt16LE(0);
  const recordType = record[3] as number;
  const decode = decoders[recordType];
  if (!decode) return { kind: 'other', recordId, recordType };
  if (record.length < decode.minBytes)
    throw new SourceError('protocol', `sensor data record of type ${recordType} has only ${record.length} bytes`);
  return decode.decode(record, recordId);
}

interface Decoder {
  readonly minBytes: number;
  decode(record: Buffer, recordId: number): SdrRecord;
}

const decoders: Readonly<Record<number, Decoder>> = {
  1: {
    minBytes: 48,
    decode: (r, recordId) => ({ kind: 'sensors', recordId, sensors: [decodeFull(r)], isReadable: true }),
  },
  2: {
    minBytes: 32,
    decode: (r, recordId) => ({ kind: 'sensors', recordId, sensors: decodeCompact(r), isReadable: true }),
  },
  3: {
    minBytes: 17,
    decode: (r, recordId) => ({ kind: 'sensors', recordId, sensors: decodeEventOnly(r), isReadable: false }),
  },
  8: { minBytes: 16, decode: decodeEntityAssociation },
  17: { minBytes: 16, decode: decodeFruLocator },
  18: { minBytes: 16, decode: decodeMcLocator },
};
