import type { FactsView } from '../../core/insight.ts';
import { type DatabaseFacts, type NorthdFacts, ovnFacts } from '../../sources/ovn/facts.ts';
import { gatewayStandings, type Time } from './gateways.ts';
import { type Component, majorityOf, type Row } from './row.ts';

/** Database servers, northd and gateways of each OVN. */
export function ovnRows(facts: FactsView, time: Time): Row[] {
  const targets = facts.of(ovnFacts).map((target) => target.facts);
  return [
    ...targets.flatMap(({ databases = [] }) => databases.flatMap(countServers)),
    ...targets.flatMap(({ northd }) => (northd ? countNorthd(northd) : [])),
    ...gatewayStandings(facts, time).map(({ alive, expected, network }): Row => {
      return { component: 'ovn_gateway', name: network, current: alive.length, expected, minimum: 1 };
    }),
  ];
}

const databaseComponents = { northbound: 'ovn_nb', southbound: 'ovn_sb' } as const satisfies Record<string, Component>;

export interface DatabaseStanding {
  /** Servers that answer and are in contact with the majority. */
  readonly working: readonly string[];
  readonly expected: number;
  readonly minimum: number;
}

/**
 * A unit is a server of the database. Expected are those that are configured, but for relays, which have no vote. A
 * cluster needs more than half; of servers that are not clustered, one serves. Undefined when none answers: it may be
 * rackwatch that is cut off.
 */
export function judgeDatabase({ servers }: DatabaseFacts): DatabaseStanding | undefined {
  const voters = servers.filter(({ model }) => model !== 'relay');
  if (!voters.some(({ up }) => up)) return undefined;
  const minimum = voters.some(({ model }) => model === 'standalone') ? 1 : majorityOf(voters.length);
  const working = voters.filter(({ connected, up }) => up && connected).map(({ server }) => server);
  return { working, expected: voters.length, minimum };
}

function countServers(database: DatabaseFacts): Row[] {
  const standing = judgeDatabase(database);
  if (!standing) return [];
  const { expected, minimum, working } = standing;
  return [{ component: databaseComponents[database.db], current: working.length, expected, minimum }];
}

/**
 * A unit is a northd. OVN tells of none but the one whose control socket is read: while that stands by, another one is
 * active, and two are known. While it is active nobody knows whether others stand by, so there is nothing to count,
 * unless it has lost a database: then the one that has the lock cannot work.
 */
function countNorthd({ connected, status }: NorthdFacts): Row[] {
  const known = { component: 'ovn_northd', expected: 2, minimum: 1 } as const;
  if (status === 'standby') return [{ ...known, current: connected ? 2 : 1 }];
  return status === 'active' && !connected ? [{ ...known, current: 0 }] : [];
}
