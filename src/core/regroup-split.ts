/** A line longer than this is no sample, and is not held in memory until its end comes. */
export const MAX_LINE_BYTES = 64 * 1024;

const LINE_FEED = 0x0a;
const lineFeed = Buffer.from('\n');

/** Turns pieces that were cut anywhere into runs of whole lines. */
export class LineSplitter {
  #held: Buffer[] = [];
  #heldBytes = 0;

  /** The lines that this piece completes. Every run ends in a line feed. */
  push(piece: Buffer): Buffer[] {
    const end = piece.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      this.#hold(piece);
      return [];
    }
    let start = 0;
    const runs: Buffer[] = [];
    if (this.#heldBytes > 0) {
      start = piece.indexOf(LINE_FEED) + 1;
      runs.push(Buffer.concat([...this.#held, piece.subarray(0, start)]));
      this.#held = [];
      this.#heldBytes = 0;
    }
    if (start < end) runs.push(piece.subarray(start, end));
    this.#hold(piece.subarray(end));
    return runs;
  }

  /** The last line, if the text did not end in a line feed. */
  end(): Buffer[] {
    return this.#heldBytes > 0 ? [Buffer.concat([...this.#held, lineFeed])] : [];
  }

  /** Keeps the start of a line: of one that is too long just so much that it is still too long. */
  #hold(start: Buffer): void {
    const part = start.subarray(0, MAX_LINE_BYTES + 1 - this.#heldBytes);
    if (part.length === 0) return;
    this.#held.push(part);
    this.#heldBytes += part.length;
  }
}
