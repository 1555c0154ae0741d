/** The HTTP interface of Prometheus, behind the path that the page's server passes on. */
const API = '/prometheus/api/v1';

export type Labels = Readonly<Record<string, string>>;
type Point = readonly [at: number, value: string];

export interface Series {
  readonly metric: Labels;
  readonly points: readonly Point[];
}

interface Result {
  readonly resultType: 'vector' | 'matrix' | 'scalar';
  readonly result: Point | readonly { readonly metric: Labels; readonly value?: Point; readonly values?: Point[] }[];
}

async function ask<T>(path: string, parameters: Readonly<Record<string, string>>): Promise<T> {
  const response = await fetch(`${API}/${path}?${new URLSearchParams(parameters)}`);
  const answer = (await response.json()) as { status: string; error?: string; data: T };
  if (answer.status !== 'success') throw new Error(`${answer.error}: ${Object.values(parameters).join(' ')}`);
  return answer.data;
}

/** The newest values at a time, in seconds. */
export const queryAt = async (query: string, time: number): Promise<readonly Series[]> =>
  seriesOf(await ask<Result>('query', { query, time: String(time) }));

/** Values over time; times and step in seconds. */
export const queryRange = async (query: string, start: number, end: number, step: number): Promise<readonly Series[]> =>
  seriesOf(await ask<Result>('query_range', { query, start: String(start), end: String(end), step: String(step) }));

function seriesOf({ result, resultType }: Result): readonly Series[] {
  if (resultType === 'scalar') return [{ metric: {}, points: [result as Point] }];
  return (result as Exclude<Result['result'], Point>).map(({ metric, value, values }) => ({
    metric,
    points: value ? [value] : (values ?? []),
  }));
}

/** The values of `label_values(series, label)`, in order. */
export async function labelValues(definition: string): Promise<readonly string[]> {
  const [, series, label] = /^label_values\((.+), *(\w+)\)$/.exec(definition) ?? [];
  if (!series || !label) throw new Error(`not a query of label values: ${definition}`);
  return ask<readonly string[]>(`label/${label}/values`, { 'match[]': series });
}
