import { renderSeries, renderValue } from '../../../core/family-text.ts';
import type { Metric } from '../../../core/metric.ts';
import type { CollectInput } from '../../../core/source.ts';
import type { SumAndCount } from '../client/manager/lookup.ts';

type Suffix = '' | '_sum' | '_count';

/** Writes a value of the thing that the row is about, unless it is unknown. */
export type Row<L extends string> = (metric: Metric<L>, value: number | boolean | undefined, suffix?: Suffix) => void;

/**
 * A row of values about one thing: its labels are the same for all of them, and rendered once. A thousand OSDs have
 * fifteen thousand values, so a line is put together from bytes, and not from text.
 */
export function createRow<L extends string>(
  family: CollectInput<unknown>['family'],
  labels: readonly L[],
  own: Readonly<Record<L, string>>,
): Row<L> {
  const rendered = viewOf(renderSeries({ name: '', type: 'untyped', help: '', labels }, own));
  return (metric, value, suffix = '') => {
    if (value === undefined) return;
    const { view, length } = nameOf(metric, suffix);
    const end = writeAscii(view, length, renderValue(Number(value)));
    family(metric).addBytes(view, 0, length, rendered, length, end);
  };
}

/** The name of a sample, and behind it room for a value. */
interface Name {
  readonly view: DataView;
  readonly length: number;
}

const VALUE_BYTES = 32;

const names: Readonly<Record<Suffix, WeakMap<object, Name>>> = {
  '': new WeakMap(),
  _sum: new WeakMap(),
  _count: new WeakMap(),
};

function nameOf(metric: Metric<string>, suffix: Suffix): Name {
  const known = names[suffix].get(metric);
  if (known) return known;
  const text = metric.name + suffix;
  const name = { view: viewOf(text + ' '.repeat(VALUE_BYTES)), length: text.length };
  names[suffix].set(metric, name);
  return name;
}

/** Faster than a call into the runtime for so few bytes. Returns where the text ends. */
function writeAscii(view: DataView, start: number, text: string): number {
  for (let i = 0; i < text.length; i++) view.setUint8(start + i, text.charCodeAt(i));
  return start + text.length;
}

function viewOf(text: string): DataView {
  const { buffer, byteOffset, length } = Buffer.from(text);
  return new DataView(buffer, byteOffset, length);
}

/** A summary without quantiles: `rate(…_sum) / rate(…_count)` is the mean of any span of time. */
export const summary = <const L extends string>(
  name: string,
  { help, labels }: { readonly help: string; readonly labels: readonly L[] },
): Metric<L> => ({ name, type: 'summary', help, labels });

export function writeSummary<L extends string>(row: Row<L>, metric: Metric<L>, value: SumAndCount | undefined): void {
  row(metric, value?.sum, '_sum');
  row(metric, value?.count, '_count');
}
