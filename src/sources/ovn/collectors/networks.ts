import { gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { OvnClient } from '../client/client.ts';
import { northboundTables } from '../client/northbound.ts';
import type { OvnConfig } from '../config.ts';
import type { NetworkCounts, OvnFacts } from '../facts.ts';
import { countNetworks } from './network-counts.ts';
import { remember } from './remember.ts';

const count = (thing: string, help: string) => gauge(`ovn_network_${thing}`, { help, labels: ['network'] });

const counts: Readonly<Record<keyof NetworkCounts, ReturnType<typeof count>>> = {
  routers: count('routers', 'Logical routers of the network.'),
  switches: count('switches', 'Logical switches of the network.'),
  loadBalancers: count(
    'load_balancers',
    "OVN load balancers: LXD's network forwards and load balancers, one a protocol.",
  ),
  loadBalancerVips: count('load_balancer_vips', 'Addresses and ports that the load balancers listen on.'),
  staticRoutes: count('static_routes', "Static routes of the network's routers."),
  policies: count('policies', "Routing policies of the network's routers."),
  dhcpOptions: count('dhcp_options', 'DHCP option sets of the network, one an address family.'),
  qosRules: count('qos_rules', "QoS rules of the network's switches."),
  dnsRecords: count('dns_records', "DNS record sets of the network's switches: with LXD, one an instance's port."),
  addressSets: count('address_sets', 'Address sets of the network.'),
  portGroups: count('port_groups', 'Port groups of the network.'),
};
const acls = gauge('ovn_network_acls', {
  help: 'Access rules in force on the network by action. The rules of an LXD ACL count on every network that uses it.',
  labels: ['network', 'action'],
});
const natRules = gauge('ovn_network_nat_rules', {
  help: 'Address translation rules of the network by kind.',
  labels: ['network', 'kind'],
});

export const networks: Collector<OvnClient, OvnFacts, OvnConfig> = {
  name: 'networks',
  help: 'What each network is made of: routers, switches, access rules, address translation, load balancers, routes.',
  metrics: [...Object.values(counts), acls, natRules],
  isNeeded: ({ northbound }) => northbound.length > 0,
  async collect({ client, emit, signal }) {
    const northbound = await client.readNorthbound(signal);
    if (!northbound) return undefined;
    const revisions = tableNames.map((name) => northbound.table(name).revision);
    const list = remembered(client, revisions, () => countNetworks(northbound));
    for (const { aclsByAction, counts: values, natByKind, network } of list) {
      for (const [thing, metric] of metrics) emit(metric, { network }, values[thing]);
      for (const [action, value] of aclsByAction) emit(acls, { network, action }, value);
      for (const [kind, value] of natByKind) emit(natRules, { network, kind }, value);
    }
    return { networks: list };
  },
};

const metrics = Object.entries(counts) as [keyof NetworkCounts, ReturnType<typeof count>][];
/** NB_Global changes with every change of anything, and ports are not counted here. */
const tableNames = (Object.keys(northboundTables) as (keyof typeof northboundTables)[]).filter(
  (name) => name !== 'NB_Global' && name !== 'Logical_Switch_Port',
);
const remembered = remember<OvnClient, ReturnType<typeof countNetworks>>();
