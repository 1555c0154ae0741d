import type { FrrFacts, FrrRoutes } from '../../sources/frr/facts.ts';
import type { Plan } from './plan.ts';
import { type Prefix, parsePrefix } from './prefix.ts';

export interface Verdict {
  /** A path with this next hop is in the table. */
  readonly received: boolean;
  /** No such path can be used: there is none, or its next hop cannot be reached. */
  readonly missing: boolean;
}

type Paths = NonNullable<ReturnType<FrrRoutes['paths']['get']>>;

/** The paths to a prefix, none where the whole table was read; undefined where the router has not been asked yet. */
export const pathsTo = ({ complete, paths }: FrrRoutes, { family, text }: Prefix): Paths | undefined =>
  paths.get(text) ?? (complete.includes(family) ? [] : undefined);

/** A path that is kept over a restart of its peer counts as received: the route works, and nobody has withdrawn it. */
export function judge(nexthop: string, paths: Paths): Verdict {
  const matching = nexthop === '' ? paths : paths.filter(({ nexthops }) => nexthops.includes(nexthop));
  return { received: matching.length > 0, missing: !matching.some(({ valid }) => valid) };
}

export interface Stray {
  readonly prefix: string;
  readonly nexthop: string;
}

/**
 * What LXD's routers or members announce, where only LXD may, and should not. A path that is kept over a restart proves
 * nothing, as in `judge`. Of a table that is not read whole, only what was asked for can be found.
 */
export function findStrays(plan: Plan, { paths }: FrrRoutes, peers: FrrFacts['peers']): Stray[] {
  const hosts = new Set(peers.flatMap(({ name, role }) => (role === 'host' ? [name] : [])));
  const isOurs = (nexthop: string) => plan.nexthops.has(nexthop) || hosts.has(nexthop);
  const strays: Stray[] = [];
  for (const [prefix, list] of paths) {
    const isWrong = (nexthop: string) => isOurs(nexthop) && !plan.allows(prefix, nexthop);
    if (!list.some(({ nexthops, stale }) => !stale && nexthops.some(isWrong))) continue;
    // Read last, because it is only for the few that are wrong.
    const parsed = parsePrefix(prefix);
    if (!parsed || !plan.isGuarded(parsed)) continue;
    const wrong = list.flatMap(({ nexthops, stale }) => (stale ? [] : nexthops.filter(isWrong)));
    for (const nexthop of new Set(wrong)) strays.push({ prefix: parsed.text, nexthop });
  }
  return strays;
}

/**
 * How many different next hops lead to a prefix. Another router of the same AS that names itself is no origin, it only
 * knows one, and does not count where there is a path to an origin.
 */
export function countOrigins(paths: Paths): number {
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
