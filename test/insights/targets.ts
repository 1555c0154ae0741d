import { expose } from '../../src/core/exposition.ts';
import { type AnyInsight, type FactsView, runInsight } from '../../src/core/insight.ts';

/** One target's facts; it answers unless it says otherwise. */
export interface Heard {
  readonly target?: string;
  readonly up?: boolean;
  readonly facts: object;
}

/** Facts of several targets by source. */
export type Heards = Readonly<Record<string, readonly Heard[]>>;

export function viewOf(heards: Heards): FactsView {
  return {
    of: ({ source }) =>
      (heards[source] ?? []).map(({ facts, target = source, up = true }) => ({ target, up, ageSeconds: 0, facts })),
    reach: ({ source }) => (heards[source] ?? []).map(({ target = source, up = true }) => ({ target, up })),
  };
}

interface Circumstances {
  readonly keys?: object;
  readonly nowMs?: number;
}

/** The sample lines of an insight, with its own keys as configured. Throws what the insight throws, and for a series that is repeated. */
export function linesOf(insight: AnyInsight, facts: FactsView, { keys = {}, nowMs = 0 }: Circumstances = {}): string[] {
  const config = insight.configSchema?.parse(keys) ?? {};
  const { families, outcome } = runInsight(insight, { facts, nowMs, config });
  if (outcome.failure || outcome.repeats > 0) throw new Error(JSON.stringify(outcome));
  const page = Buffer.concat(expose(families ? [families] : [])).toString();
  return page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** The same as values by series. */
export function valuesOf(
  insight: AnyInsight,
  heards: Heards,
  circumstances: Circumstances = {},
): ReadonlyMap<string, number> {
  const lines = linesOf(insight, viewOf(heards), circumstances);
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}
