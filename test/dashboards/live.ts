import type { DemoPrometheus } from '../labs/demo-prometheus.ts';
import {
  type BuiltDashboard,
  type BuiltPanel,
  type BuiltVariable,
  readLabelValues,
  substitute,
  type Target,
  type Values,
} from './built.ts';

/** Seconds of history that a graph is asked for, and its step. */
const RANGE = 40;
const STEP = 10;

/** What Grafana would put in for a graph of such a step. */
const builtIn: Values = { __rate_interval: '30s', __interval: '10s', __range: `${RANGE}s` };

/** Where little is known of the first value: the managers' own pool has no images, most instances no route of their own. */
const telling: Values = { pool: 'lxd-hdd', project: 'infra', name: 'mail' };

export interface Series {
  readonly metric: Values;
  readonly values: readonly number[];
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
  readonly data: {
    readonly result: readonly {
      readonly metric: Values;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

export type Choice = 'All' | 'one value';

/** Asks a Prometheus what Grafana would ask it. */
export class Reader {
  readonly #url: string;
  readonly #replicas: readonly string[];

  constructor({ prometheus, replicas }: DemoPrometheus) {
    this.#url = prometheus.url;
    this.#replicas = replicas;
  }

  /** Values of all variables of a dashboard, each asked for with those before it. */
  async resolve({ templating, title }: BuiltDashboard, choice: Choice): Promise<Values> {
    const values: Record<string, string> = { ...builtIn };
    for (const variable of templating.list.filter(({ type }) => type === 'query')) {
      const [first] = await this.#valuesOf(variable, values);
      const concrete = telling[variable.name] ?? first;
      if (concrete === undefined) throw new Error(`${title}: variable ${variable.name} has no value`);
      values[variable.name] = choice === 'All' && variable.multi ? (variable.allValue ?? '') : concrete;
    }
    return values;
  }

  async #valuesOf({ definition = '' }: BuiltVariable, values: Values): Promise<readonly string[]> {
    const { label, series } = readLabelValues(definition);
    const match = encodeURIComponent(substitute(series, values));
    const response = await fetch(`${this.#url}/api/v1/label/${label}/values?match[]=${match}`);
    const answer = (await response.json()) as { error?: string; data?: string[] };
    if (!answer.data) throw new Error(`${definition}: ${answer.error}`);
    return answer.data.toSorted();
  }

  /** Runs one query as its panel says; rejects for an error, a warning or an info of Prometheus. */
  async run(target: Target, values: Values, at: number): Promise<readonly Series[]> {
    return this.#ask(target, substitute(target.expr, values), at);
  }

  /** Whether a query that gave this of all replicas gives about half of it of each alone. */
  async countsTwice(all: readonly Series[], target: Target, values: Values, at: number): Promise<boolean> {
    // Which series are among the busiest differs from one scrape to the next, and so between replicas.
    if (target.expr.includes('topk(')) return false;
    // Of the watcher itself each replica is shown, by its name.
    if (all.some(({ metric }) => 'instance' in metric)) return false;
    for (const replica of this.#replicas) {
      const expression = target.expr.replaceAll('job=~"$job"', `job=~"$job", instance="${replica}"`);
      const alone = await this.#ask(target, substitute(expression, values), at);
      if (all.length === alone.length && total(all) <= 1.7 * total(alone)) return false;
    }
    return true;
  }

  async #ask({ range }: Target, query: string, at: number): Promise<readonly Series[]> {
    const parameters = range
      ? { query, start: String(at - RANGE), end: String(at), step: String(STEP) }
      : { query, time: String(at) };
    const body = new URLSearchParams(parameters);
    const response = await fetch(`${this.#url}/api/v1/${range ? 'query_range' : 'query'}`, { method: 'POST', body });
    const answer = (await response.json()) as Answer;
    const complaints = [answer.error ?? [], answer.warnings ?? [], answer.infos ?? []].flat();
    if (complaints.length > 0) throw new Error(`${complaints.join('; ')}: ${query}`);
    return answer.data.result.map(({ metric, value, values: several }) => ({
      metric,
      values: (value ? [value] : (several ?? [])).map(([, text]) => Number(text)),
    }));
  }
}

/** What is wrong with the series that a query gave to its panel. */
export function faultsOf(panel: BuiltPanel, target: Target, series: readonly Series[]): string[] {
  if (series.length === 0) return ['nothing'];
  const faults: string[] = [];
  if (series.every(({ values }) => values.every((value) => !Number.isFinite(value)))) faults.push('no number');
  const isTable = target.format === 'table';
  // Of a table, the first query gives the rows; what the others add is joined by the labels that all have.
  const wanted = isTable ? (target.refId === 'A' ? columnsOf(panel) : []) : legendOf(target);
  // What says that there is nothing has one label only, which is `none`.
  const meaningful = series.filter(({ metric }) => Object.values(metric).join() !== 'none');
  for (const label of wanted) {
    const lacking = meaningful.filter(({ metric }) => !(label in metric));
    if (lacking.length > (isTable ? meaningful.length - 1 : 0)) faults.push(`no label ${label}`);
  }
  return faults;
}

const legendOf = ({ legendFormat = '' }: Target): string[] =>
  [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);

/** Labels that are columns of a table. */
function columnsOf({ transformations = [] }: BuiltPanel): string[] {
  const { options } = transformations.find(({ id }) => id === 'organize') ?? {};
  return Object.keys((options?.['indexByName'] ?? {}) as object).filter((name) => !name.startsWith('Value'));
}

/** Of the newest values. */
const total = (series: readonly Series[]): number =>
  series
    .map(({ values }) => Math.abs(values.at(-1) ?? 0))
    .reduce((sum, value) => sum + (Number.isFinite(value) ? value : 0), 0);
