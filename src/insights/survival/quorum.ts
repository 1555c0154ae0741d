import type { FactsView } from '../../core/insight.ts';
import { cephFacts } from '../../sources/ceph/facts.ts';
import { ovnFacts } from '../../sources/ovn/facts.ts';
import { membersByName } from '../index-of-members.ts';
import { workingMons } from '../redundancy/ceph.ts';
import { gatewayStandings, type Time } from '../redundancy/gateways.ts';
import { judgeVoters } from '../redundancy/lxd.ts';
import { judgeDatabase } from '../redundancy/ovn.ts';
import { majorityOf } from '../redundancy/row.ts';
import type { Loss, Resource } from './loss.ts';
import { createLocator, type ServerMembers } from './server-members.ts';

/**
 * Whether each quorum holds without a member and what runs on it. Nothing is said of a quorum of which the member of
 * one that works is not known: it might be the one that is lost.
 */
export function quorumLosses(facts: FactsView, servers: ServerMembers): Loss[] {
  const voters = judgeVoters(facts);
  return [
    ...(voters ? judge(facts, 'lxd_quorum', voters.working, voters.minimum) : []),
    ...facts.of(cephFacts).flatMap(({ facts: ceph }) => {
      const mons = workingMons(ceph);
      const minimum = ceph.mons?.majority ?? majorityOf(ceph.mons?.mons.length ?? 0);
      return mons
        ? judge(
            facts,
            'ceph_quorum',
            mons.map(({ member }) => member),
            minimum,
          )
        : [];
    }),
    ...databaseLosses(facts, servers),
  ];
}

const resources = { northbound: 'ovn_nb_quorum', southbound: 'ovn_sb_quorum' } as const;

function databaseLosses(facts: FactsView, servers: ServerMembers): Loss[] {
  const locate = createLocator(facts, servers);
  const databases = facts.of(ovnFacts).flatMap((target) => target.facts.databases ?? []);
  return databases.flatMap((database) => {
    const standing = judgeDatabase(database);
    if (!standing) return [];
    const places = standing.working.map((server) => locate(server) ?? '');
    return judge(facts, resources[database.db], places, standing.minimum);
  });
}

/** @param working members of those that work, one for each */
function judge(facts: FactsView, resource: Resource, working: readonly string[], minimum: number): Loss[] {
  if (working.includes('')) return [];
  const counts = new Map<string, number>();
  for (const member of working) counts.set(member, (counts.get(member) ?? 0) + 1);
  return concerned(facts, counts.keys()).map((member) => {
    const left = working.length - (counts.get(member) ?? 0);
    return { member, resource, survives: left >= minimum };
  });
}

/** Whether every network has a chassis left that may be its gateway. */
export function gatewayLosses(facts: FactsView, time: Time): Loss[] {
  const places = gatewayStandings(facts, time).map(({ alive }) => new Set(alive));
  if (places.length === 0) return [];
  const isBroken = places.some(({ size }) => size === 0);
  const critical = new Set(places.flatMap((members) => (members.size === 1 ? [...members] : [])));
  const members = new Set(places.flatMap((alive) => [...alive]));
  return concerned(facts, members).map((member) => {
    return { member, resource: 'gateways', survives: !isBroken && !critical.has(member) };
  });
}

/** The members of LXD, and hosts that are none. */
const concerned = (facts: FactsView, others: Iterable<string>): readonly string[] => [
  ...new Set([...membersByName(facts).keys(), ...others]),
];
