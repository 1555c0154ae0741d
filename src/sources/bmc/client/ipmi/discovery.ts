import { type CipherSuite, decodeCipherSuites } from './cipher-suite.ts';
import { decodeResponse, encodeRequest, type IpmiRequest, netFns } from './message.ts';
import { decodeSessionless, encodeSessionless } from './rmcp.ts';
import type { Judge, RetryPolicy, Wire } from './wire.ts';

const PRESENT_CHANNEL = 0x0e;
const GET_AUTH_CAPABILITIES = 0x38;
const GET_CIPHER_SUITES = 0x54;
const RECORD_BYTES = 16;
/** One list has at most 64 parts of 16 bytes (IPMI 2.0 §22.15). */
const MAX_PARTS = 64;

/**
 * The suites that the BMC offers and we speak, strongest first, from Get Channel Cipher Suites (§22.15), which needs no
 * session. Empty when the BMC does not answer it, or with something that is no list (ipmi_sim does that).
 */
export async function offeredSuites(wire: Wire, retry: RetryPolicy, signal: AbortSignal): Promise<CipherSuite[]> {
  const parts: Buffer[] = [];
  for (let index = 0; index < MAX_PARTS; index++) {
    const request = { netFn: netFns.app, command: GET_CIPHER_SUITES, data: [PRESENT_CHANNEL, 0x00, 0x80 | index] };
    const data = await ask(wire, request, index, retry, signal);
    if (!data) break;
    parts.push(data.subarray(1, 1 + RECORD_BYTES));
    if (data.length < 1 + RECORD_BYTES) break;
  }
  return decodeCipherSuites(Buffer.concat(parts));
}

/** Whether something answers that speaks IPMI, and whether it is 2.0 (§22.13); undefined when nothing answers. */
export async function speaksIpmi2(wire: Wire, retry: RetryPolicy, signal: AbortSignal): Promise<boolean | undefined> {
  const request = { netFn: netFns.app, command: GET_AUTH_CAPABILITIES, data: [0x80 | PRESENT_CHANNEL, 0x02] };
  const data = await ask(wire, request, 0, retry, signal);
  if (!data || data.length < 4) return undefined;
  return ((data[1] as number) & 0x80) !== 0 && ((data[3] as number) & 0x02) !== 0;
}

async function ask(
  wire: Wire,
  request: IpmiRequest,
  sequence: number,
  retry: RetryPolicy,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const judge: Judge<Buffer | undefined> = (datagram) => {
    const message = decodeSessionless(datagram);
    const response = message && decodeResponse(message);
    if (!response) return 'malformed';
    if (response.command !== request.command || response.sequence !== sequence) return 'late';
    return { result: response.completionCode === 0 ? response.data : undefined };
  };
  const datagram = encodeSessionless(encodeRequest(request, sequence));
  try {
    return await wire.exchange('a question without a session', datagram, judge, retry, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}
