/** RMCP header for class IPMI without acknowledgement (ASF 2.0 §3.2.2; IPMI 2.0 §13.1.3). */
const RMCP_IPMI = Buffer.from([0x06, 0x00, 0xff, 0x07]);
const AUTH_TYPE_NONE = 0x00;
const SESSIONLESS_BYTES = 14;

export const AUTH_TYPE_RMCP_PLUS = 0x06;

export const rmcp = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat([RMCP_IPMI, ...parts]);

/** Whether a datagram is RMCP with an IPMI message; the acknowledge bit and the sequence are not looked at. */
export function isIpmi(datagram: Buffer): boolean {
  return datagram.length > 4 && datagram[0] === 0x06 && datagram[3] === 0x07;
}

/** Wraps a message that needs no session, as IPMI 1.5 does: no authentication, session 0 (§13.6). */
export function encodeSessionless(message: Uint8Array): Buffer {
  const header = Buffer.alloc(10);
  header[0] = AUTH_TYPE_NONE;
  header[9] = message.length;
  return rmcp(header, message);
}

/** The message of a session-less datagram; undefined if it is anything else. */
export function decodeSessionless(datagram: Buffer): Buffer | undefined {
  if (!isIpmi(datagram) || datagram[4] !== AUTH_TYPE_NONE || datagram.length < SESSIONLESS_BYTES) return undefined;
  const length = datagram[13] as number;
  if (datagram.length < SESSIONLESS_BYTES + length) return undefined;
  return datagram.subarray(SESSIONLESS_BYTES, SESSIONLESS_BYTES + length);
}
