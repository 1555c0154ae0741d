import { SourceError } from '../../../../core/errors.ts';
import { decodeIdString } from './id-string.ts';
import { checksum, type IpmiRequest, netFns } from './message.ts';
import type { Ask } from './sdr-repository.ts';
import { CompletionError } from './status.ts';

/** Inventory fields; a field that is empty, or whose area is missing or damaged, is not there. */
export interface FruInventory {
  readonly board?: FruFields<'manufacturer' | 'product' | 'serial' | 'part'>;
  readonly product?: FruFields<'manufacturer' | 'product' | 'part' | 'version' | 'serial'>;
}

type FruFields<F extends string> = Readonly<Partial<Record<F, string>>>;

const HEADER_BYTES = 8;
const UNIT = 8;
const NO_MORE_FIELDS = 0xc1;
const boardFields = ['manufacturer', 'product', 'serial', 'part'] as const;
const productFields = ['manufacturer', 'product', 'part', 'version', 'serial'] as const;
/** Fields begin behind version, length, language and, for the board, the date of manufacture. */
const BOARD_FIELDS_AT = 6;
const PRODUCT_FIELDS_AT = 3;

/** Platform management FRU information storage definition 1.0, §8, §11, §12. Damaged areas are left out. */
export function decodeFru(bytes: Buffer): FruInventory {
  if (bytes.length < HEADER_BYTES || ((bytes[0] as number) & 0x0f) !== 1 || checksum(bytes, 0, HEADER_BYTES) !== 0)
    throw new SourceError('protocol', 'the FRU inventory has no valid header');
  const board = readArea(bytes, bytes[3] as number, BOARD_FIELDS_AT, boardFields);
  const product = readArea(bytes, bytes[4] as number, PRODUCT_FIELDS_AT, productFields);
  return { ...(board ? { board } : {}), ...(product ? { product } : {}) };
}

function readArea<F extends string>(
  bytes: Buffer,
  offset: number,
  fieldsAt: number,
  names: readonly F[],
): FruFields<F> | undefined {
  const start = offset * UNIT;
  const length = (bytes[start + 1] ?? 0) * UNIT;
  const area = bytes.subarray(start, start + length);
  if (start === 0 || area.length < length || length === 0 || checksum(area, 0, length) !== 0) return undefined;
  const fields: Partial<Record<F, string>> = {};
  let at = fieldsAt;
  for (const name of names) {
    const typeLength = area[at] ?? NO_MORE_FIELDS;
    if (typeLength === NO_MORE_FIELDS) break;
    const size = typeLength & 0x3f;
    const text = decodeIdString(typeLength >> 6, area.subarray(at + 1, at + 1 + size));
    if (text !== '') fields[name] = text;
    at += 1 + size;
  }
  return fields;
}

const CHUNK = 32;
const MAX_BYTES = 2048;

/** Reads and decodes a FRU device; undefined when the BMC has none of that id. */
export async function readFru(ask: Ask, fruDeviceId = 0): Promise<FruInventory | undefined> {
  try {
    const info = await ask(request(0x10, [fruDeviceId]));
    if (info.length < 3) throw new SourceError('protocol', 'Get FRU Inventory Area Info: the answer is too short');
    const unit = ((info[2] as number) & 0x01) !== 0 ? 2 : 1;
    return decodeFru(await readBytes(ask, fruDeviceId, Math.min(info.readUInt16LE(0), MAX_BYTES), unit));
  } catch (error) {
    if (error instanceof CompletionError && error.code !== 'forbidden') return undefined;
    throw error;
  }
}

/** Read FRU Data (IPMI 2.0 §34.2); offsets and counts are in bytes or in words. */
async function readBytes(ask: Ask, fruDeviceId: number, size: number, unit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let offset = 0; offset < size; ) {
    const at = offset / unit;
    const count = Math.ceil(Math.min(CHUNK, size - offset) / unit);
    const data = await ask(request(0x11, [fruDeviceId, at & 0xff, at >> 8, count]));
    const part = data.subarray(1, 1 + (data[0] ?? 0) * unit);
    if (part.length === 0) break;
    parts.push(part);
    offset += part.length;
  }
  return Buffer.concat(parts);
}

const request = (command: number, data: number[]): IpmiRequest => ({ netFn: netFns.storage, command, data });
