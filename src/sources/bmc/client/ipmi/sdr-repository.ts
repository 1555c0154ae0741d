import { SourceError } from '../../../../core/errors.ts';
import { type IpmiRequest, netFns } from './message.ts';
import { SDR_HEADER_BYTES } from './sdr-record.ts';
import { CompletionError, completionCodes } from './status.ts';

/** Sends one request to the BMC and gives the data of its response. */
export type Ask = (request: IpmiRequest) => Promise<Buffer>;

/** Sensor records are kept in the SDR repository, or by BMCs without one, behind the sensor device itself. */
export type SdrStore = 'repository' | 'device';

const commands = {
  repository: { netFn: netFns.storage, info: 0x20, reserve: 0x22, get: 0x23 },
  device: { netFn: netFns.sensor, info: 0x20, reserve: 0x22, get: 0x21 },
} as const;

const END = 0xffff;
const WHOLE_RECORD = 0xff;
/** Sizes of partial reads, tried in turn: some BMCs cannot send a record in one piece. */
const readSizes = [WHOLE_RECORD, 64, 32, 16, 8];
const tooLong: ReadonlySet<number> = new Set([
  completionCodes.cannotReturnBytes,
  completionCodes.requestLength,
  completionCodes.requestTooLong,
  completionCodes.outOfRange,
  completionCodes.unspecified,
]);
/** More records than any BMC has: ids are 16 bits, and real repositories hold a few hundred. */
const MAX_RECORDS = 4096;
const MAX_RESERVATIONS = 10;

/** Changes whenever the repository does: count and the times of the last addition and erasure (IPMI 2.0 §33.9). */
export async function readSdrVersion(ask: Ask, store: SdrStore): Promise<string> {
  const { info, netFn } = commands[store];
  const data = await ask({ netFn, command: info });
  // Free space and flags are left out: reservations change them.
  const stable = store === 'repository' ? [data.subarray(0, 3), data.subarray(5, 13)] : [data];
  return Buffer.concat(stable).toString('hex');
}

/** Reads all records of a BMC, and remembers how much it can send at a time. */
export class SdrReader {
  readonly #store: SdrStore;
  #reservation = 0;
  #reservations = 0;
  #size = 0;

  constructor(store: SdrStore) {
    this.#store = store;
  }

  /** The records in the BMC's order, as they come. */
  async readAll(ask: Ask): Promise<Buffer[]> {
    const records: Buffer[] = [];
    const seen = new Set<number>();
    this.#reservations = 0;
    await this.#reserve(ask);
    for (let id = 0; id !== END && !seen.has(id); ) {
      seen.add(id);
      if (seen.size > MAX_RECORDS) throw new SourceError('too_large', `more than ${MAX_RECORDS} sensor data records`);
      const { next, record } = await this.#readRecord(ask, id);
      records.push(record);
      id = next;
    }
    return records;
  }

  async #readRecord(ask: Ask, id: number): Promise<{ next: number; record: Buffer }> {
    for (;;) {
      try {
        return await this.#readParts(ask, id);
      } catch (error) {
        if (!(error instanceof CompletionError)) throw error;
        if (error.completionCode === completionCodes.reservationLost) await this.#reserve(ask);
        else if (tooLong.has(error.completionCode) && this.#size < readSizes.length - 1) this.#size++;
        else throw error;
      }
    }
  }

  async #readParts(ask: Ask, id: number): Promise<{ next: number; record: Buffer }> {
    const size = readSizes[this.#size] as number;
    if (size === WHOLE_RECORD) {
      const data = await this.#get(ask, id, 0, WHOLE_RECORD);
      return { next: data.readUInt16LE(0), record: data.subarray(2) };
    }
    const head = await this.#get(ask, id, 0, SDR_HEADER_BYTES);
    const total = SDR_HEADER_BYTES + (head[2 + SDR_HEADER_BYTES - 1] as number);
    const parts = [head.subarray(2)];
    for (let offset = SDR_HEADER_BYTES; offset < total; offset += size) {
      const part = await this.#get(ask, id, offset, Math.min(size, total - offset));
      parts.push(part.subarray(2));
    }
    return { next: head.readUInt16LE(0), record: Buffer.concat(parts) };
  }

  async #get(ask: Ask, id: number, offset: number, count: number): Promise<Buffer> {
    const { get, netFn } = commands[this.#store];
    const reservation = this.#reservation;
    const data = await ask({
      netFn,
      command: get,
      data: [reservation & 0xff, reservation >> 8, id & 0xff, id >> 8, offset, count],
    });
    const isCut = count === WHOLE_RECORD ? data.length < 2 + SDR_HEADER_BYTES : data.length < 2 + count;
    if (isCut) throw new SourceError('protocol', 'a sensor data record was cut short');
    return data;
  }

  /** Another program that reads the repository takes the reservation away (§33.10); that may go back and forth. */
  async #reserve(ask: Ask): Promise<void> {
    if (++this.#reservations > MAX_RESERVATIONS)
      throw new SourceError('unavailable', 'the reservation of the SDR repository is lost again and again');
    const { netFn, reserve } = commands[this.#store];
    try {
      const data = await ask({ netFn, command: reserve });
      this.#reservation = data.length >= 2 ? data.readUInt16LE(0) : 0;
    } catch (error) {
      // Reserving is optional for a sensor device (§35.4).
      if (!(error instanceof CompletionError) || error.code !== 'unsupported') throw error;
      this.#reservation = 0;
    }
  }
}
