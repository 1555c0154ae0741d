import { createHash } from 'node:crypto';

/** A version 4 UUID (RFC 9562) that is always the same for the same thing. */
export function uuidOf(...parts: readonly (string | number)[]): string {
  const bytes = createHash('sha256').update(parts.join('\0')).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}

/** The system-id that Open vSwitch made on the member at its first start. */
export const systemIdOf = (member: string): string => uuidOf('system-id', member);
export const chassisOf = (member: string): string => uuidOf('Chassis', member);
