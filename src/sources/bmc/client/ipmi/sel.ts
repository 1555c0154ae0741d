import { SourceError } from '../../../../core/errors.ts';
import { sensorTypeName } from './event-states.ts';
import { type IpmiRequest, netFns } from './message.ts';

export interface SelInfo {
  readonly entries: number;
  readonly freeBytes: number;
  /** Seconds; the BMC's clock may be wrong, so these only tell that something changed. */
  readonly lastAddition: number;
  readonly lastErasure: number;
  readonly hasOverflowed: boolean;
}

export interface SelEntry {
  readonly recordId: number;
  /** The sensor's type for events of sensors, `oem` for others. */
  readonly kind: string;
  /** Whether a state was left rather than entered. */
  readonly isDeassertion: boolean;
  readonly sensorNumber?: number;
  readonly eventReadingType?: number;
  readonly offset?: number;
}

export const SEL_END = 0xffff;

export const getSelInfo: IpmiRequest = { netFn: netFns.storage, command: 0x40 };

/** Get SEL Info, response (IPMI 2.0 §31.2). */
export function decodeSelInfo(data: Buffer): SelInfo {
  if (data.length < 14) throw new SourceError('protocol', 'Get SEL Info: the answer is too short');
  return {
    entries: data.readUInt16LE(1),
    freeBytes: data.readUInt16LE(3),
    lastAddition: data.readUInt32LE(5),
    lastErasure: data.readUInt32LE(9),
    hasOverflowed: ((data[13] as number) & 0x80) !== 0,
  };
}

export const getSelTime: IpmiRequest = { netFn: netFns.storage, command: 0x48 };

/** Up to here a time counts from the start of the BMC, and FFFFFFFFh is none (IPMI 2.0 §37). */
const LAST_RELATIVE_TIME = 0x20000000;
const NO_TIME = 0xffffffff;

/** Get SEL Time, response (§31.10): seconds since the epoch; undefined where the clock was never set. */
export function decodeSelTime(data: Buffer): number | undefined {
  if (data.length < 4) throw new SourceError('protocol', 'Get SEL Time: the answer is too short');
  const seconds = data.readUInt32LE(0);
  return seconds <= LAST_RELATIVE_TIME || seconds === NO_TIME ? undefined : seconds;
}

/** A whole entry, which needs no reservation (§31.5). Id 0 is the first one, FFFFh the last. */
export const getSelEntry = (recordId: number): IpmiRequest => ({
  netFn: netFns.storage,
  command: 0x43,
  data: [0, 0, recordId & 0xff, recordId >> 8, 0, 0xff],
});

/** Get SEL Entry, response: the next entry's id and the record (§32). */
export function decodeSelEntry(data: Buffer): { next: number; entry: SelEntry } {
  if (data.length < 18) throw new SourceError('protocol', 'Get SEL Entry: the answer is too short');
  return { next: data.readUInt16LE(0), entry: decodeRecord(data.subarray(2, 18)) };
}

function decodeRecord(record: Buffer): SelEntry {
  const recordId = record.readUInt16LE(0);
  if (record[2] !== 0x02) return { recordId, kind: 'oem', isDeassertion: false };
  const direction = record[12] as number;
  return {
    recordId,
    kind: sensorTypeName(record[10] as number),
    isDeassertion: (direction & 0x80) !== 0,
    sensorNumber: record[11] as number,
    eventReadingType: direction & 0x7f,
    offset: (record[13] as number) & 0x0f,
  };
}
