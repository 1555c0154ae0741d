import { keptList } from '../../core/kept-list.ts';
import type { FrrFacts, FrrRoutes } from '../../sources/frr/facts.ts';
import type { Destination } from './destination.ts';
import type { Plan } from './plan.ts';
import { parsePrefix } from './prefix.ts';

/** What one router's table says of a prefix. */
export interface Verdict extends Suspect {
  /** Of each next hop that must be there. */
  readonly routes: readonly RouteVerdict[];
  /** Different next hops that lead to it. */
  readonly origins: number;
}

/** By whom it is announced is not looked at yet. */
interface Suspect {
  readonly prefix: string;
  /** Next hops that LXD has not been allowed to announce it with. */
  readonly strangers: readonly string[];
}

export interface RouteVerdict {
  /** Labels of its samples. Frozen: there are many, and they come with every scrape. */
  readonly labels: { readonly router: string; readonly prefix: string; readonly nexthop: string };
  /** A path with this next hop is in the table. */
  readonly received: boolean;
  /** No such path can be used: there is none, or its next hop cannot be reached. */
  readonly missing: boolean;
}

export interface Stray {
  readonly prefix: string;
  readonly nexthop: string;
}

export interface Audit {
  /** Of each destination of the plan; undefined where the router has not been asked yet. */
  readonly verdicts: readonly (Verdict | undefined)[];
  readonly strays: readonly Stray[];
}

type Paths = NonNullable<ReturnType<FrrRoutes['paths']['get']>>;

/** Of what is not in the table any more nothing is kept. */
const audits = new WeakMap<FrrRoutes, (plan: Plan, peers: FrrFacts['peers']) => Audit>();

/** Holds a router's table against a plan. What is the same in both as the last time is not judged anew. */
export function auditTable(plan: Plan, router: string, table: FrrRoutes, peers: FrrFacts['peers']): Audit {
  const audit = audits.get(table) ?? auditorOf(router, table);
  audits.set(table, audit);
  return audit(plan, peers);
}

function auditorOf(router: string, table: FrrRoutes): (plan: Plan, peers: FrrFacts['peers']) => Audit {
  const judgeAll = keptList(
    (_: unknown, destination: Destination, paths: Paths | undefined) => paths && judge(router, destination, paths),
  );
  let found: Found | undefined;
  return (plan, peers) => {
    if (found?.prefixes !== plan.prefixes) found = lookUp(plan, table);
    const verdicts = judgeAll(plan.destinations, found.paths);
    const suspects = verdicts.filter((one): one is Verdict => (one?.strangers.length ?? 0) > 0);
    return { verdicts, strays: findStrays(plan, [...suspects, ...found.others], peers) };
  };
}

/** What is in a table, by the prefixes of a plan. */
interface Found {
  readonly prefixes: Plan['prefixes'];
  /** To each of these; undefined where the router has not been asked yet. */
  readonly paths: readonly (Paths | undefined)[];
  /** What else is in the table. */
  readonly others: readonly Suspect[];
}

function lookUp({ destinations, isKnown, prefixes }: Plan, { complete, paths }: FrrRoutes): Found {
  // Where the whole table was read there are none to what is not in it.
  const toNone = { ipv4: complete.includes('ipv4') ? [] : undefined, ipv6: complete.includes('ipv6') ? [] : undefined };
  const others = [...paths].filter(([prefix]) => !isKnown(prefix));
  return {
    prefixes,
    paths: destinations.map(({ prefix: { family, text } }) => paths.get(text) ?? toNone[family]),
    others: others.map(([prefix, list]) => ({ prefix, strangers: strangersIn(list, []) })),
  };
}

function judge(router: string, { allowed, nexthops, prefix: { text } }: Destination, paths: Paths): Verdict {
  const routes = nexthops.map((nexthop) => ({
    labels: Object.freeze({ router, prefix: text, nexthop }),
    ...judgeRoute(nexthop, paths),
  }));
  return { prefix: text, routes, origins: countOrigins(paths), strangers: strangersIn(paths, allowed) };
}

/** A path that is kept over a restart of its peer counts as received: the route works, and nobody has withdrawn it. */
function judgeRoute(nexthop: string, paths: Paths): Pick<RouteVerdict, 'missing' | 'received'> {
  const matching = nexthop === '' ? paths : paths.filter(({ nexthops }) => nexthops.includes(nexthop));
  return { received: matching.length > 0, missing: !matching.some(({ valid }) => valid) };
}

/** Of paths that are kept over a restart nothing is said, as in `judgeRoute`: they prove nothing. */
function strangersIn(paths: Paths, allowed: readonly string[]): readonly string[] {
  if (allowed.includes('')) return [];
  const nexthops = paths.flatMap((path) => (path.stale ? [] : path.nexthops));
  return [...new Set(nexthops.filter((nexthop) => !allowed.includes(nexthop)))];
}

/**
 * What LXD's routers or members announce, where only LXD may, and should not. Of a table that is not read whole, only
 * what was asked for can be found.
 */
function findStrays(plan: Plan, suspects: readonly Suspect[], peers: FrrFacts['peers']): Stray[] {
  const hosts = new Set(peers.flatMap(({ name, role }) => (role === 'host' ? [name] : [])));
  const isOurs = (nexthop: string) => plan.nexthops.has(nexthop) || hosts.has(nexthop);
  return suspects.flatMap(({ prefix, strangers }) => {
    if (!strangers.some(isOurs)) return [];
    // Read last, because it is only for the few that are wrong.
    const parsed = parsePrefix(prefix);
    if (!parsed || !plan.isGuarded(parsed)) return [];
    return strangers.filter(isOurs).map((nexthop) => ({ prefix: parsed.text, nexthop }));
  });
}

/**
 * How many different next hops lead to a prefix. Another router of the same AS that names itself is no origin, it only
 * knows one, and does not count where there is a path to an origin.
 */
function countOrigins(paths: Paths): number {
  const [origins, routers] = [new Set<string>(), new Set<string>()];
  for (const { internal, nexthops, peer, valid } of paths) {
    if (!valid) continue;
    for (const nexthop of nexthops) {
      // A link-local address leads no further than to the peer, which on an unnumbered session has no other.
      const isRouter = internal && (nexthop === peer || nexthop.startsWith('fe80:'));
      (isRouter ? routers : origins).add(nexthop);
    }
  }
  return origins.size || routers.size;
}
