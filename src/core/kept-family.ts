import { type Edition, EditionWriter, emptyEdition, type LineName } from './edition.ts';
import { renderSeries, type SealedFamily } from './family-text.ts';
import { HASH_SEED, mix } from './hash.ts';
import type { Metric } from './metric.ts';
import { PositionTable } from './position-table.ts';
import { PIECE_BYTES } from './series-text.ts';

type Labels = Readonly<Record<string, string>>;

interface NewLine {
  readonly series: string;
  readonly name: LineName;
  readonly value: number;
}

/**
 * The text of one family that is written again and again, each time by emitting all of it. A line that comes where it
 * came the last time, with the same labels and the same value, costs a comparison and is not rendered; where all do, the
 * text is that of the last time. Otherwise it is copied together from that and from what is new. Labels that are frozen
 * and the same object as the last time need not even be compared.
 */
export class KeptFamily {
  readonly #metric: Metric;
  #last: Edition = emptyEdition;
  #sealed: SealedFamily;
  /**
   * Lines of the last edition, and new ones, by the hash of their series. Made when it is needed; some positions may be
   * those of before.
   */
  #index: PositionTable | undefined;
  #outdated = 0;

  /** The line of the last edition that is expected next. */
  #cursor = 0;
  /** Lines by their number; those that are new follow the last edition's. Undefined while they are its first ones. */
  #order: number[] | undefined;
  /** Once there is an order: which lines of the last edition are in it. */
  #taken = new Uint8Array(0);
  #added: NewLine[] = [];
  readonly #revalued = new Map<number, number>();

  constructor(metric: Metric) {
    this.#metric = metric;
    this.#sealed = { header: metric, series: 0, chunks: [] };
  }

  /** Adds a line unless its series is there already; returns whether it was new. */
  add(labels: Labels, value: number): boolean {
    const line = this.#cursor;
    if (this.#isNext(line, labels)) this.#take(line, value);
    else if (this.#isNext(line + 1, labels)) {
      // One line is gone, or another one stands in its place: most often it goes on behind it.
      this.#order ??= this.#leaveOrder();
      this.#take(line + 1, value);
    } else return this.#find(labels, value);
    return true;
  }

  /** Ends writing. What it has returned before stays as it is. */
  seal(): SealedFamily {
    const isCut = !this.#order && this.#cursor < this.#last.values.length;
    const order = isCut ? this.#leaveOrder() : this.#order;
    if (order || this.#revalued.size > 0) {
      this.#last = order ? this.#rearrange(order, this.#rename(order)) : this.#revalue();
      const { starts, text, values } = this.#last;
      this.#sealed = { header: this.#metric, series: values.length, chunks: cut(text, starts) };
    }
    this.#begin();
    return this.#sealed;
  }

  /** Forgets what was written since the text was sealed. */
  drop(): void {
    this.#outdated += this.#added.length;
    this.#begin();
  }

  #begin(): void {
    this.#cursor = 0;
    this.#order = undefined;
    this.#added = [];
    this.#revalued.clear();
  }

