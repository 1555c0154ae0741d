import { authenticationHmac, type CipherSuite, rakp4Length } from './cipher-suite.ts';

/** What both sides know after Open Session, RAKP 1 and RAKP 2; every key exchange code is computed over parts of it. */
export interface RakpContext {
  readonly suite: CipherSuite;
  readonly consoleSessionId: number;
  readonly bmcSessionId: number;
  /** Rm, 16 bytes. */
  readonly consoleRandom: Buffer;
  /** Rc, 16 bytes. */
  readonly bmcRandom: Buffer;
  /** GUIDc, 16 bytes. */
  readonly bmcGuid: Buffer;
  /** The whole role byte of RAKP 1: privilege, and bit 4 for a look-up by name alone. */
  readonly role: number;
  readonly userName: Buffer;
}

export interface Rakp2 {
  readonly tag: number;
  readonly status: number;
  readonly consoleSessionId: number;
  readonly bmcRandom: Buffer;
  readonly bmcGuid: Buffer;
  readonly keyExchangeCode: Buffer;
}

export interface Rakp4 {
  readonly tag: number;
  readonly status: number;
  readonly consoleSessionId: number;
  readonly integrityCheckValue: Buffer;
}

const none = Buffer.alloc(0);

/** RAKP 1 (IPMI 2.0 §13.20); the user name is not padded. */
export function encodeRakp1(tag: number, context: Omit<RakpContext, 'bmcRandom' | 'bmcGuid'>): Buffer {
  const bytes = Buffer.alloc(28);
  bytes[0] = tag;
  bytes.writeUInt32LE(context.bmcSessionId, 4);
  context.consoleRandom.copy(bytes, 8);
  bytes[24] = context.role;
  bytes[27] = context.userName.length;
  return Buffer.concat([bytes, context.userName]);
}

/** RAKP 2 (§13.21); a refusal may end after the status. */
export function decodeRakp2(bytes: Buffer): Rakp2 | undefined {
  if (bytes.length < 2) return undefined;
  const [tag, status] = [bytes[0] as number, bytes[1] as number];
  if (status !== 0) return { tag, status, consoleSessionId: 0, bmcRandom: none, bmcGuid: none, keyExchangeCode: none };
  if (bytes.length < 40) return undefined;
  return {
    tag,
    status,
    consoleSessionId: bytes.readUInt32LE(4),
    bmcRandom: Buffer.from(bytes.subarray(8, 24)),
    bmcGuid: Buffer.from(bytes.subarray(24, 40)),
    keyExchangeCode: bytes.subarray(40),
  };
}

/** RAKP 3 (§13.22). */
export function encodeRakp3(tag: number, bmcSessionId: number, keyExchangeCode: Buffer): Buffer {
  const bytes = Buffer.alloc(8);
  bytes[0] = tag;
  bytes.writeUInt32LE(bmcSessionId, 4);
  return Buffer.concat([bytes, keyExchangeCode]);
}

/** RAKP 4 (§13.23). */
export function decodeRakp4(bytes: Buffer): Rakp4 | undefined {
  if (bytes.length < 2) return undefined;
  const [tag, status] = [bytes[0] as number, bytes[1] as number];
  if (status !== 0) return { tag, status, consoleSessionId: 0, integrityCheckValue: none };
  if (bytes.length < 8) return undefined;
  return { tag, status, consoleSessionId: bytes.readUInt32LE(4), integrityCheckValue: bytes.subarray(8) };
}

/** Kuid: the password, padded with zeros to 20 bytes (§13.31). */
export function userKey(password: Uint8Array): Buffer {
  const key = Buffer.alloc(20);
  key.set(password.subarray(0, 20));
  return key;
}

/** Proves that the BMC knows the password: HMAC(Kuid, SIDm SIDc Rm Rc GUIDc Role ULen UName). */
export const rakp2Code = (context: RakpContext, kuid: Buffer): Buffer =>
  authenticationHmac(
    context.suite,
    kuid,
    sessionId(context.consoleSessionId),
    sessionId(context.bmcSessionId),
    context.consoleRandom,
    context.bmcRandom,
    context.bmcGuid,
    roleAndName(context),
  );

/** Proves that we know it: HMAC(Kuid, Rc SIDm Role ULen UName). */
export const rakp3Code = (context: RakpContext, kuid: Buffer): Buffer =>
  authenticationHmac(context.suite, kuid, context.bmcRandom, sessionId(context.consoleSessionId), roleAndName(context));

/** The session's integrity key, SIK: HMAC(Kg, Rm Rc Role ULen UName); without a BMC key, Kg is Kuid. */
export const sessionIntegrityKey = (context: RakpContext, kg: Buffer): Buffer =>
  authenticationHmac(context.suite, kg, context.consoleRandom, context.bmcRandom, roleAndName(context));

/** What RAKP 4 must carry: HMAC(SIK, Rm SIDc GUIDc), cut to the algorithm's length. */
export const rakp4Code = (context: RakpContext, sik: Buffer): Buffer =>
  authenticationHmac(
    context.suite,
    sik,
    context.consoleRandom,
    sessionId(context.bmcSessionId),
    context.bmcGuid,
  ).subarray(0, rakp4Length(context.suite));

/** K1 authenticates packets, the first 16 bytes of K2 encrypt them (§13.32): HMAC over 20 bytes 01h, and over 02h. */
export function packetKeys(suite: CipherSuite, sik: Buffer): { k1: Buffer; aes: Buffer } {
  const k1 = authenticationHmac(suite, sik, Buffer.alloc(20, 0x01));
  const k2 = authenticationHmac(suite, sik, Buffer.alloc(20, 0x02));
  return { k1, aes: k2.subarray(0, 16) };
}

function sessionId(id: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(id);
  return bytes;
}

const roleAndName = ({ role, userName }: RakpContext): Buffer =>
  Buffer.concat([Buffer.from([role, userName.length]), userName]);
