import { renderSeries, renderValue } from '../../../core/family-text.ts';
import type { Metric } from '../../../core/metric.ts';
import type { CollectInput } from '../../../core/source.ts';
import type { SumAndCount } from '../client/manager/lookup.ts';

/** Writes a value of the thing that the row is about, unless it is unknown. */
export type Row<L extends string> = (
  metric: Metric<L>,
  value: number | boolean | undefined,
  suffix?: '' | '_sum' | '_count',
) => void;

/** A row of values about one thing: its labels are the same for all of them, and rendered once. */
export function createRow<L extends string>(
  family: CollectInput<unknown>['family'],
  labels: readonly L[],
  own: Readonly<Record<L, string>>,
): Row<L> {
  const text = renderSeries({ name: '', type: 'untyped', help: '', labels }, own);
  return (metric, value, suffix = '') => {
    if (value !== undefined) family(metric).add(`${metric.name}${suffix}${text}`, renderValue(Number(value)));
  };
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
