import type { z } from 'zod';
import { codeOf, describeError } from './errors.ts';
import type { Emit, Metric } from './metric.ts';
import { type CollectorOutcome, type Families, Stage } from './snapshot.ts';
import type { TargetView } from './target.ts';

/** Names a source's facts and their type; every source exports its own from `facts.ts`. */
export interface FactsOf<F extends object> {
  readonly source: string;
  /** Only the type is used. */
  readonly facts?: F;
}

export const defineFacts = <F extends object>(source: string): FactsOf<F> => ({ source });

export interface TargetFacts<F extends object> {
  readonly target: string;
  /** Whether the target's newest cycle reached it; facts may be older than that. */
  readonly up: boolean;
  readonly ageSeconds: number;
  /** A part is missing when its collector is off or failed. */
  readonly facts: Partial<F>;
}

export interface TargetReach {
  readonly target: string;
  /** Whether the target's newest cycle reached it. */
  readonly up: boolean;
}

/** The facts of all sources at one scrape. A silent source gives an empty list. */
export interface FactsView {
  of<F extends object>(source: FactsOf<F>): readonly TargetFacts<F>[];
  /** Every target of the source that was tried, also one whose facts are too old to be shown. */
  reach(source: FactsOf<object>): readonly TargetReach[];
}

export interface InsightInput<Config = unknown> {
  readonly facts: FactsView;
  readonly emit: Emit;
  readonly nowMs: number;
  /** The insight's own keys; an empty object where it has none. */
  readonly config: Config;
}

/** A pure function from the facts of several sources to samples. */
export interface Insight<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly help: string;
  readonly metrics: readonly Metric<string>[];
  /** Its own keys under `insights: <name>:`, each with a default; `false` there turns it off. */
  readonly configSchema?: Schema;
  /**
   * All that the samples depend on, where that is cheaper to tell than the samples are to write: while each of these is
   * the same (`===`) as at the last scrape, that one's samples are shown again.
   */
  inputs?(input: Omit<InsightInput<z.output<Schema>>, 'emit'>): readonly unknown[];
  derive(input: InsightInput<z.output<Schema>>): void;
}

/** What the list of insights holds: each was checked with its own types by `defineInsight`. */
export type AnyInsight = Insight;

export const defineInsight = <S extends z.ZodObject>(insight: Insight<S>): Insight<S> => insight;

export function factsView(views: readonly TargetView[]): FactsView {
  return {
    of: <F extends object>({ source }: FactsOf<F>) =>
      views.flatMap(({ snapshot, up, ageSeconds = 0, ...view }) =>
        snapshot && view.source === source
          ? [{ target: view.target, up, ageSeconds, facts: snapshot.facts as Partial<F> }]
          : [],
      ),
    reach: ({ source }) =>
      views.flatMap(({ newest, target, up, ...view }) => (newest && view.source === source ? [{ target, up }] : [])),
  };
}

export interface InsightResult {
  readonly outcome: CollectorOutcome;
  readonly families?: Families;
}

/** What each insight that tells its inputs has last made of them. */
const memory = new WeakMap<AnyInsight, { readonly inputs: readonly unknown[]; readonly families: Families }>();

/** Runs one insight; as with a collector, one that throws loses its own samples only. */
export function runInsight(insight: AnyInsight, given: Omit<InsightInput, 'emit'>): InsightResult {
  const stage = new Stage();
  const started = performance.now();
  const outcome = () => ({
    collector: insight.name,
    durationSeconds: (performance.now() - started) / 1000,
    repeats: stage.repeats,
  });
  try {
    const input = { ...given, config: given.config as Record<string, unknown> };
    const inputs = insight.inputs?.(input);
    const last = inputs && memory.get(insight);
    if (last?.inputs.length === inputs?.length && last?.inputs.every((value, i) => value === inputs?.[i]))
      return { families: last.families, outcome: outcome() };
    insight.derive({ ...input, emit: stage.emit });
    const families = stage.seal();
    if (inputs && stage.repeats === 0) memory.set(insight, { inputs, families });
    return { families, outcome: outcome() };
  } catch (error) {
    return { outcome: { ...outcome(), failure: { code: codeOf(error), message: describeError(error) } } };
  }
}
