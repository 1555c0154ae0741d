import type { FactsOf, FactsView } from '../../core/insight.ts';

/** The keys of facts that are lists. */
type ListKey<F> = { [K in keyof F]: F[K] extends readonly unknown[] ? K : never }[keyof F];
type Item<L> = L extends readonly (infer T)[] ? T : never;

/** One list of a source's facts, of all its targets together; undefined if none of them tells, which is not "empty". */
export function knownList<F extends object, K extends ListKey<F>>(
  facts: FactsView,
  source: FactsOf<F>,
  key: K,
): readonly Item<F[K]>[] | undefined {
  const lists = facts.of(source).flatMap((target) => {
    const list = target.facts[key] as readonly Item<F[K]>[] | undefined;
    return list ? [list] : [];
  });
  return lists.length > 1 ? lists.flat() : lists[0];
}
