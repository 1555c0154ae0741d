import { type Edition, EditionWriter, emptyEdition, type LineNames } from './edition.ts';
import { renderSeries, type SealedFamily } from './family-text.ts';
import type { Metric } from './metric.ts';
import { PositionTable } from './position-table.ts';

type Labels = Readonly<Record<string, string>>;

interface NewLine {
  readonly series: string;
  readonly labels: readonly string[];
  readonly hash: number;
  readonly value: number;
}

/** Size up to which lines are handed out in one piece: no single write or compression is to hold anyone up. */
const PIECE_BYTES = 128 * 1024;

/**
 * The text of one family that is written again and again, each time by emitting all of it. A line that comes where it
 * came the last time, with the same labels and the same value, costs a comparison and is not rendered; where all do, the
 * text is that of the last time. Otherwise it is copied together from that and from what is new.
 */
export class KeptFamily {
  readonly #metric: Metric;
  #last: Edition = emptyEdition;
  #sealed: SealedFamily;
  /** Lines of the last edition, and after an edition with new ones these too, by the hash of their series. */
  #index = new PositionTable();

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
    const isExpected =
      line < this.#last.values.length && !(this.#order && this.#taken[line]) && this.#isAt(line, labels);
    if (!isExpected) return this.#find(labels, value);
    this.#take(line, value);
    return true;
  }

  /** Ends writing. What it has returned before stays as it is. */
  seal(): SealedFamily {
    const isCut = !this.#order && this.#cursor < this.#last.values.length;
    const order = isCut ? this.#leaveOrder() : this.#order;
    if (order || this.#revalued.size > 0) {
      this.#last = this.#revise(order ?? [...this.#last.values.keys()], order && this.#rename(order));
      if (order) this.#index = indexOf(this.#last.names);
      const { starts, text, values } = this.#last;
      this.#sealed = { header: this.#metric, series: values.length, chunks: cut(text, starts) };
    }
    this.#begin();
    return this.#sealed;
  }

  /** Forgets what was written since the text was sealed. */
  drop(): void {
    if (this.#added.length > 0) this.#index = indexOf(this.#last.names);
    this.#begin();
  }

  #begin(): void {
    this.#cursor = 0;
    this.#order = undefined;
    this.#added = [];
    this.#revalued.clear();
  }

  #isAt(line: number, labels: Labels): boolean {
    const names = this.#metric.labels;
    const kept = this.#last.names.labels[line] as readonly string[];
    for (let i = 0; i < names.length; i++) if ((labels[names[i] as string] ?? '') !== kept[i]) return false;
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
    this.#index.add(hash, next, isSame);
    if (line === next) {
      order.push(line);
      this.#added.push({ series, hash, value, labels: this.#metric.labels.map((name) => labels[name] ?? '') });
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

  /** @param names of the lines in this order */
  #revise(order: readonly number[], names: LineNames = this.#last.names): Edition {
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

  #rename(order: readonly number[]): LineNames {
    const { hashes, labels } = this.#last.names;
    const count = hashes.length;
    const added = this.#added;
    return {
      labels: order.map((line) => labels[line] ?? (added[line - count] as NewLine).labels),
      hashes: order.map((line) => hashes[line] ?? (added[line - count] as NewLine).hash),
    };
  }
}

function indexOf({ hashes }: LineNames): PositionTable {
  const index = new PositionTable();
  for (const [line, hash] of hashes.entries()) index.add(hash, line, never);
  return index;
}

const never = (): boolean => false;

/** Differs per process, so that label values of one hash cannot be prepared. */
const HASH_SEED = Math.trunc(Math.random() * 0x7fffffff);

function hashOf(text: string): number {
  let hash = HASH_SEED;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x9e3779b1) ^ (hash >>> 15);
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
