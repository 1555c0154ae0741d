import { SourceError } from '../../../../core/errors.ts';

/** A whole WebSocket message, or a control frame. https://www.rfc-editor.org/rfc/rfc6455#section-5 */
export interface Message {
  readonly kind: 'text' | 'binary' | 'close' | 'ping' | 'pong';
  readonly payload: Buffer;
}

const CONTINUATION = 0;
const CLOSE = 8;
const kinds: Readonly<Record<number, Message['kind']>> = { 1: 'text', 2: 'binary', 8: 'close', 9: 'ping', 10: 'pong' };
const opcodes = { close: CLOSE, ping: 9, pong: 10 } as const;

/** Section 5.5. */
const MAX_CONTROL_BYTES = 125;

interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Takes apart what a server sends, in pieces of any size. After an error the stream cannot be followed any further. */
export class FrameReader {
  readonly #maxMessageBytes: number;
  readonly #pieces: Buffer[] = [];
  #held = 0;
  /** What has to be there before there is anything to do. */
  #wanted = 2;
  #fragments: { readonly kind: Message['kind']; readonly payloads: Buffer[]; bytes: number } | undefined;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /**
   * The messages that this chunk completes.
   * @throws SourceError protocol for what is no WebSocket, too_large as soon as a length says so
   */
  push(chunk: Buffer): Message[] {
    this.#pieces.push(chunk);
    this.#held += chunk.length;
    const messages: Message[] = [];
    while (this.#held >= this.#wanted) {
      const frame = this.#takeFrame();
      if (!frame) continue;
      const message = this.#assemble(frame);
      if (message) messages.push(message);
    }
    return messages;
  }

  /** The frame at the start, or undefined when more is wanted than before. */
  #takeFrame(): Frame | undefined {
    const bytes = this.#join();
    const [first = 0, second = 0] = bytes;
    if ((first & 0x70) !== 0) throw broken('uses an extension that was not agreed on');
    if ((second & 0x80) !== 0) throw broken('masks its frames, which only clients do');
    const short = second & 0x7f;
    const headerBytes = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (bytes.length < headerBytes) return this.#wait(headerBytes);
    const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
    const frame = { final: (first & 0x80) !== 0, opcode: first & 0x0f };
    this.#check(frame, length);
    if (bytes.length < headerBytes + length) return this.#wait(headerBytes + length);
    this.#keep(bytes.subarray(headerBytes + length));
    return { ...frame, payload: bytes.subarray(headerBytes, headerBytes + length) };
  }

  #check({ final, opcode }: Omit<Frame, 'payload'>, length: number): void {
    if (opcode !== CONTINUATION && !kinds[opcode]) throw broken(`sends a frame of the unknown kind ${opcode}`);
    if (opcode >= CLOSE) {
      if (!final || length > MAX_CONTROL_BYTES) throw broken('sends a control frame that is cut in parts or too long');
      return;
    }
    if ((opcode === CONTINUATION) !== (this.#fragments !== undefined)) throw broken('mixes up the parts of messages');
    if (length + (this.#fragments?.bytes ?? 0) > this.#maxMessageBytes)
      throw new SourceError('too_large', `a message of the WebSocket exceeds ${this.#maxMessageBytes} bytes`);
  }

  #assemble({ final, opcode, payload }: Frame): Message | undefined {
    const kind = kinds[opcode];
    if (kind && (opcode >= CLOSE || final)) return { kind, payload };
    this.#fragments ??= { kind: kind ?? 'binary', payloads: [], bytes: 0 };
    this.#fragments.payloads.push(payload);
    this.#fragments.bytes += payload.length;
    if (!final) return undefined;
    const { bytes, kind: whole, payloads } = this.#fragments;
    this.#fragments = undefined;
    return { kind: whole, payload: Buffer.concat(payloads, bytes) };
  }

  /** Once for every length that is waited for, not once for every chunk. */
  #join(): Buffer {
    const [only] = this.#pieces;
    const bytes = this.#pieces.length === 1 && only ? only : Buffer.concat(this.#pieces, this.#held);
    this.#keep(bytes);
    return bytes;
  }

  #keep(bytes: Buffer): void {
    this.#pieces.splice(0, this.#pieces.length, bytes);
    this.#held = bytes.length;
    this.#wanted = 2;
  }

  #wait(bytes: number): undefined {
    this.#wanted = bytes;
  }
}

/** A control frame as a client sends it: masked with these four bytes, which are to be random (section 5.3). */
export function encodeControl(kind: keyof typeof opcodes, payload: Buffer, mask: Buffer): Buffer {
  if (payload.length > MAX_CONTROL_BYTES) throw new RangeError('the payload of a control frame has 125 bytes at most');
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x80 | opcodes[kind], 0x80 | payload.length]), mask.subarray(0, 4), masked]);
}

const broken = (what: string): SourceError => new SourceError('protocol', `the server ${what} (WebSocket)`);
