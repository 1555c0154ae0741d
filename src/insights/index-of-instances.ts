import { derived } from '../core/reading.ts';
import { type InstanceFacts, lxdFacts } from '../sources/lxd/facts.ts';

/** All instances that LXD lists, as last heard; undefined when it has never listed any. */
export const instancesOf = derived((facts): readonly InstanceFacts[] | undefined => {
  const lists = facts.of(lxdFacts).flatMap((target) => (target.facts.instances ? [target.facts.instances] : []));
  return lists.length > 1 ? lists.flat() : lists[0];
});

/** By `volatile.uuid`, the key to OVN's ports. */
export const instancesByUuid = derived((facts): ReadonlyMap<string, InstanceFacts> => {
  const byUuid = new Map<string, InstanceFacts>();
  for (const instance of instancesOf(facts) ?? []) {
    if (instance.uuid !== undefined) byUuid.set(instance.uuid, instance);
  }
  return byUuid;
});
