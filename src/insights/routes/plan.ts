import type { FactsView } from '../../core/insight.ts';
import { keepEqual } from '../../core/keep-equal.ts';
import { keptList } from '../../core/kept-list.ts';
import { listAt } from '../../core/list-at.ts';
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
import { canonicalAddress, type Prefix, parsePrefix, within } from './prefix.ts';

export interface PlanOptions {
  readonly ignore: readonly string[];
  readonly expect: readonly { readonly prefix: string; readonly nexthop?: string | undefined }[];
  /** Other origins are announced by nobody here, or by something that is not LXD's business. */
  readonly origins: readonly Origin[];
}

/** What the routers are held against. */
export interface Plan {
  /** What must be there, by prefix. */
  readonly destinations: readonly Destination[];
  /** Every prefix that matters, by family, also of what must not be there. */
  readonly wanted: Readonly<Record<Prefix['family'], readonly string[]>>;
  /** Whether LXD may announce a prefix with this next hop now, or has been allowed to. */
  allows(prefix: string, nexthop: string): boolean;
  /** Whether nobody but LXD announces within the prefix, and nothing of it is to be ignored. */
  isGuarded(prefix: Prefix): boolean;
  /** Addresses of LXD's routers and members. */
  readonly nexthops: ReadonlySet<string>;
}

export interface Destination {
  readonly prefix: Prefix;
  /** For every next hop the first announcement of each origin. */
  readonly expected: readonly Announcement[];
  /** The next hops of these, each once. */
  readonly nexthops: readonly string[];
}

/** By the configuration: it is the same object until it is read anew. */
const plans = new WeakMap<PlanOptions, (facts: FactsView) => Plan>();

/** The same plan as before as long as LXD's part of it is the same, whatever the routers say. */
export function planRoutes(facts: FactsView, options: PlanOptions): Plan {
  const plan = plans.get(options) ?? derived((view) => makePlan(view, options));
  plans.set(options, plan);
  return plan(facts);
}

function makePlan(facts: FactsView, options: PlanOptions): Plan {
  const networks = networksOf(facts);
  const instances = announcementsOfInstances(facts);
  const announced = [...announcementsOfNetworks(facts), ...(instances?.flat() ?? [])];
  const ignored = within(options.ignore.flatMap((text) => parsePrefix(text) ?? []));
  const here = new Set<string>(options.origins);
  const all = [...readExpected(options.expect), ...announced]
    .filter(({ prefix }) => !ignored(prefix))
    .map((one) => (one.origin === 'config' || here.has(one.origin) || !one.due ? one : { ...one, due: undefined }));
  const allowed = nexthopsByPrefix(all);
  const guarded = instances === undefined ? () => false : territory(facts);
  return {
    destinations: groupByPrefix(all.filter(({ due }) => due)),
    wanted: textsByFamily(all),
    allows: (prefix, nexthop) => {
      const nexthops = allowed.get(prefix);
      return nexthops !== undefined && (nexthops.includes(nexthop) || nexthops.includes(''));
    },
    isGuarded: (prefix) => guarded(prefix) && !ignored(prefix),
    nexthops: new Set([...addressesOfMembers(facts), ...routersOf(networks)]),
  };
}

/** What may be there; that something must not be there forbids nothing that another announcement allows. */
function nexthopsByPrefix(all: readonly Announcement[]): ReadonlyMap<string, readonly string[]> {
  const allowed = new Map<string, string[]>();
  for (const { due, nexthop, prefix } of all) {
    if (due === false) continue;
    const nexthops = listAt(allowed, prefix.text);
    if (!nexthops.includes(nexthop)) nexthops.push(nexthop);
  }
  return allowed;
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

function groupByPrefix(announcements: readonly Announcement[]): readonly Destination[] {
  const byPrefix = new Map<string, Announcement[]>();
  for (const one of announcements) {
    const own = listAt(byPrefix, one.prefix.text);
    if (!own.some(({ nexthop, origin }) => nexthop === one.nexthop && origin === one.origin)) own.push(one);
  }
  return [...byPrefix.values()].map((expected) => ({
    prefix: (expected[0] as Announcement).prefix,
    expected,
    nexthops: [...new Set(expected.map(({ nexthop }) => nexthop))],
  }));
}

function textsByFamily(announcements: readonly Announcement[]): Plan['wanted'] {
  const texts = { ipv4: new Set<string>(), ipv6: new Set<string>() };
  for (const { prefix } of announcements) texts[prefix.family].add(prefix.text);
  return { ipv4: [...texts.ipv4], ipv6: [...texts.ipv6] };
}
