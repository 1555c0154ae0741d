import { SourceError } from '../../../../core/errors.ts';

/** The largest answer, `perf schema`, has 90 kB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** A command of an admin socket: a JSON object with the command as `prefix`, ended by NUL (src/common/admin_socket.cc). */
export const encodeCommand = (prefix: string): Buffer =>
  Buffer.from(`${JSON.stringify({ prefix, format: 'json' })}\0`, 'utf8');

/** The answer: its length as a big-endian u32, then the text. `undefined` as long as bytes are missing. */
export function decodeAnswer(bytes: Buffer): string | undefined {
  if (bytes.length < 4) return undefined;
  const length = bytes.readUInt32BE(0);
  if (length > MAX_ANSWER_BYTES) throw new SourceError('too_large', `an answer of ${length} bytes`);
  return bytes.length < 4 + length ? undefined : bytes.toString('utf8', 4, 4 + length);
}

/** The answer's JSON. Errors come as text: "ERROR: (22) Invalid argument", or an empty answer. */
export function parseAnswer(text: string): unknown {
  if (text === '' || text.startsWith('ERROR:')) {
    throw new SourceError('unsupported', text === '' ? 'an empty answer' : (text.split('\n', 1)[0] as string));
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SourceError('protocol', 'the answer is not JSON', { cause });
  }
}
