/** What a metric is: one descriptor per metric name, declared at module level, never built per scrape. */
export interface Metric<L extends string = string> {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly labels: readonly L[];
}

export type MetricType = 'gauge' | 'counter' | 'histogram' | 'summary' | 'untyped';

interface Spec<L extends string> {
  /** What the value means, with its unit, and why it may be absent. */
  readonly help: string;
  readonly labels?: readonly L[];
}

/** A value that goes up and down. States are gauges of 0 or 1. */
export const gauge = <const L extends string = never>(name: string, spec: Spec<L>): Metric<L> =>
  describe('gauge', name, spec);

/** A value that only rises, and starts again at 0 when the thing it counts does. */
export const counter = <const L extends string = never>(name: string, spec: Spec<L>): Metric<L> =>
  describe('counter', name, spec);

/** A gauge that is always 1 and carries descriptions as labels. */
export const info = <const L extends string>(name: string, spec: Spec<L>): Metric<L> => {
  if (!name.endsWith('_info')) throw new TypeError(`${name}: the name of an info metric ends in _info`);
  return describe('gauge', name, spec);
};

/**
 * A value for every label. The property that nobody has makes TypeScript look for labels too many even where a metric
 * has none, which it does not do for a plain `{}`.
 */
type LabelValues<L extends string> = Readonly<Record<L, string>> & { readonly ' '?: never };

/**
 * The only way a collector hands over a value. A label that the descriptor lacks, or lacks a value, does not compile.
 * The labels are read before it returns.
 */
export type Emit = <L extends string>(metric: Metric<L>, labels: LabelValues<L>, value: number) => void;

// https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labelName = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

function describe<L extends string>(type: MetricType, name: string, { help, labels = [] }: Spec<L>): Metric<L> {
  if (!metricName.test(name)) throw new TypeError(`${name}: not a metric name`);
  if ((type === 'counter') !== name.endsWith('_total'))
    throw new TypeError(`${name}: counters end in _total, gauges do not`);
  for (const label of labels) if (!labelName.test(label)) throw new TypeError(`${name}: ${label} is not a label name`);
  return { name, type, help, labels };
}

/**
 * Emits one series per state: 1 for the present one, 0 for the others, as OpenMetrics' StateSet does.
 * An unknown state (undefined, or none of the list) gives all zeros.
 */
export function emitState<L extends string, S extends L>(
  emit: Emit,
  metric: Metric<L>,
  labels: LabelValues<Exclude<L, S>>,
  label: S,
  states: readonly string[],
  present: string | undefined,
): void {
  // One object for all: it is rendered before `emit` returns. Filled in the metric's order, and not spread: V8 would give
  // each a hidden class of its own, which stays until the next full collection.
  const full = {} as Record<L, string>;
  for (const name of metric.labels) full[name] = (labels as Readonly<Record<L, string>>)[name];
  for (const state of states) {
    full[label] = state as Record<L, string>[S];
    emit(metric, full, state === present ? 1 : 0);
  }
}
