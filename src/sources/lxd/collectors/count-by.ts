/** Counts things by the labels that they would have as samples. */
export function countBy<T, L extends Readonly<Record<string, string>>>(
  things: readonly T[],
  labelsOf: (thing: T) => L,
): { labels: L; count: number }[] {
  const groups = new Map<string, { labels: L; count: number }>();
  for (const thing of things) {
    const labels = labelsOf(thing);
    const key = JSON.stringify(labels);
    const group = groups.get(key) ?? { labels, count: 0 };
    group.count++;
    groups.set(key, group);
  }
  return [...groups.values()];
}
