import type { AnyInsight, FactsView } from '../../src/core/insight.ts';
import { linesOf } from './targets.ts';

/** Which targets of a source answer; where it is left out, no target was tried. */
export type Reach = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

/** Facts by source, each of one target that has just been read. */
export function factsOf(bySource: Readonly<Record<string, object>>, reach: Reach = {}): FactsView {
  return {
    reach: ({ source }) => Object.entries(reach[source] ?? {}).map(([target, up]) => ({ target, up })),
    of: ({ source }) => {
      const facts = bySource[source];
      return facts ? [{ target: source, up: true, ageSeconds: 0, facts }] : [];
    },
  };
}

/** The sample lines of an insight over these facts, with its own keys as configured. Throws what the insight throws. */
export const derive = (
  insight: AnyInsight,
  bySource: Readonly<Record<string, object>>,
  keys: object = {},
  reach: Reach = {},
): string[] => linesOf(insight, factsOf(bySource, reach), { keys });
