import type { Northbound } from '../client/northbound.ts';
import type { NetworkCounts, NetworkFacts } from '../facts.ts';
import { isSharedAcl, networkOf, sharedAclOf } from '../lxd-names.ts';

/** Those that OVN has had for long; a network without one of them shows 0. */
const aclActions = ['allow', 'allow-related', 'allow-stateless', 'drop', 'reject'];
const natKinds = ['snat', 'dnat', 'dnat_and_snat'];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Tally {
  readonly counts: Mutable<NetworkCounts>;
  readonly aclsByAction: Map<string, number>;
  readonly natByKind: Map<string, number>;
}

/** Counts the objects of every network, by the names that LXD gives them. */
export function countNetworks(northbound: Northbound): readonly NetworkFacts[] {
  const tallies = new Map<string, Tally>();
  const of = (name: string): Tally => {
    const network = networkOf(name);
    const tally = tallies.get(network) ?? emptyTally();
    tallies.set(network, tally);
    return tally;
  };
  countSwitches(northbound, of);
  countRouters(northbound, of);
  countPortGroups(northbound, of);
  for (const { name, vips } of northbound.table('Load_Balancer').rows.values()) {
    of(name).counts.loadBalancers++;
    of(name).counts.loadBalancerVips += vips.size;
  }
  for (const { name } of northbound.table('Address_Set').rows.values()) of(name).counts.addressSets++;
  for (const { external_ids } of northbound.table('DHCP_Options').rows.values()) {
    of(external_ids.get('lxd_switch') ?? '').counts.dhcpOptions++;
  }
  return [...tallies].map(([network, tally]) => ({ network, ...tally }));
}

function countSwitches(northbound: Northbound, of: (name: string) => Tally): void {
  for (const { acls, dns_records, name, qos_rules } of northbound.table('Logical_Switch').rows.values()) {
    const { aclsByAction, counts } = of(name);
    counts.switches++;
    counts.qosRules += qos_rules.size;
    counts.dnsRecords += dns_records.size;
    countAcls(northbound, acls, aclsByAction);
  }
}

function countRouters(northbound: Northbound, of: (name: string) => Tally): void {
  for (const { name, nat, policies, static_routes } of northbound.table('Logical_Router').rows.values()) {
    const { counts, natByKind } = of(name);
    counts.routers++;
    counts.staticRoutes += static_routes.size;
    counts.policies += policies.size;
    for (const uuid of nat) {
      const rule = northbound.table('NAT').rows.get(uuid);
      if (rule) increment(natByKind, rule.type);
    }
  }
}

/**
 * The rules of an LXD ACL stand in the port group `lxd_acl7`, which belongs to no network. For every network that uses
 * it there is a group `lxd_acl7_net5` besides.
 */
function countPortGroups(northbound: Northbound, of: (name: string) => Tally): void {
  const groups = [...northbound.table('Port_Group').rows.values()];
  const shared = new Map(groups.filter(({ name }) => isSharedAcl(name)).map(({ acls, name }) => [name, acls]));
  for (const { acls, name } of groups) {
    of(name).counts.portGroups++;
    if (shared.has(name)) continue;
    const { aclsByAction } = of(name);
    countAcls(northbound, acls, aclsByAction);
    countAcls(northbound, shared.get(sharedAclOf(name) ?? '') ?? [], aclsByAction);
  }
}

function countAcls(northbound: Northbound, uuids: Iterable<string>, byAction: Map<string, number>): void {
  for (const uuid of uuids) {
    const rule = northbound.table('ACL').rows.get(uuid);
    if (rule) increment(byAction, rule.action);
  }
}

const increment = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);

const emptyTally = (): Tally => ({
  counts: {
    routers: 0,
    switches: 0,
    loadBalancers: 0,
    loadBalancerVips: 0,
    staticRoutes: 0,
    policies: 0,
    dhcpOptions: 0,
    qosRules: 0,
    dnsRecords: 0,
    addressSets: 0,
    portGroups: 0,
  },
  aclsByAction: new Map(aclActions.map((action) => [action, 0])),
  natByKind: new Map(natKinds.map((kind) => [kind, 0])),
});
