import type { Metric, MetricType } from './metric.ts';

/** Size at which a family's text becomes a buffer, so that no single conversion holds the event loop for long. */
const CHUNK_CHARS = 128 * 1024;

/** What the exposition needs to know of a family: descriptors have more, native families have just this. */
export interface FamilyHeader {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
}

/**
 * The ready text of one family: sample lines in the Prometheus text format, rendered when they were emitted.
 * Nothing is kept per sample but the text itself and, for the check of repeats, its series.
 */
export class FamilyText {
  readonly header: FamilyHeader;
  series = 0;
  readonly #chunks: Buffer[] = [];
  #text = '';
  #seen: Set<string> | undefined = new Set();

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
    const seen = this.#seen as Set<string>;
    const before = seen.size;
    seen.add(series);
    if (seen.size === before) return false;
    this.series++;
    this.#text += `${series} ${rest}\n`;
    if (this.#text.length >= CHUNK_CHARS) this.#flush();
    return true;
  }

  /** Ends writing: frees what only writing needs. */
  seal(): void {
    this.#flush();
    this.#seen = undefined;
  }

  get chunks(): readonly Buffer[] {
    return this.#chunks;
  }

  #flush(): void {
    if (this.#text === '') return;
    this.#chunks.push(Buffer.from(this.#text, 'utf8'));
    this.#text = '';
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
