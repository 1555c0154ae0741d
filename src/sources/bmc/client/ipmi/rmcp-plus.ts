import { AUTH_TYPE_RMCP_PLUS, isIpmi, rmcp } from './rmcp.ts';

/** Payload types (IPMI 2.0 §13.27.3). */
export const payloadTypes = {
  ipmi: 0x00,
  openSessionRequest: 0x10,
  openSessionResponse: 0x11,
  rakp1: 0x12,
  rakp2: 0x13,
  rakp3: 0x14,
  rakp4: 0x15,
} as const;

const HEADER_BYTES = 12;
const PAYLOAD_OFFSET = 4 + HEADER_BYTES;

export interface RmcpPlusPacket {
  readonly payloadType: number;
  readonly encrypted: boolean;
  readonly authenticated: boolean;
  readonly sessionId: number;
  readonly sessionSequence: number;
  readonly payload: Buffer;
  /** From the authentication type to the end of the payload: what the trailer's code is computed over begins here. */
  readonly head: Buffer;
  /** Padding, its length, the next header and the AuthCode; empty outside a session. */
  readonly trailer: Buffer;
}

/** Session header (§13.6): authentication type, payload type with its flags, session id, sequence, payload length. */
export function encodeHeader(typeAndFlags: number, sessionId: number, sequence: number, length: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = AUTH_TYPE_RMCP_PLUS;
  header[1] = typeAndFlags;
  header.writeUInt32LE(sessionId, 2);
  header.writeUInt32LE(sequence, 6);
  header.writeUInt16LE(length, 10);
  return header;
}

/** A message of the session's set-up: session 0, sequence 0, neither encrypted nor authenticated. */
export const encodeSetup = (payloadType: number, payload: Uint8Array): Buffer =>
  rmcp(encodeHeader(payloadType, 0, 0, payload.length), payload);

/** Takes a datagram apart without believing anything it says; undefined if it is not RMCP+. */
export function decodeRmcpPlus(datagram: Buffer): RmcpPlusPacket | undefined {
  if (!isIpmi(datagram) || datagram.length < PAYLOAD_OFFSET || datagram[4] !== AUTH_TYPE_RMCP_PLUS) return undefined;
  const end = PAYLOAD_OFFSET + datagram.readUInt16LE(14);
  if (end > datagram.length) return undefined;
  const typeAndFlags = datagram[5] as number;
  return {
    payloadType: typeAndFlags & 0x3f,
    encrypted: (typeAndFlags & 0x80) !== 0,
    authenticated: (typeAndFlags & 0x40) !== 0,
    sessionId: datagram.readUInt32LE(6),
    sessionSequence: datagram.readUInt32LE(10),
    payload: datagram.subarray(PAYLOAD_OFFSET, end),
    head: datagram.subarray(4, end),
    trailer: datagram.subarray(end),
  };
}
