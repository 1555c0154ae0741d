import { createCipheriv, createDecipheriv, randomBytes, timingSafeEqual } from 'node:crypto';
import { authCode, authCodeLength, type CipherSuite } from './cipher-suite.ts';
import { rmcp } from './rmcp.ts';
import { encodeHeader, payloadTypes, type RmcpPlusPacket } from './rmcp-plus.ts';

/** The keys of one session and the algorithms they belong to. */
export interface PacketKeys {
  readonly suite: CipherSuite;
  readonly k1: Buffer;
  readonly aes: Buffer;
}

const ENCRYPTED_AND_AUTHENTICATED = 0xc0;
const NEXT_HEADER = 0x07;
const AES_BLOCK = 16;

/**
 * Encrypts and authenticates one message for the BMC.
 * @param sessionId the BMC's id of the session
 * @param iv 16 bytes that were never used before
 */
export function seal(
  keys: PacketKeys,
  sessionId: number,
  sequence: number,
  message: Uint8Array,
  iv: Buffer = randomBytes(AES_BLOCK),
): Buffer {
  const payload = encrypt(keys.aes, iv, message);
  const type = payloadTypes.ipmi | ENCRYPTED_AND_AUTHENTICATED;
  const header = encodeHeader(type, sessionId, sequence, payload.length);
  // The trailer's padding makes the authenticated part a multiple of four (IPMI 2.0 §13.28.4).
  const padLength = -(header.length + payload.length + 2) & 3;
  const pad = Buffer.alloc(padLength + 2, 0xff);
  pad[padLength] = padLength;
  pad[padLength + 1] = NEXT_HEADER;
  const authenticated = Buffer.concat([header, payload, pad]);
  return rmcp(authenticated, authCode(keys.suite, keys.k1, authenticated));
}

/** Whether the packet's trailer was made with the session's key. */
export function isAuthentic({ suite, k1 }: PacketKeys, { authenticated, head, trailer }: RmcpPlusPacket): boolean {
  const codeLength = authCodeLength(suite);
  const padAndHeader = trailer.length - codeLength;
  if (!authenticated || padAndHeader < 2) return false;
  const signed = Buffer.concat([head, trailer.subarray(0, padAndHeader)]);
  return timingSafeEqual(authCode(suite, k1, signed), trailer.subarray(padAndHeader));
}

/** The message inside an authentic packet; undefined when its padding is not as AES-CBC-128 of §13.29 has it. */
export function open({ aes }: PacketKeys, { encrypted, payload }: RmcpPlusPacket): Buffer | undefined {
  if (!encrypted) return undefined;
  if (payload.length < 2 * AES_BLOCK || payload.length % AES_BLOCK !== 0) return undefined;
  const decipher = createDecipheriv('aes-128-cbc', aes, payload.subarray(0, AES_BLOCK)).setAutoPadding(false);
  const plain = decipher.update(payload.subarray(AES_BLOCK));
  const padLength = plain[plain.length - 1] as number;
  if (padLength >= AES_BLOCK) return undefined;
  return plain.subarray(0, plain.length - 1 - padLength);
}

/** Pads with 01 02 03 … and the count (not PKCS #7), and puts the IV in front (§13.29). */
function encrypt(key: Buffer, iv: Buffer, message: Uint8Array): Buffer {
  const padLength = -(message.length + 1) & (AES_BLOCK - 1);
  const plain = Buffer.alloc(message.length + padLength + 1);
  plain.set(message);
  for (let i = 0; i < padLength; i++) plain[message.length + i] = i + 1;
  plain[plain.length - 1] = padLength;
  const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([iv, cipher.update(plain)]);
}
