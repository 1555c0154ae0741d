import type { CipherSuite } from './cipher-suite.ts';

export interface OpenSessionRequest {
  readonly tag: number;
  /** 0 asks for the highest the user may have. */
  readonly privilege: number;
  readonly consoleSessionId: number;
  readonly suite: CipherSuite;
}

export interface OpenSessionResponse {
  readonly tag: number;
  /** 0, or why the BMC refuses; see `describeStatus`. The ids are 0 then. */
  readonly status: number;
  readonly consoleSessionId: number;
  readonly bmcSessionId: number;
}

/** RMCP+ Open Session Request (IPMI 2.0 §13.17): 32 bytes, with one algorithm of each kind. */
export function encodeOpenSessionRequest({ tag, privilege, consoleSessionId, suite }: OpenSessionRequest): Buffer {
  const bytes = Buffer.alloc(32);
  bytes[0] = tag;
  bytes[1] = privilege;
  bytes.writeUInt32LE(consoleSessionId, 4);
  const algorithms = [suite.authentication, suite.integrity, suite.confidentiality];
  for (const [type, algorithm] of algorithms.entries()) bytes.set([type, 0, 0, 8, algorithm], 8 + type * 8);
  return bytes;
}

/** RMCP+ Open Session Response (§13.18); a refusal may end after the status. */
export function decodeOpenSessionResponse(bytes: Buffer): OpenSessionResponse | undefined {
  if (bytes.length < 2) return undefined;
  const [tag, status] = [bytes[0] as number, bytes[1] as number];
  if (status !== 0) return { tag, status, consoleSessionId: 0, bmcSessionId: 0 };
  if (bytes.length < 36) return undefined;
  return { tag, status, consoleSessionId: bytes.readUInt32LE(4), bmcSessionId: bytes.readUInt32LE(8) };
}
