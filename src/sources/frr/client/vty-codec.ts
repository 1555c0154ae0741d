/**
 * The protocol of FRR's `.vty` sockets, as vtysh speaks it (FRR lib/vty.c, vtysh_read and vtysh_flush):
 *
 * - request: the command and a NUL; nothing is greeted, nothing is echoed;
 * - reply: text without a NUL in it, then the four bytes 00 00 00 SS, where SS is the command's status.
 */

/** FRR lib/command.h, CMD_*: text may come with every status, and 0 does not promise that the text is JSON. */
export const vtyStatus = { success: 0, warning: 1, unknown: 2, ambiguous: 3, incomplete: 4 } as const;

export interface VtyReply {
  readonly status: number;
  readonly text: string;
  /** Bytes of the text on the wire. Where they exceed the bound that was given, the text is empty. */
  readonly bytes: number;
}

const TRAILER_LENGTH = 4;

export function encodeCommand(text: string): Buffer {
  if (/[\0\r\n]/.test(text)) throw new TypeError('a command is one line');
  return Buffer.from(`${text}\0`, 'utf8');
}

/** Decodes one reply that arrives in any number of pieces. */
export class ReplyDecoder {
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #trailer: number[] = [];
  #bytes = 0;

  /** @param maxBytes texts that are longer are read to their end, because nobody may hang up on FRR, and not kept */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes what arrived; returns the reply once it is whole.
   * @throws Error when the bytes cannot be a reply, or go on after its end
   */
  push(chunk: Uint8Array): VtyReply | undefined {
    const rest = this.#trailer.length === 0 ? this.#takeText(chunk) : chunk;
    const trailer = this.#trailer;
    trailer.push(...rest.subarray(0, TRAILER_LENGTH + 1));
    if (trailer.slice(0, 3).some((byte) => byte !== 0)) throw new Error('no status after the text');
    if (trailer.length > TRAILER_LENGTH || rest.length > TRAILER_LENGTH)
      throw new Error('bytes after the end of the reply');
    if (trailer.length < TRAILER_LENGTH) return undefined;
    return { status: trailer[3] as number, text: textOf(this.#chunks), bytes: this.#bytes };
  }

  /** Returns what follows the text. */
  #takeText(chunk: Uint8Array): Uint8Array {
    const nul = chunk.indexOf(0);
    const text = nul < 0 ? chunk : chunk.subarray(0, nul);
    this.#bytes += text.length;
    if (this.#bytes > this.#maxBytes) this.#chunks = [];
    else if (text.length > 0) this.#chunks.push(text);
    return chunk.subarray(text.length);
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function textOf(chunks: readonly Uint8Array[]): string {
  const [first] = chunks;
  return utf8.decode(first && chunks.length === 1 ? first : Buffer.concat(chunks));
}
