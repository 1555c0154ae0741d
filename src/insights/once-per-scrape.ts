import type { FactsView } from '../core/insight.ts';

/** Derives something once for all insights that need it: a scrape has one view of the facts. */
export function oncePerScrape<T>(derive: (facts: FactsView) => T): (facts: FactsView) => T {
  const known = new WeakMap<FactsView, { readonly value: T }>();
  return (facts) => {
    const held = known.get(facts) ?? { value: derive(facts) };
    known.set(facts, held);
    return held.value;
  };
}
