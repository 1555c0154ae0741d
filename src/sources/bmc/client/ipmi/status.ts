import { type ErrorCode, SourceError } from '../../../../core/errors.ts';

/** RMCP+ and RAKP message status codes (IPMI 2.0 §13.24, table 13-15). */
const statuses: Readonly<Record<number, readonly [code: ErrorCode, meaning: string]>> = {
  1: ['unavailable', 'no free session: another program leaves its sessions open, or too many read this BMC'],
  2: ['protocol', 'invalid session id'],
  3: ['protocol', 'invalid payload type'],
  4: ['unsupported', 'invalid authentication algorithm: the cipher suite is not offered'],
  5: ['unsupported', 'invalid integrity algorithm: the cipher suite is not offered'],
  6: ['unsupported', 'no matching authentication payload'],
  7: ['unsupported', 'no matching integrity payload'],
  8: ['protocol', 'inactive session id'],
  9: ['forbidden', 'invalid role: the user may not have this privilege level'],
  10: ['forbidden', 'unauthorized role or privilege level'],
  11: ['unavailable', 'no free session for this role'],
  12: ['auth', 'invalid name length'],
  13: ['auth', 'unauthorized name: the user is unknown or not enabled for the LAN channel'],
  14: ['auth', 'unauthorized GUID'],
  15: ['auth', 'invalid integrity check value: the password or the BMC key (Kg) is wrong'],
  16: ['unsupported', 'invalid confidentiality algorithm: the cipher suite is not offered'],
  17: ['unsupported', 'no cipher suite matches'],
  18: ['protocol', 'illegal or unrecognized parameter'],
};

const notOffered: ReadonlySet<number> = new Set([4, 5, 16, 17]);

/** Whether another cipher suite may fare better. */
export const isSuiteRefusal = (status: number): boolean => notOffered.has(status);

/** What a BMC's refusal during set-up means. */
export function describeStatus(step: string, status: number): SourceError {
  const [code, meaning] = statuses[status] ?? ['protocol', 'unknown status'];
  return new SourceError(code, `${step} refused with status ${hex(status)}: ${meaning}`);
}

/** Completion codes (§5.2, table 5-2) that a program acts on. */
export const completionCodes = {
  ok: 0x00,
  busy: 0xc0,
  invalidCommand: 0xc1,
  timeout: 0xc3,
  reservationLost: 0xc5,
  requestCut: 0xc6,
  requestLength: 0xc7,
  requestTooLong: 0xc8,
  outOfRange: 0xc9,
  cannotReturnBytes: 0xca,
  notPresent: 0xcb,
  invalidField: 0xcc,
  illegalForSensor: 0xcd,
  noResponse: 0xce,
  privilege: 0xd4,
  notInThisState: 0xd5,
  disabled: 0xd6,
  unspecified: 0xff,
} as const;

const completions: Readonly<Record<number, readonly [code: ErrorCode, meaning: string]>> = {
  192: ['unavailable', 'node busy'],
  193: ['unsupported', 'invalid command: this BMC does not have it'],
  194: ['unsupported', 'command not valid for this LUN'],
  195: ['unavailable', 'the BMC ran into a time-out'],
  197: ['unavailable', 'reservation lost'],
  203: ['not_found', 'sensor, data or record not present'],
  204: ['unsupported', 'invalid data field in the request'],
  205: ['unsupported', 'command illegal for this sensor or record'],
  206: ['unavailable', 'no response could be provided'],
  208: ['unavailable', 'the SDR repository is being updated'],
  209: ['unavailable', 'the firmware is being updated'],
  210: ['unavailable', 'the BMC is starting'],
  211: ['unavailable', 'destination not reached'],
  212: ['forbidden', 'insufficient privilege level'],
  213: ['unavailable', 'not possible in the present state'],
  214: ['unsupported', 'sub-function disabled'],
};

/** The BMC answered, and said no. */
export class CompletionError extends SourceError {
  readonly completionCode: number;

  constructor(command: string, completionCode: number) {
    const [code, meaning] = completions[completionCode] ?? ['protocol', 'not explained by the specification'];
    super(code, `${command}: completion code ${hex(completionCode)}: ${meaning}`);
    this.completionCode = completionCode;
  }
}

const hex = (byte: number): string => `${byte.toString(16).padStart(2, '0').toUpperCase()}h`;

/** `netFn 04h, command 2Dh`, for messages. */
export const nameCommand = (netFn: number, command: number): string => `netFn ${hex(netFn)}, command ${hex(command)}`;
