import { renderValue } from './family-text.ts';

/** The lines of a family as they were written once, in columns. */
export interface Edition {
  readonly text: Buffer;
  /** Where each line begins in the text, and where the last one ends. */
  readonly starts: Uint32Array;
  /** Where the series of each line ends. */
  readonly seriesEnds: Uint32Array;
  readonly values: Float64Array;
  /** The next edition takes over the list where only values have changed, or lines have taken the places of others. */
  readonly names: LineName[];
}

/** What tells a line from others. */
export interface LineName {
  /** The values of its labels. */
  readonly values: readonly string[];
  /** Of its series. */
  readonly hash: number;
  /** The object that its labels came in, where nobody can change that any more. */
  given: object | undefined;
}

export const emptyEdition: Edition = {
  text: Buffer.alloc(0),
  starts: new Uint32Array(1),
  seriesEnds: new Uint32Array(0),
  values: new Float64Array(0),
  names: [],
};

/** More than any number takes, with the space before it and the line feed after it. */
const MAX_VALUE_BYTES = 32;

/** Writes the text of the next edition, line by line, from that of the last one. */
export class EditionWriter {
  readonly #last: Edition;
  readonly #text: Buffer;
  readonly #starts: Uint32Array;
  readonly #seriesEnds: Uint32Array;
  readonly #values: Float64Array;
  #lines = 0;
  #end = 0;

  /**
   * @param lines how many there will be
   * @param added series of those that are not in the last edition, all in one
   * @param written how many lines are added or have another value
   */
  constructor(last: Edition, lines: number, added: number, written: number) {
    this.#last = last;
    this.#text = Buffer.allocUnsafeSlow(last.text.length + added * 3 + written * MAX_VALUE_BYTES);
    this.#starts = new Uint32Array(lines + 1);
    this.#seriesEnds = new Uint32Array(lines);
    this.#values = new Float64Array(lines);
  }

  /** Lines of the last edition that follow one another in both. */
  keep(from: number, to: number): void {
    if (from === to) return;
    const { seriesEnds, starts, text, values } = this.#last;
    const begin = starts[from] as number;
    const shift = this.#end - begin;
    text.copy(this.#text, this.#end, begin, starts[to]);
    this.#values.set(values.subarray(from, to), this.#lines);
    for (let line = from; line < to; line++) {
      this.#seriesEnds[this.#lines++] = (seriesEnds[line] as number) + shift;
      this.#starts[this.#lines] = (starts[line + 1] as number) + shift;
    }
    this.#end = this.#starts[this.#lines] as number;
  }

  /** A line of the last edition with another value. */
  revalue(line: number, value: number): void {
    this.#end += this.#last.text.copy(this.#text, this.#end, this.#last.starts[line], this.#last.seriesEnds[line]);
    this.#finishLine(value);
  }

  add(series: string, value: number): void {
    this.#end += this.#text.write(series, this.#end);
    this.#finishLine(value);
  }

  finish(names: LineName[]): Edition {
    const text = this.#text.subarray(0, this.#end);
    return { text, starts: this.#starts, seriesEnds: this.#seriesEnds, values: this.#values, names };
  }

  #finishLine(value: number): void {
    this.#seriesEnds[this.#lines] = this.#end;
    this.#values[this.#lines] = value;
    this.#end += this.#text.write(` ${renderValue(value)}\n`, this.#end, 'latin1');
    this.#starts[++this.#lines] = this.#end;
  }
}