  #isNext(line: number, labels: Labels): boolean {
    return line < this.#last.values.length && !(this.#order && this.#taken[line]) && this.#isAt(line, labels);
  }

  #isAt(line: number, labels: Labels): boolean {
    const name = this.#last.names[line] as LineName;
    if (name.given === labels) return true;
    const names = this.#metric.labels;
    for (let i = 0; i < names.length; i++) if ((labels[names[i] as string] ?? '') !== name.values[i]) return false;
    if (name.given) name.given = frozenOf(labels);
    return true;
  }

  #take(line: number, value: number): void {
    if (value !== this.#last.values[line]) this.#revalued.set(line, value);
    this.#cursor = line + 1;
    if (!this.#order) return;
    this.#order.push(line);
    this.#taken[line] = 1;
  }

  /** A line that is not where it was: of another place, or a new one. */
  #find(labels: Labels, value: number): boolean {
    const order = this.#order ?? this.#leaveOrder();
    const count = this.#last.values.length;
    const next = count + this.#added.length;
    const series = renderSeries(this.#metric, labels);
    const hash = hashOf(series);
    let line = next;
    const isSame = (other: number): boolean => {
      const same = other < count ? this.#isAt(other, labels) : this.#added[other - count]?.series === series;
      if (same) line = other;
      return same;
    };
    this.#index ??= indexOf(this.#last.names);
    this.#index.add(hash, next, isSame);
    if (line === next) {
      order.push(line);
      const values = this.#metric.labels.map((name) => labels[name] ?? '');
      this.#added.push({ series, value, name: { values, hash, given: frozenOf(labels) } });
      return true;
    }
    if (line >= count || this.#taken[line]) return false;
    this.#take(line, value);
    return true;
  }

  /** From here on the lines are not the first ones of the last edition. */
  #leaveOrder(): number[] {
    this.#taken = new Uint8Array(this.#last.values.length).fill(1, 0, this.#cursor);
    this.#order = Array.from({ length: this.#cursor }, (_, line) => line);
    return this.#order;
  }

  /** The same lines in the same order, some with another value. */
  #revalue(): Edition {
    const count = this.#last.values.length;
    const writer = new EditionWriter(this.#last, count, 0, this.#revalued.size);
    let from = 0;
    for (const [line, value] of this.#revalued) {
      writer.keep(from, line);
      writer.revalue(line, value);
      from = line + 1;
    }
    writer.keep(from, count);
    return writer.finish(this.#last.names);
  }

  /** @param names of the lines in this order */
  #rearrange(order: readonly number[], names: LineName[]): Edition {
    const count = this.#last.values.length;
    const added = this.#added.reduce((sum, { series }) => sum + series.length, 0);
    const writer = new EditionWriter(this.#last, order.length, added, this.#added.length + this.#revalued.size);
    // Lines that follow one another as before, and have not changed, are copied as one.
    let [from, to] = [0, 0];
    for (const line of order) {
      const value = this.#revalued.get(line);
      if (line === to && line < count && value === undefined) {
        to++;
        continue;
      }
      writer.keep(from, to);
      from = to = line;
      if (line >= count) {
        const { series, value: first } = this.#added[line - count] as NewLine;
        writer.add(series, first);
      } else if (value === undefined) to++;
      else {
        writer.revalue(line, value);
        from = to = line + 1;
      }
    }
    if (to <= count) writer.keep(from, to);
    return writer.finish(names);
  }

  #rename(order: readonly number[]): LineName[] {
    const { names } = this.#last;
    const count = names.length;
    const isInPlace = order.length === count && order.every((line, place) => line === place || line >= count);
    if (!isInPlace || this.#outdated > count) {
      const renamed = order.map((line) => names[line] ?? (this.#added[line - count] as NewLine).name);
      this.#index = undefined;
      this.#outdated = 0;
      return renamed;
    }
    for (const [place, line] of order.entries()) {
      if (line === place) continue;
      const { name } = this.#added[line - count] as NewLine;
      names[place] = name;
      this.#index?.add(name.hash, place, never);
    }
    // What was there before, and the numbers that the new lines have had until now.
    this.#outdated += 2 * this.#added.length;
    return names;
  }
}

function indexOf(names: readonly LineName[]): PositionTable {
  const index = new PositionTable();
  for (const [line, { hash }] of names.entries()) index.add(hash, line, never);
  return index;
}

const frozenOf = (labels: Labels): Labels | undefined => (Object.isFrozen(labels) ? labels : undefined);

const never = (): boolean => false;

function hashOf(text: string): number {
  let hash = HASH_SEED;
  for (let at = 0; at < text.length; at++) hash = mix(hash, text.charCodeAt(at));
  return hash >>> 0;
}

/** The text in pieces that begin and end with lines. */
function cut(text: Buffer, starts: Uint32Array): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let line = 1; line < starts.length; line++) {
    const end = starts[line] as number;
    const isLast = line === starts.length - 1;
    if (!isLast && (starts[line + 1] as number) - from <= PIECE_BYTES) continue;
    pieces.push(text.subarray(from, end));
    from = end;
  }
  return pieces;
}
