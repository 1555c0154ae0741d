import type { z } from 'zod';
import { codeOf, describeError } from './errors.ts';
import { KeptStage } from './kept-stage.ts';
import { listAt } from './list-at.ts';
import type { Emit, Metric } from './metric.ts';
import { note, type Reading } from './reading.ts';
import type { CollectorOutcome, Families } from './snapshot.ts';
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

/**
 * A pure function from the facts of several sources to samples. It is not asked again while all that it has read is the
 * same as before (`===`): facts by their parts, whether targets are up, its configuration, the time.
 */
export interface Insight<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly help: string;
  readonly metrics: readonly Metric<string>[];
  /** Its own keys under `insights: <name>:`, each with a default; `false` there turns it off. */
  readonly configSchema?: Schema;
  derive(input: InsightInput<z.output<Schema>>): void;
}

/** What the list of insights holds: each was checked with its own types by `defineInsight`. */
export type AnyInsight = Insight;

export const defineInsight = <S extends z.ZodObject>(insight: Insight<S>): Insight<S> => insight;

export function factsView(views: readonly TargetView[]): FactsView {
  const shown = new Map<string, TargetFacts<object>[]>();
  const tried = new Map<string, TargetReach[]>();
  for (const { ageSeconds = 0, newest, snapshot, source, target, up } of views) {
    if (snapshot) listAt(shown, source).push({ target, up, ageSeconds, facts: snapshot.facts });
    if (newest) listAt(tried, source).push({ target, up });
  }
  return {
    of: <F extends object>({ source }: FactsOf<F>) => (shown.get(source) ?? []) as unknown as TargetFacts<F>[],
    reach: ({ source }) => tried.get(source) ?? [],
  };
}

export interface InsightResult {
  readonly outcome: CollectorOutcome;
  readonly families?: Families;
}

/** What is kept of an insight from one scrape to the next. */
interface Memory {
  readonly stage: KeptStage;
  last?: Derived | undefined;
}

/** What an insight has made, and of what. */
interface Derived {
  readonly families: Families;
  readonly repeats: number;
  readonly reading: Reading;
  readonly config: unknown;
  /** Undefined for one that does not ask for the time. */
  readonly nowMs: number | undefined;
}

const memories = new WeakMap<AnyInsight, Memory>();

/** Runs one insight; as with a collector, one that throws loses its own samples only. */
export function runInsight(insight: AnyInsight, given: Omit<InsightInput, 'emit'>): InsightResult {
  const memory = memories.get(insight) ?? { stage: new KeptStage() };
  memories.set(insight, memory);
  const started = performance.now();
  const outcome = (repeats: number) => ({
    collector: insight.name,
    durationSeconds: (performance.now() - started) / 1000,
    repeats,
  });
  try {
    if (!memory.last || !holds(memory.last, given)) memory.last = deriveAnew(insight, given, memory.stage);
    const { families, repeats } = memory.last;
    return { families, outcome: outcome(repeats) };
  } catch (error) {
    memory.last = undefined;
    const failure = { code: codeOf(error), message: describeError(error) };
    const { repeats } = memory.stage;
    memory.stage.drop();
    return { outcome: { ...outcome(repeats), failure } };
  }
}

const holds = ({ nowMs, config, reading }: Derived, given: Omit<InsightInput, 'emit'>): boolean =>
  config === given.config && (nowMs === undefined || nowMs === given.nowMs) && reading.holdsIn(given.facts);

function deriveAnew(insight: AnyInsight, given: Omit<InsightInput, 'emit'>, stage: KeptStage): Derived {
  const { reading, value: input } = note(given.facts, (facts) => {
    const asked = new Asked(facts, stage.emit, given);
    insight.derive(asked);
    return asked;
  });
  const { repeats } = stage;
  return { families: stage.seal(), repeats, reading, config: given.config, nowMs: input.askedNowMs };
}

/** Notes whether the time is asked for. A class, for the reason that the input of a collector is one. */
class Asked implements InsightInput<Record<string, unknown>> {
  readonly facts: FactsView;
  readonly emit: Emit;
  readonly config: Record<string, unknown>;
  askedNowMs: number | undefined;
  readonly #nowMs: number;

  constructor(facts: FactsView, emit: Emit, { config, nowMs }: Omit<InsightInput, 'emit'>) {
    this.facts = facts;
    this.emit = emit;
    this.config = config as Record<string, unknown>;
    this.#nowMs = nowMs;
  }

  get nowMs(): number {
    this.askedNowMs = this.#nowMs;
    return this.#nowMs;
  }
}
