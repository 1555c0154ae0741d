import type { FactsView } from '../../core/insight.ts';
import { keepEqual } from '../../core/keep-equal.ts';
import { keptList } from '../../core/kept-list.ts';
import { derived } from '../../core/reading.ts';
import { type InstanceFacts, lxdFacts, type MemberFacts, type NetworkFacts } from '../../sources/lxd/facts.ts';
import { instancesOf } from '../index-of-instances.ts';
import {
  type Announcement,
  announcementsOfInstance,
  announcementsOfNetwork,
  type Origin,
  territoryOf,
} from './announcements.ts';
import { type Destination, describeDestination, groupByPrefix } from './destination.ts';
import { canonicalAddress, type Prefix, parsePrefix, within } from './prefix.ts';

export interface PlanOptions {
  readonly ignore: readonly string[];
  readonly expect: readonly { readonly prefix: string; readonly nexthop?: string | undefined }[];
  /** Other origins are announced by nobody here, or by something that is not LXD's business. */
  readonly origins: readonly Origin[];
}

/** What the routers are held against. */
export interface Plan {
  /** Each is the same object as before as long as nothing of it changes. */
  readonly destinations: readonly Destination[];
  /** Their prefixes, in the same order; the same lists as long as none comes or goes. */
  readonly prefixes: readonly string[];
  readonly prefixesOf: Readonly<Record<Prefix['family'], readonly string[]>>;
  /** Whether it is one of these. */
  isKnown(prefix: string): boolean;
  /** Whether nobody but LXD announces within the prefix, and nothing of it is to be ignored. */
  isGuarded(prefix: Prefix): boolean;
  /** Addresses of LXD's routers and members. */
  readonly nexthops: ReadonlySet<string>;
}

/** By the configuration: it is the same object until it is read anew. */
const plans = new WeakMap<PlanOptions, (facts: FactsView) => Plan>();

/** The same plan as before as long as LXD's part of it is the same, whatever the routers say. */
export function planRoutes(facts: FactsView, options: PlanOptions): Plan {
  const plan = plans.get(options) ?? derived(planner(options));
  plans.set(options, plan);
  return plan(facts);
}

/** Makes plan after plan; what is known of a prefix is not found out anew while the announcements of it are the same. */
function planner({ expect, ignore, origins }: PlanOptions): (facts: FactsView) => Plan {
  const ignored = within(ignore.flatMap((text) => parsePrefix(text) ?? []));
  const configured = readExpected(expect);
  const isHere = new Set<string>([...origins, 'config']);
  const keepDestinations = keptList((_: unknown, group: readonly Announcement[]) => describeDestination(group));
  let groups: ReadonlyMap<string, readonly Announcement[]> = new Map();
  let prefixes = listPrefixes([]);
  return (facts) => {
    const instances = announcementsOfInstances(facts);
    const announced = [...announcementsOfNetworks(facts), ...(instances?.flat() ?? [])];
    const all = [...configured, ...announced].filter(({ prefix }) => !ignored(prefix));
    // What others announce may be there, and need not.
    const judged = all.map((one) => (isHere.has(one.origin) || !one.due ? one : { ...one, due: undefined }));
    const known = keepEqual(groups, groupByPrefix(judged));
    groups = known;
    const destinations = keepDestinations([...known.values()]);
    prefixes = keepEqual(prefixes, listPrefixes(destinations));
    const guarded = instances === undefined ? () => false : territory(facts);
    return {
      ...{ destinations, ...prefixes },
      isKnown: (prefix) => known.has(prefix),
      isGuarded: (prefix) => guarded(prefix) && !ignored(prefix),
      nexthops: nexthopsOfLxd(facts),
    };
  };
}

function listPrefixes(destinations: readonly Destination[]): Pick<Plan, 'prefixes' | 'prefixesOf'> {
  const textsOf = (some: readonly Destination[]) => some.map(({ prefix }) => prefix.text);
  const ofFamily = (family: Prefix['family']) => textsOf(destinations.filter(({ prefix }) => prefix.family === family));
  return { prefixes: textsOf(destinations), prefixesOf: { ipv4: ofFamily('ipv4'), ipv6: ofFamily('ipv6') } };
}

const networksOf = derived((facts): readonly NetworkFacts[] =>
  facts.of(lxdFacts).flatMap((target) => target.facts.networks ?? []),
);

/** Finds what each instance announces; as long as the networks are the same, only for those that have changed. */
const announcer = derived((facts) => {
  const known = new Map(networksOf(facts).map((network) => [`${network.project}/${network.name}`, network]));
  return keptList((before: readonly Announcement[] | undefined, instance: InstanceFacts): readonly Announcement[] => {
    // An instance of a project without networks of its own uses those of the project default.
    const networkOf = (name: string) => known.get(`${instance.project}/${name}`) ?? known.get(`default/${name}`);
    return keepEqual(before, announcementsOfInstance(instance, networkOf));
  });
});

/**
 * Of each instance what it announces. The same list as long as that does not change, whatever else of them does.
 * Undefined while the instances are not known: then nothing can be called unexpected.
 */
export const announcementsOfInstances = derived((facts): readonly (readonly Announcement[])[] | undefined => {
  const instances = instancesOf(facts);
  return instances && announcer(facts)(instances);
});

const addressesOfMembers = derived(
  (facts): readonly string[] => addressesOf(facts.of(lxdFacts).flatMap((target) => target.facts.members ?? [])),
  keepEqual,
);

const announcementsOfNetworks = derived((facts): readonly Announcement[] =>
  networksOf(facts).flatMap(announcementsOfNetwork),
);

const nexthopsOfLxd = derived(
  (facts): ReadonlySet<string> => new Set([...addressesOfMembers(facts), ...routersOf(networksOf(facts))]),
);

const territory = derived((facts) => within(territoryOf(networksOf(facts))));

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
