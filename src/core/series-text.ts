import { HASH_SEED, mix } from './hash.ts';
import { PositionTable } from './position-table.ts';

/** Size at which a piece of text is full. Small enough that no single write, copy or compression holds anyone up. */
export const PIECE_BYTES = 128 * 1024;
const FIRST_PIECE_BYTES = 2048;

const SPACE = 0x20;
const LINE_FEED = 0x0a;

/**
 * Sample lines as bytes, each series once. The lines themselves are the set; beside them stands only where they are, by
 * the hash of their series. Nothing here is an object per line, so a large family costs the garbage collector nothing.
 */
export class SeriesText {
  readonly #pieces: Buffer[] = [];
  // From Node's pool: most families are small, and memory of their own for each would cost more than their text.
  #piece: Buffer = Buffer.allocUnsafe(FIRST_PIECE_BYTES);
  /** Reads and writes the piece four bytes at a time. */
  #words = viewOf(this.#piece);
  #used = 0;
  /** Of every line: (number of its piece) * (size of a piece) + offset. */
  readonly #positions = new PositionTable();
  #seriesEnd = 0;
  /** Whether the line at this position has the series of the line at the end. */
  readonly #isSame = (position: number): boolean => {
    const piece = this.#piece;
    const other = this.#pieces[Math.floor(position / PIECE_BYTES)] ?? piece;
    let at = position % PIECE_BYTES;
    for (let i = this.#used; i < this.#seriesEnd; i++) if (piece[i] !== other[at++]) return false;
    return other[at] === SPACE;
  };

  /** Adds the line `series rest`, unless the series is there. Returns whether it was new. */
  addText(series: string, rest: string): boolean {
    const line = `${series} ${rest}\n`;
    this.#reserve(line.length * 3);
    const start = this.#used;
    const end = start + this.#piece.write(line, start);
    const seriesBytes = end - start === line.length ? series.length : Buffer.byteLength(series);
    return this.#commit(start + seriesBytes, end);
  }

  /** The same for a line that arrives as bytes: the series is a range of `text` and then `tail`, the rest another range. */
  addBytes(text: DataView, from: number, to: number, tail: DataView, restFrom: number, restTo: number): boolean {
    this.#reserve(to - from + tail.byteLength + restTo - restFrom + 2);
    const words = this.#words;
    const tailStart = copy(text, from, to, words, this.#used);
    const seriesEnd = copy(tail, 0, tail.byteLength, words, tailStart);
    words.setUint8(seriesEnd, SPACE);
    const restEnd = copy(text, restFrom, restTo, words, seriesEnd + 1);
    words.setUint8(restEnd, LINE_FEED);
    return this.#commit(seriesEnd, restEnd + 1);
  }

  /** The finished text. */
  finish(): readonly Buffer[] {
    if (this.#used === 0) return this.#pieces;
    // Not copied to a smaller one: memory that nobody has written to costs nothing.
    this.#pieces.push(this.#piece.subarray(0, this.#used));
    this.#used = 0;
    return this.#pieces;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#piece.length && this.#used < PIECE_BYTES) return;
    const wanted = Math.max(this.#used + bytes, this.#piece.length * 2);
    if (this.#used === 0 || wanted <= PIECE_BYTES) {
      const larger = Buffer.allocUnsafeSlow(wanted);
      this.#piece.copy(larger, 0, 0, this.#used);
      this.#use(larger);
      return;
    }
    this.#pieces.push(this.#piece.subarray(0, this.#used));
    // A line longer than a piece gets one of its own size, which it starts: positions stay unique.
    this.#use(Buffer.allocUnsafeSlow(Math.max(bytes, PIECE_BYTES)));
    this.#used = 0;
  }

  #use(piece: Buffer): void {
    this.#piece = piece;
    this.#words = viewOf(piece);
  }

  /** Makes the line at the end part of the text, unless there is a line of the same series: then it will be overwritten. */
  #commit(seriesEnd: number, lineEnd: number): boolean {
    this.#seriesEnd = seriesEnd;
    const hash = hashOf(this.#words, this.#used, seriesEnd);
    const isNew = this.#positions.add(hash, this.#pieces.length * PIECE_BYTES + this.#used, this.#isSame);
    if (isNew) this.#used = lineEnd;
    return isNew;
  }
}

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView => new DataView(buffer, byteOffset, length);

/** Faster than a call into the runtime for so few bytes. Returns where the copy ends. */
function copy(from: DataView, start: number, end: number, to: DataView, toStart: number): number {
  let at = toStart;
  let i = start;
  for (; i + 4 <= end; i += 4, at += 4) to.setUint32(at, from.getUint32(i, true), true);
  for (; i < end; i++) to.setUint8(at++, from.getUint8(i));
  return at;
}

function hashOf(bytes: DataView, start: number, end: number): number {
  let hash = HASH_SEED;
  let i = start;
  for (; i + 4 <= end; i += 4) hash = mix(hash, bytes.getInt32(i, true));
  for (; i < end; i++) hash = mix(hash, bytes.getUint8(i));
  return hash >>> 0;
}
