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

/** Derives something anew only when one of its inputs is another (`!==`) than the last time. */
export function whileSame<T>(
  inputsOf: (facts: FactsView) => readonly unknown[],
  derive: (facts: FactsView) => T,
): (facts: FactsView) => T {
  let last: { readonly inputs: readonly unknown[]; readonly value: T } | undefined;
  return (facts) => {
    const inputs = inputsOf(facts);
    if (!last?.inputs.every((value, i) => value === inputs[i])) last = { inputs, value: derive(facts) };
    return last.value;
  };
}
