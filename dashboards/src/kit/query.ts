import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';

/** The data source that is chosen at the top of every dashboard. */
export const datasource = { type: 'prometheus', uid: '${datasource}' };

export interface Query {
  readonly expr: string;
  /** Grafana's template of the series' name: `{{member}}`. */
  readonly legend: string;
}

export const query = (expr: string, legend = ''): Query => ({ expr, legend });

/** What stands for a query that may well find nothing: one series that says so, with 0. */
export const orNone = (expr: string, label: string): string =>
  `${expr} or on() label_replace(vector(0), "${label}", "none", "", "")`;

/** Nothing is none, as long as something is known: `known` gives a series then. Unknown is not 0. */
export const orZero = (expr: string, known: string): string => `${expr} or 0 * max(${known})`;

/**
 * The series that are greatest at any time of the range, all of them over all of it: what is greatest at each point of a
 * graph alone comes and goes. `highest` gives each series' own greatest value in the range.
 */
export const greatest = (count: number, expr: string, by: string, highest: string): string =>
  `${expr} and on(${by}) topk(${count}, max by (${by}) (${highest}))`;

const refId = (index: number): string => String.fromCharCode(65 + index);

/** Over time, for graphs and timelines. */
export const overTime = (queries: readonly Query[]) =>
  queries.map(({ expr, legend }, index) =>
    new DataqueryBuilder().refId(refId(index)).datasource(datasource).expr(expr).legendFormat(legend).range(),
  );

/** At the end of the time range, for figures and bars. */
export const now = (queries: readonly Query[]) =>
  queries.map(({ expr, legend }, index) =>
    new DataqueryBuilder().refId(refId(index)).datasource(datasource).expr(expr).legendFormat(legend).instant(),
  );

/** At the end of the time range, one row for each series. */
export const rows = (queries: readonly Query[]) =>
  queries.map(({ expr }, index) =>
    new DataqueryBuilder()
      .refId(refId(index))
      .datasource(datasource)
      .expr(expr)
      .format(PromQueryFormat.Table)
      .instant(),
  );
