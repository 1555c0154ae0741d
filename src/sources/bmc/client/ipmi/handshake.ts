import { randomBytes, timingSafeEqual } from 'node:crypto';
import { SourceError } from '../../../../core/errors.ts';
import type { CipherSuite } from './cipher-suite.ts';
import { decodeOpenSessionResponse, encodeOpenSessionRequest } from './open-session.ts';
import type { PacketKeys } from './packet-cipher.ts';
import {
  decodeRakp2,
  decodeRakp4,
  encodeRakp1,
  encodeRakp3,
  packetKeys,
  type RakpContext,
  rakp2Code,
  rakp3Code,
  rakp4Code,
  sessionIntegrityKey,
  userKey,
} from './rakp.ts';
import { decodeRmcpPlus, encodeSetup, payloadTypes } from './rmcp-plus.ts';
import { describeStatus, isSuiteRefusal } from './status.ts';
import type { Judge, RetryPolicy, Wire } from './wire.ts';

/** Privilege levels (IPMI 2.0 §6.8). USER reads everything that a monitor needs, on boards that follow the specification. */
export const privilegeLevels = { user: 2, operator: 3, administrator: 4 } as const;
export type Privilege = keyof typeof privilegeLevels;

/** Bit 4 of the role byte: the user is looked up by name alone (§13.20). */
const NAME_ONLY = 0x10;

export interface Credentials {
  readonly user: string;
  /** Called once per session; the value is kept nowhere. */
  readonly password: () => string;
  /** The BMC key Kg, where one is set. */
  readonly bmcKey?: (() => string) | undefined;
  readonly privilege: Privilege;
  /** Off for BMCs that look for name and privilege together. Default: on. */
  readonly nameOnlyLookup?: boolean | undefined;
}

export interface EstablishedSession {
  readonly keys: PacketKeys;
  readonly bmcSessionId: number;
  readonly consoleSessionId: number;
}

interface Step {
  readonly wire: Wire;
  readonly retry: RetryPolicy;
  readonly signal: AbortSignal;
}

/** Opens a session with one cipher suite; undefined when the BMC does not offer that suite. */
export async function establish(
  step: Step,
  credentials: Credentials,
  suite: CipherSuite,
  random: (size: number) => Buffer = randomBytes,
): Promise<EstablishedSession | undefined> {
  const kuid = userKey(encodeSecret(credentials.password(), 'password'));
  const kg = credentials.bmcKey ? userKey(encodeSecret(credentials.bmcKey(), 'BMC key')) : kuid;
  const privilege = privilegeLevels[credentials.privilege];
  // Any id but 0; the top bits keep ids of consecutive sessions apart from small numbers that BMCs choose.
  const consoleSessionId = (random(4).readUInt32LE() | 0x8000_0000) >>> 0;
  const bmcSessionId = await openSession(step, { privilege, consoleSessionId, suite });
  if (bmcSessionId === undefined) return undefined;
  const role = privilege | (credentials.nameOnlyLookup === false ? 0 : NAME_ONLY);
  const userName = Buffer.from(credentials.user, 'latin1');
  if (userName.length > 16) throw new SourceError('auth', 'a user name has 16 bytes at most');
  const known = { suite, consoleSessionId, bmcSessionId, consoleRandom: random(16), role, userName };
  const context = await authenticateBmc(step, known, kuid);
  const sik = sessionIntegrityKey(context, kg);
  await authenticateUser(step, context, kuid, sik);
  return { keys: { suite, ...packetKeys(suite, sik) }, bmcSessionId, consoleSessionId };
}

async function openSession(
  { wire, retry, signal }: Step,
  request: { privilege: number; consoleSessionId: number; suite: CipherSuite },
): Promise<number | undefined> {
  const datagram = encodeSetup(payloadTypes.openSessionRequest, encodeOpenSessionRequest({ tag: 1, ...request }));
  const judge = judgeSetup(payloadTypes.openSessionResponse, decodeOpenSessionResponse, 1, request.consoleSessionId);
  const answer = await wire.exchange('Open Session', datagram, judge, retry, signal);
  if (isSuiteRefusal(answer.status)) return undefined;
  if (answer.status !== 0) throw describeStatus('Open Session', answer.status);
  return answer.bmcSessionId;
}

