/** Size at which a piece of text is full. Small enough that no single write, copy or compression holds anyone up. */
const PIECE_BYTES = 128 * 1024;
const FIRST_PIECE_BYTES = 512;

const SPACE = 0x20;
const LINE_FEED = 0x0a;

/** Differs per process, so that nobody can choose label values whose hashes collide. */
const HASH_SEED = Math.trunc(Math.random() * 0x7fffffff);

/**
 * Sample lines as bytes, each series once. The lines themselves are the set: a table of open addressing holds, for
 * each line, the hash of its series and where it stands. Nothing here is an object per line, so a large family costs
 * the garbage collector nothing.
 */
export class SeriesText {
  readonly #pieces: Buffer[] = [];
  #piece: Buffer = Buffer.allocUnsafeSlow(FIRST_PIECE_BYTES);
  #used = 0;
  #count = 0;
  /** Pairs of a hash and a position plus one; 0 is a free place. A position is (number of the piece) * size + offset. */
  #table = new Uint32Array(2 * 16);

  get count(): number {
    return this.#count;
  }

  /** Adds the line `series rest`, unless the series is there. Returns whether it was new. */
  addText(series: string, rest: string): boolean {
    const line = `${series} ${rest}\n`;
    this.#reserve(line.length * 3);
    const start = this.#used;
    const end = start + this.#piece.write(line, start);
    const seriesBytes = end - start === line.length ? series.length : Buffer.byteLength(series);
    return this.#commit(start, start + seriesBytes, end);
  }

  /** The same for a line that arrives as bytes: the series is a range of `bytes` and `tail`, the rest another range. */
  addBytes(bytes: Uint8Array, from: number, to: number, tail: Uint8Array, restFrom: number, restTo: number): boolean {
    this.#reserve(to - from + tail.length + restTo - restFrom + 2);
    const piece = this.#piece;
    const start = this.#used;
    let at = start;
    for (let i = from; i < to; i++) piece[at++] = bytes[i] as number;
    for (let i = 0; i < tail.length; i++) piece[at++] = tail[i] as number;
    const seriesEnd = at;
    piece[at++] = SPACE;
    for (let i = restFrom; i < restTo; i++) piece[at++] = bytes[i] as number;
    piece[at++] = LINE_FEED;
    return this.#commit(start, seriesEnd, at);
  }

  /** The finished text. */
  finish(): readonly Buffer[] {
    if (this.#used === 0) return this.#pieces;
    const text = this.#piece.subarray(0, this.#used);
    this.#pieces.push(this.#used > this.#piece.length / 2 ? text : Buffer.from(text));
    this.#used = 0;
    return this.#pieces;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#piece.length && this.#used < PIECE_BYTES) return;
    const wanted = Math.max(this.#used + bytes, this.#piece.length * 2);
    if (this.#used === 0 || wanted <= PIECE_BYTES) {
      const larger = Buffer.allocUnsafeSlow(wanted);
      this.#piece.copy(larger, 0, 0, this.#used);
      this.#piece = larger;
      return;
    }
    this.#pieces.push(this.#piece.subarray(0, this.#used));
    // A line longer than a piece gets one of its own size, which it starts: positions stay unique.
    this.#piece = Buffer.allocUnsafeSlow(Math.max(bytes, PIECE_BYTES));
    this.#used = 0;
  }

  /** Makes the line at the end part of the text, or forgets it if there is a line of the same series. */
  #commit(start: number, seriesEnd: number, end: number): boolean {
    const piece = this.#piece;
    let hash = HASH_SEED;
    for (let i = start; i < seriesEnd; i++) hash = Math.imul(hash ^ (piece[i] as number), 0x01000193);
    hash = (hash ^ (hash >>> 15)) >>> 0;
    const table = this.#table;
    const mask = table.length / 2 - 1;
    let slot = hash & mask;
    for (let position = table[2 * slot + 1]; position; position = table[2 * slot + 1]) {
      if (table[2 * slot] === hash && this.#equals(position - 1, start, seriesEnd)) return false;
      slot = (slot + 1) & mask;
    }
    table[2 * slot] = hash;
    table[2 * slot + 1] = this.#pieces.length * PIECE_BYTES + start + 1;
    this.#used = end;
    if (++this.#count * 2 > mask) this.#growTable();
    return true;
  }

  #equals(position: number, start: number, seriesEnd: number): boolean {
    const piece = this.#piece;
    const other = this.#pieces[Math.floor(position / PIECE_BYTES)] ?? piece;
    let at = position % PIECE_BYTES;
    for (let i = start; i < seriesEnd; i++) if (piece[i] !== other[at++]) return false;
    return other[at] === SPACE;
  }

  #growTable(): void {
    const old = this.#table;
    const table = new Uint32Array(old.length * 2);
    const mask = table.length / 2 - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      let slot = (old[i] as number) & mask;
      while (table[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
      table[2 * slot] = old[i] as number;
      table[2 * slot + 1] = old[i + 1] as number;
    }
    this.#table = table;
  }
}
