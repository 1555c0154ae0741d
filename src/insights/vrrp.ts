import { defineInsight, type FactsView } from '../core/insight.ts';
import { gauge } from '../core/metric.ts';
import { frrFacts } from '../sources/frr/facts.ts';

const masters = gauge('frr_vrrp_masters', {
  help: 'Masters of a virtual router, over all routers that answer: 1 is right, 0 is no gateway, 2 is a conflict. A Master without carrier is none. Absent instead of 0 while a router that may be the master is silent.',
  labels: ['vrid', 'afi'],
});

/** No router knows how many there are: each of two masters is sure to be the one. */
export const vrrp = defineInsight({
  name: 'vrrp',
  help: 'Masters of each virtual router, counted over all routers. Virtual routers of one vrid on several networks count as one: give each its own.',
  metrics: [masters],
  derive({ emit, facts }) {
    for (const { afi, mayBeMore, count, vrid } of groupsOf(facts).values())
      if (count > 0 || !mayBeMore) emit(masters, { vrid: String(vrid), afi }, count);
  },
});

interface Group {
  readonly vrid: number;
  readonly afi: string;
  count: number;
  /** Whether a router takes part, or may take part, of which nobody knows what it is now. */
  mayBeMore: boolean;
}

function groupsOf(facts: FactsView): ReadonlyMap<string, Group> {
  const known = facts.of(frrFacts).filter((target) => target.facts.vrrp);
  const heard = new Set(known.map(({ target }) => target));
  const isAnyUnknown = facts.reach(frrFacts).some(({ target }) => !heard.has(target));
  const groups = new Map<string, Group>();
  for (const { facts: router, up } of known) {
    for (const { afi, master, vrid } of router.vrrp ?? []) {
      const key = `${vrid} ${afi}`;
      const group = groups.get(key) ?? { vrid, afi, count: 0, mayBeMore: isAnyUnknown };
      groups.set(key, group);
      // What a silent router said last tells that it takes part, and no more.
      if (!up) group.mayBeMore = true;
      else if (master) group.count++;
    }
  }
  return groups;
}
