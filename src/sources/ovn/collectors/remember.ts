/**
 * Keeps what was derived for a client until one of the revisions it was derived from changes, so that a scrape in which
 * nothing has changed costs next to nothing.
 */
export function remember<Key extends object, Value>(): (
  key: Key,
  revisions: readonly number[],
  derive: () => Value,
) => Value {
  const memory = new WeakMap<Key, { readonly revisions: readonly number[]; readonly value: Value }>();
  return (key, revisions, derive) => {
    const held = memory.get(key);
    if (held?.revisions.every((revision, index) => revision === revisions[index])) return held.value;
    const value = derive();
    memory.set(key, { revisions, value });
    return value;
  };
}
