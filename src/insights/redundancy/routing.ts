import { keepEqual } from '../../core/keep-equal.ts';
import { keptList } from '../../core/kept-list.ts';
import { listAt } from '../../core/list-at.ts';
import { derived } from '../../core/reading.ts';
import { frrFacts } from '../../sources/frr/facts.ts';
import type { InstanceFacts } from '../../sources/lxd/facts.ts';
import { instancesOf } from '../index-of-instances.ts';
import { isDead } from '../index-of-members.ts';
import type { Component, Row } from './row.ts';

/** Virtual routers, transit and anycast. */
export const routingRows = derived((facts): readonly Row[] => [
  ...countVirtualRouters(facts),
  ...countTransit(facts),
  ...countOrigins(facts),
]);

/** What is known of each unit by its name: whether one of its parts works, or all do. */
type Units = Map<string, Map<string, boolean>>;

/**
 * A unit is a router that takes part in a virtual router: it is master, with carrier, or stands by as backup. Expected
 * are the routers on which it is configured, as far as they have been heard; one that is silent now does not work. One
 * is enough.
 */
const countVirtualRouters = derived((facts): readonly Row[] => {
  const groups: Units = new Map();
  const targets = facts.of(frrFacts).filter((target) => target.facts.vrrp);
  if (!targets.some(({ up }) => up)) return [];
  for (const {
    facts: { vrrp = [] },
    target,
    up,
  } of targets) {
    for (const { afi, master, state, vrid } of vrrp) {
      const routers = unitsOf(groups, `${vrid}/${afi}`);
      const works = up && (master || state === 'Backup');
      routers.set(target, works && (routers.get(target) ?? true));
    }
  }
  return rowsOf('vrrp_backup', groups);
});

/**
 * A unit is a transit peer, by its address: two routers with a session to the same provider's router have one peer.
 * Expected are those that are configured and not shut down; one works when a router that answers has a session with it
 * in which the family is up. One is enough.
 */
const countTransit = derived((facts): readonly Row[] => {
  const families: Units = new Map();
  const targets = facts.of(frrFacts).filter((target) => target.facts.peers);
  if (!targets.some(({ up }) => up)) return [];
  for (const {
    facts: { peers = [] },
    up,
  } of targets) {
    for (const peer of peers) {
      if (peer.role !== 'transit' || peer.adminDown) continue;
      for (const [afi, isUp] of Object.entries(peer.families)) {
        const known = unitsOf(families, afi);
        known.set(peer.name, (known.get(peer.name) ?? false) || (up && isUp));
      }
    }
  }
  return rowsOf('bgp_transit', families);
});

/**
 * A unit is an instance with an external route that others have as well. Expected are all that are configured with it;
 * one works when it runs on a member that answers. One is enough.
 */
const countOrigins = derived((facts): readonly Row[] => {
  const instances = instancesOf(facts) ?? [];
  const runs = ({ member, state }: InstanceFacts) =>
    (state === 'running' || state === 'ready') && !isDead(facts, member);
  return [...sharedRoutes(facts)].map(([name, places]) => {
    const current = places.filter((place) => runs(instances[place] as InstanceFacts)).length;
    return { component: 'anycast_origin', name, current, expected: places.length, minimum: 1 };
  });
});

const keepRoutes = keptList((before: readonly string[] | undefined, { nics }: InstanceFacts): readonly string[] =>
  keepEqual(before, [...new Set(nics.flatMap(({ externalRoutes }) => externalRoutes))]),
);

/** Of each instance its external routes; the same list as long as nobody configures others. */
const externalRoutes = derived((facts): readonly (readonly string[])[] => keepRoutes(instancesOf(facts) ?? []));

/** Where in LXD's list the instances are that share an external route. */
const sharedRoutes = derived((facts): ReadonlyMap<string, readonly number[]> => {
  const places = new Map<string, number[]>();
  for (const [place, routes] of externalRoutes(facts).entries()) {
    for (const route of routes) listAt(places, route).push(place);
  }
  return new Map([...places].filter(([, own]) => own.length > 1));
});

function unitsOf(groups: Units, name: string): Map<string, boolean> {
  const units = groups.get(name) ?? new Map<string, boolean>();
  groups.set(name, units);
  return units;
}

const rowsOf = (component: Component, groups: Units): Row[] =>
  [...groups].map(([name, units]) => {
    const current = [...units.values()].filter(Boolean).length;
    return { component, name, current, expected: units.size, minimum: 1 };
  });
