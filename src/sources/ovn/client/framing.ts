import { SourceError } from '../../../core/errors.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const isOpening = (byte: number): boolean => byte === 0x7b || byte === 0x5b;
const isClosing = (byte: number): boolean => byte === 0x7d || byte === 0x5d;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Cuts a byte stream into JSON values. OVSDB writes them back to back, without a length or a delimiter (RFC 7047
 * section 4), so the end of a value is where its brackets are balanced. All that matters here is ASCII, and no byte of
 * a longer UTF-8 sequence is: it works on bytes, and a chunk may end anywhere.
 */
export class JsonFramer {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #heldBytes = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** @param maxBytes a value longer than this is refused before it is whole */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * @returns the values that this chunk completes, parsed
   * @throws SourceError `protocol` for what is not JSON objects, `too_large` for too long a value; the stream is lost then
   */
  push(chunk: Buffer): unknown[] {
    // Most chunks are one whole value: then there is no need to look for its end.
    const whole = this.#depth === 0 && chunk.length <= this.#maxBytes ? parseWhole(chunk) : undefined;
    if (whole !== undefined) return [whole];
    const values: unknown[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (!this.#ends(chunk[at] as number)) continue;
      values.push(this.#take(chunk.subarray(start, at + 1)));
      start = at + 1;
    }
    // The chunk is the caller's, who may use its memory again.
    if (start < chunk.length && (this.#depth > 0 || this.#heldBytes > 0))
      this.#hold(Buffer.from(chunk.subarray(start)));
    return values;
  }

  /** Feeds one byte to the scanner; true when it ends a value. */
  #ends(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return false;
    }
    if (byte === QUOTE && this.#depth > 0) this.#inString = true;
    else if (isOpening(byte)) this.#depth++;
    else if (isClosing(byte) && this.#depth > 0) return --this.#depth === 0;
    else if (this.#depth === 0 && !isSpace(byte)) throw new SourceError('protocol', 'not a JSON-RPC stream');
    return false;
  }

  #hold(part: Buffer): void {
    this.#heldBytes += part.length;
    if (this.#heldBytes > this.#maxBytes)
      throw new SourceError('too_large', `a message is longer than ${this.#maxBytes} bytes`);
    this.#parts.push(part);
  }

  #take(last: Buffer): unknown {
    this.#hold(last);
    const text = (this.#parts.length === 1 ? last : Buffer.concat(this.#parts, this.#heldBytes)).toString('utf8');
    this.#parts = [];
    this.#heldBytes = 0;
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new SourceError('protocol', 'a message is not JSON', { cause: error });
    }
  }
}

/** The object that the chunk is from its first byte to its last; undefined when it is anything else. */
function parseWhole(chunk: Buffer): object | undefined {
  if (chunk[0] !== 0x7b || chunk[chunk.length - 1] !== 0x7d) return undefined;
  try {
    return JSON.parse(chunk.toString('utf8'));
  } catch {
    return undefined;
  }
}
