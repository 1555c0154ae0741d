import { type DemoNetwork, forwards, instances, loadBalancers, members, networks } from '../rack.ts';
import { uuidOf } from './identifiers.ts';
import type { ProgressClock } from './progress.ts';
import type { Contents, Row } from './values.ts';

type Rows = Record<string, Row>;
type Put = (table: string, uuid: string, row: Row) => void;
/** Puts access rules with these actions and returns their UUIDs. */
type PutRules = (actions: readonly string[], name: string) => readonly string[];

/** Projects that use the LXD ACL 1, whose rules stand in one port group for all. */
const ACL_PROJECTS = ['web', 'db', 'infra'];
const baseline = ['allow', 'allow', 'allow', 'allow', 'allow', 'allow', 'allow'];
const sharedRules = ['allow-related', 'allow-related', 'drop', 'reject'];

const numbered = (table: string, count: number, ...name: readonly (string | number)[]): readonly string[] =>
  Array.from({ length: count }, (_, index) => uuidOf(table, ...name, index));

const instancesOf = ({ name }: DemoNetwork) => instances.filter(({ network }) => network === name);
const listenersOf = ({ name }: DemoNetwork) =>
  [...forwards, ...loadBalancers].filter(({ network }) => network === name);

/** What LXD writes for the rack's networks (lxd/network/driver_ovn.go), as far as it does not change. */
const fixed = buildFixed();

/** Contents of OVN_Northbound at this moment. */
export function northboundContents(progress: ProgressClock): Contents {
  const { northbound, southbound } = progress;
  const slowest = members.map(({ name }) => progress.of(name)).sort((a, b) => a.cfg - b.cfg || b.at - a.at)[0];
  const global = {
    nb_cfg: northbound.cfg,
    nb_cfg_timestamp: northbound.at,
    sb_cfg: southbound.cfg,
    sb_cfg_timestamp: southbound.at,
    hv_cfg: slowest?.cfg,
    hv_cfg_timestamp: slowest?.at,
    options: { northd_internal_version: '23.03.1-20.27.0-70.6' },
  };
  return { ...fixed, NB_Global: { [uuidOf('NB_Global')]: global } };
}

function buildFixed(): Contents {
  const tables: Record<string, Rows> = {
    Logical_Switch: {},
    Logical_Router: {},
    Port_Group: {},
    ACL: {},
    NAT: {},
    Load_Balancer: {},
    Address_Set: {},
    DHCP_Options: {},
    Logical_Switch_Port: {},
  };
  const put: Put = (table, uuid, row) => {
    (tables[table] as Rows)[uuid] = row;
  };
  const rules: PutRules = (actions, name) => {
    const uuids = numbered('ACL', actions.length, name);
    for (const [index, uuid] of uuids.entries()) put('ACL', uuid, { action: actions[index] });
    return uuids;
  };
  put('Port_Group', uuidOf('Port_Group', 'lxd_acl1'), { name: 'lxd_acl1', acls: rules(sharedRules, 'lxd_acl1') });
  for (const network of networks) putNetwork(network, put, rules);
  return tables;
}

function putNetwork(network: DemoNetwork, put: Put, rules: PutRules): void {
  const name = `lxd-net${network.id}`;
  const group = `lxd_net${network.id}`;
  putSwitches(network, put, rules);
  putRouter(network, put);
  put('Port_Group', uuidOf('Port_Group', group), { name: group });
  if (ACL_PROJECTS.includes(network.project)) {
    const companion = `lxd_acl1_net${network.id}`;
    put('Port_Group', uuidOf('Port_Group', companion), { name: companion });
  }
  for (const family of ['ip4', 'ip6']) {
    put('Address_Set', uuidOf('Address_Set', group, family), { name: `${group}_routes_${family}` });
    put('DHCP_Options', uuidOf('DHCP_Options', group, family), { external_ids: { lxd_switch: `${name}-ls-int` } });
  }
  for (const { backends, listenAddress, port } of listenersOf(network)) {
    const balancer = `${name}-lb-${listenAddress}-tcp`;
    const behind = instancesOf(network).filter((instance) => backends.includes(instance.name));
    const vips = { [`${listenAddress}:${port}`]: behind.map(({ ipv4 }) => `${ipv4}:${port}`).join(',') };
    put('Load_Balancer', uuidOf('Load_Balancer', balancer), { name: balancer, protocol: 'tcp', vips });
  }
}

function putSwitches(network: DemoNetwork, put: Put, rules: PutRules): void {
  const name = `lxd-net${network.id}`;
  put('Logical_Switch', uuidOf('Logical_Switch', `${name}-ls-ext`), { name: `${name}-ls-ext` });
  put('Logical_Switch', uuidOf('Logical_Switch', `${name}-ls-int`), {
    name: `${name}-ls-int`,
    acls: rules(baseline, `${name}-ls-int`),
    dns_records: numbered('DNS', instancesOf(network).length, name),
  });
}

/** A routed network's addresses are announced as they are; any other is translated. */
function putRouter(network: DemoNetwork, put: Put): void {
  const name = `lxd-net${network.id}`;
  const published = instancesOf(network).filter(({ externalRoute }) => externalRoute);
  const kinds = network.routed ? [] : ['snat', ...published.map(() => 'dnat_and_snat')];
  const nat = numbered('NAT', kinds.length, name);
  for (const [index, uuid] of nat.entries()) put('NAT', uuid, { type: kinds[index] });
  put('Logical_Router', uuidOf('Logical_Router', `${name}-lr`), {
    name: `${name}-lr`,
    nat,
    static_routes: numbered('Logical_Router_Static_Route', 2, name),
    policies: numbered('Logical_Router_Policy', 3, name),
  });
}
