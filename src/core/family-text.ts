import type { Metric, MetricType } from './metric.ts';
import { SeriesText } from './series-text.ts';

/** What the exposition needs to know of a family: descriptors have more, native families have just this. */
export interface FamilyHeader {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
}

/** A family whose text will not change any more. */
export interface SealedFamily {
  readonly header: FamilyHeader;
  readonly series: number;
  readonly chunks: readonly Buffer[];
}

/**
 * The ready text of one family: sample lines in the Prometheus text format, rendered when they were emitted.
 * Nothing is kept per sample but the text itself and, until it is sealed, an index of its series.
 */
export class FamilyText implements SealedFamily {
  readonly header: FamilyHeader;
  series = 0;
  #chunks: readonly Buffer[] = [];
  #open: SeriesText | undefined = new SeriesText();

  constructor(header: FamilyHeader) {
    this.header = header;
  }

  /**
   * Adds a line, unless this series is there already: Prometheus drops the second of two, and warns for every one.
   * @param series the sample's name and labels, exactly as rendered
   * @param rest value (and what may follow it), without the line feed
   * @returns whether it was new
   */
  add(series: string, rest: string): boolean {
    return this.#count(this.#writer.addText(series, rest));
  }

  /**
   * The same for a line of a text that was read, without a string: the series is `text` from `from` to `to`, and
   * `tail`; the rest is `text` from `restFrom` to `restTo`.
   */
  addBytes(text: DataView, from: number, to: number, tail: DataView, restFrom: number, restTo: number): boolean {
    return this.#count(this.#writer.addBytes(text, from, to, tail, restFrom, restTo));
  }

  /** Ends writing: frees what only writing needs. */
  seal(): void {
    if (this.#open) this.#chunks = this.#open.finish();
    this.#open = undefined;
  }

  get bytes(): number {
    return this.#chunks.reduce((sum, { length }) => sum + length, 0);
  }

  /** Copies the sealed text into `slab`, from `at` on, and lets go of where it was written. Returns where it ends. */
  moveTo(slab: Buffer, at: number): number {
    let end = at;
    for (const chunk of this.#chunks) end += chunk.copy(slab, end);
    this.#chunks = end === at ? [] : [slab.subarray(at, end)];
    return end;
  }

  /** Empty until the family is sealed. */
  get chunks(): readonly Buffer[] {
    return this.#chunks;
  }

  get #writer(): SeriesText {
    if (!this.#open) throw new Error(`${this.header.name}: written to after its cycle ended`);
    return this.#open;
  }

  #count(isNew: boolean): boolean {
    if (isNew) this.series++;
    return isNew;
  }
}

/**
 * Renders `name{label="value",…}`. A label whose value is empty is not written: to Prometheus the two are the same.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 */
export function renderSeries<L extends string>(metric: Metric<L>, labels: Readonly<Record<L, string>>): string {
  let text = '';
  for (const label of metric.labels) {
    const value = labels[label];
    if (value === '' || value === undefined) continue;
    text += `${text === '' ? '{' : ','}${label}="${escapeLabelValue(value)}"`;
  }
  return text === '' ? metric.name : `${metric.name}${text}}`;
}

const needsEscape = /[\\"\n]/;

export function escapeLabelValue(value: string): string {
  if (!needsEscape.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

export function renderValue(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

export function renderHeader({ name, type, help }: FamilyHeader): string {
  const text = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `# HELP ${name} ${text}\n# TYPE ${name} ${type}\n`;
}