async function authenticateBmc(
  { wire, retry, signal }: Step,
  known: Omit<RakpContext, 'bmcRandom' | 'bmcGuid'>,
  kuid: Buffer,
): Promise<RakpContext> {
  const datagram = encodeSetup(payloadTypes.rakp1, encodeRakp1(2, known));
  const judge = judgeSetup(payloadTypes.rakp2, decodeRakp2, 2, known.consoleSessionId);
  const { status, bmcRandom, bmcGuid, keyExchangeCode } = await wire.exchange('RAKP 1', datagram, judge, retry, signal);
  if (status !== 0) throw describeStatus('RAKP 1', status);
  const context = { ...known, bmcRandom, bmcGuid };
  if (!isSame(keyExchangeCode, rakp2Code(context, kuid))) throw describeMismatch(context, kuid, keyExchangeCode);
  return context;
}

/**
 * Some boards (Supermicro X8DTH, Dell C5220, Sun) compute their codes over the level of Open Session and not over the
 * role of RAKP 1. The two are the same where the look-up by name alone is not asked for.
 */
function describeMismatch(context: RakpContext, kuid: Buffer, code: Buffer): SourceError {
  const level = { ...context, role: context.role & ~NAME_ONLY };
  if (isSame(code, rakp2Code(level, kuid)))
    return new SourceError(
      'unsupported',
      'the code in RAKP 2 leaves out the look-up by name alone: it must be switched off for this BMC (name_only_lookup: false)',
    );
  return new SourceError(
    'auth',
    'the code in RAKP 2 does not match: the password is wrong, this is not the BMC, or Supermicro\'s "SMC RAKP" is on',
  );
}

async function authenticateUser(
  { wire, retry, signal }: Step,
  context: RakpContext,
  kuid: Buffer,
  sik: Buffer,
): Promise<void> {
  const payload = encodeRakp3(3, context.bmcSessionId, rakp3Code(context, kuid));
  const judge = judgeSetup(payloadTypes.rakp4, decodeRakp4, 3, context.consoleSessionId);
  const datagram = encodeSetup(payloadTypes.rakp3, payload);
  const { status, integrityCheckValue } = await wire.exchange('RAKP 3', datagram, judge, retry, signal);
  if (status !== 0) throw describeStatus('RAKP 3', status);
  if (!isSame(integrityCheckValue, rakp4Code(context, sik)))
    throw new SourceError(
      'auth',
      'the code in RAKP 4 does not match: the BMC key (Kg) is wrong, or this is not the BMC',
    );
}

/** Accepts the answer of the right type, with our tag and, unless it is a refusal, our session id. */
function judgeSetup<T extends { tag: number; status: number; consoleSessionId: number }>(
  payloadType: number,
  decode: (payload: Buffer) => T | undefined,
  tag: number,
  consoleSessionId: number,
): Judge<T> {
  return (datagram) => {
    const packet = decodeRmcpPlus(datagram);
    if (!packet) return 'malformed';
    if (packet.payloadType !== payloadType) return 'late';
    const result = decode(packet.payload);
    if (!result) return 'malformed';
    if (result.tag !== tag) return 'late';
    if (result.status === 0 && result.consoleSessionId !== consoleSessionId) return 'foreign';
    return { result };
  };
}

const isSame = (got: Buffer, wanted: Buffer): boolean => got.length === wanted.length && timingSafeEqual(got, wanted);

function encodeSecret(secret: string, what: string): Buffer {
  const bytes = Buffer.from(secret, 'utf8');
  if (bytes.length > 20) throw new SourceError('auth', `the ${what} is longer than the 20 bytes that IPMI 2.0 allows`);
  return bytes;
}
