import type { FactsView } from '../../core/insight.ts';
import { lxdFacts, type MemberFacts, type NetworkFacts } from '../../sources/lxd/facts.ts';
import {
  type Announcement,
  announcementsOfInstance,
  announcementsOfNetwork,
  type Origin,
  territoryOf,
} from './announcements.ts';
import { canonicalAddress, type Prefix, parsePrefix, within } from './prefix.ts';

export interface PlanOptions {
  readonly ignore: readonly string[];
  readonly expect: readonly { readonly prefix: string; readonly nexthop?: string | undefined }[];
  /** Other origins are announced by nobody here, or by something that is not LXD's business. */
  readonly origins: readonly Origin[];
}

/** What the routers are held against. */
export interface Plan {
  /** What must be there: for every prefix and next hop the first announcement of each origin. */
  readonly expected: readonly Announcement[];
  /** The same, once for every prefix and next hop. */
  readonly distinct: readonly Announcement[];
  /** Every prefix that matters, also of what must not be there. */
  readonly prefixes: readonly Prefix[];
  /** Whether LXD may announce a prefix with this next hop now, or has been allowed to. */
  allows(prefix: string, nexthop: string): boolean;
  /** Whether nobody but LXD announces within the prefix, and nothing of it is to be ignored. */
  isGuarded(prefix: Prefix): boolean;
  /** Addresses of LXD's routers and members. */
  readonly nexthops: ReadonlySet<string>;
}

export function planRoutes(facts: FactsView, options: PlanOptions): Plan {
  const { instances, members, networks } = readLxd(facts);
  const announced =
    instances === undefined ? announceNetworks(networks) : [...announceNetworks(networks), ...instances];
  const ignored = within(options.ignore.flatMap((text) => parsePrefix(text) ?? []));
  const here = new Set<string>(options.origins);
  const all = [...readExpected(options.expect), ...announced]
    .filter(({ prefix }) => !ignored(prefix))
    .map((one) => (one.origin === 'config' || here.has(one.origin) || !one.due ? one : { ...one, due: undefined }));
  const allowed = nexthopsByPrefix(all);
  const expected = firstBy(
    all.filter(({ due }) => due),
    ({ nexthop, origin, prefix }) => `${prefix.text} ${nexthop} ${origin}`,
  );
  const guarded = within(instances === undefined ? [] : territoryOf(networks));
  return {
    expected,
    distinct: firstBy(expected, ({ nexthop, prefix }) => `${prefix.text} ${nexthop}`),
    prefixes: firstBy(
      all.map(({ prefix }) => prefix),
      ({ text }) => text,
    ),
    allows: (prefix, nexthop) => {
      const nexthops = allowed.get(prefix);
      return nexthops !== undefined && (nexthops.has(nexthop) || nexthops.has(''));
    },
    isGuarded: (prefix) => guarded(prefix) && !ignored(prefix),
    nexthops: new Set([...addressesOf(members), ...routersOf(networks)]),
  };
}

/** What may be there; that something must not be there forbids nothing that another announcement allows. */
function nexthopsByPrefix(all: readonly Announcement[]): ReadonlyMap<string, ReadonlySet<string>> {
  const allowed = new Map<string, Set<string>>();
  for (const { due, nexthop, prefix } of all) {
    if (due === false) continue;
    const nexthops = allowed.get(prefix.text);
    if (nexthops) nexthops.add(nexthop);
    else allowed.set(prefix.text, new Set([nexthop]));
  }
  return allowed;
}

interface Lxd {
  readonly networks: readonly NetworkFacts[];
  readonly members: readonly MemberFacts[];
  /** Undefined while the instances are not known: then nothing can be called unexpected. */
  readonly instances: readonly Announcement[] | undefined;
}

function readLxd(facts: FactsView): Lxd {
  const targets = facts.of(lxdFacts).map((target) => target.facts);
  const networks = targets.flatMap((target) => target.networks ?? []);
  const known = new Map(networks.map((network) => [`${network.project}/${network.name}`, network]));
  const lists = targets.flatMap((target) => (target.instances ? [target.instances] : []));
  // An instance of a project without networks of its own uses those of the project default.
  const announced = lists.flat().flatMap((instance) => {
    const networkOf = (name: string) => known.get(`${instance.project}/${name}`) ?? known.get(`default/${name}`);
    return announcementsOfInstance(instance, networkOf);
  });
  return {
    networks,
    members: targets.flatMap((target) => target.members ?? []),
    instances: lists.length > 0 ? announced : undefined,
  };
}

const announceNetworks = (networks: readonly NetworkFacts[]): Announcement[] =>
  networks.flatMap(announcementsOfNetwork);

const readExpected = (expect: PlanOptions['expect']): Announcement[] =>
  expect.flatMap(({ nexthop, prefix: text }) => {
    const prefix = parsePrefix(text);
    const address = nexthop === undefined ? '' : canonicalAddress(nexthop);
    return prefix && address !== undefined ? [{ prefix, nexthop: address, origin: 'config', due: true }] : [];
  });

const routersOf = (networks: readonly NetworkFacts[]): string[] =>
  networks.flatMap(({ ipv4, ipv6 }) =>
    [ipv4.nexthop, ipv6.nexthop].flatMap((nexthop) => (nexthop === undefined ? [] : (canonicalAddress(nexthop) ?? []))),
  );

/** Where a member is asked is an address of its own, unless it is a name. */
const addressesOf = (members: readonly MemberFacts[]): string[] =>
  members.flatMap(({ url }) => {
    const host = URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') : '';
    return canonicalAddress(host) ?? [];
  });

function firstBy<T>(things: readonly T[], keyOfThing: (thing: T) => string): T[] {
  const first = new Map<string, T>();
  for (const thing of things) {
    const key = keyOfThing(thing);
    if (!first.has(key)) first.set(key, thing);
  }
  return [...first.values()];
}
