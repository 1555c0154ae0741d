import { keptList } from '../core/kept-list.ts';
import { derived } from '../core/reading.ts';
import { type InstanceFacts, lxdFacts } from '../sources/lxd/facts.ts';

/** All instances that LXD lists, as last heard; undefined when it has never listed any. */
export const instancesOf = derived((facts): readonly InstanceFacts[] | undefined => {
  const lists = facts.of(lxdFacts).flatMap((target) => (target.facts.instances ? [target.facts.instances] : []));
  return lists.length > 1 ? lists.flat() : lists[0];
});

/** Whether LXD has listed any instances, or that there are none. */
export const areInstancesKnown = derived((facts): boolean => instancesOf(facts) !== undefined);

const keepUuids = keptList((_: unknown, { uuid }: InstanceFacts): string | undefined => uuid);

const uuidsOf = derived((facts): readonly (string | undefined)[] => keepUuids(instancesOf(facts) ?? []));

/** Where each instance is in the list, by `volatile.uuid`, the key to OVN's ports. */
export const placesByUuid = derived((facts): ReadonlyMap<string, number> => {
  const places = new Map<string, number>();
  for (const [place, uuid] of uuidsOf(facts).entries()) if (uuid !== undefined) places.set(uuid, place);
  return places;
});
