import { hostLinks } from '../links.ts';
import { type DemoListener, type DemoNetwork, forwards, instances, loadBalancers, members, networks } from '../rack.ts';
import { interfaceState, loopbackState } from './interfaces.ts';
import { allProjects } from './projects.ts';
import { ApiError, type ApiRequest, urlOf } from './request.ts';

const everyMember = members.map(({ name }) => name);

/** `GET /1.0/networks?recursion=1`: the devices of the host are listed in the default project only. */
export function listNetworks({ query }: ApiRequest): unknown[] {
  const project = query.get('project') ?? 'default';
  if (query.get('all-projects') === 'true') return [uplink(), ...networks.map(describeNetwork), ...hostDevices()];
  if (!allProjects.includes(project)) throw new ApiError(404, 'Project not found');
  if (project === 'default') return [uplink(), ...hostDevices()];
  return networks.filter((network) => network.project === project).map(describeNetwork);
}

/** The physical network to which the routers of the OVN networks are attached. */
const uplink = () => ({
  config: {
    'dns.nameservers': '203.0.113.53',
    'ipv4.gateway': '172.17.0.1/24',
    'ipv4.ovn.ranges': '172.17.0.100-172.17.0.199',
    'ipv4.routes': '10.96.0.0/12,203.0.113.0/24',
    'ipv6.gateway': '2001:db8:17::1/64',
    'ipv6.routes': '2001:db8:100::/40',
    parent: 'bond-sw01.51',
    'volatile.last_state.created': 'false',
  },
  description: '',
  name: 'UPLINK',
  type: 'physical',
  used_by: networks.map(({ name, project }) => urlOf('networks', name, project)),
  managed: true,
  status: 'Created',
  locations: everyMember,
});

const describeNetwork = (network: DemoNetwork) => ({
  config: {
    'bridge.mtu': '1442',
    'ipv4.address': network.ipv4.replace('.0/24', '.1/24'),
    'ipv4.nat': String(!network.routed),
    'ipv6.address': network.ipv6.replace('::/', '::1/'),
    'ipv6.nat': 'false',
    network: 'UPLINK',
    'volatile.network.ipv4.address': network.uplinkIpv4,
    'volatile.network.ipv6.address': network.uplinkIpv6,
  },
  description: '',
  name: network.name,
  type: 'ovn',
  used_by: instances
    .filter((one) => one.network === network.name)
    .map((one) => urlOf('instances', one.name, one.project)),
  managed: true,
  status: 'Created',
  locations: everyMember,
});

const hostDevices = () =>
  [{ name: 'lo', kind: 'loopback' }, ...hostLinks].map(({ kind, name }) => ({
    config: {},
    description: '',
    name,
    type: kind,
    used_by: name === 'bond-sw01.51' ? ['/1.0/networks/UPLINK'] : [],
    managed: false,
    status: '',
    locations: null,
  }));

/** `GET /1.0/networks/NAME/state`: of a network, or of any device of the host. */
export function networkState(request: ApiRequest) {
  const {
    member,
    path: [name = ''],
    query,
    state,
  } = request;
  const link = hostLinks.find((one) => one.name === name);
  if (link) return interfaceState(member, link, state);
  if (name === 'lo') return loopbackState;
  const network = networks.find((one) => one.name === name && one.project === (query.get('project') ?? 'default'));
  if (!network) throw new ApiError(404, `Network interface "${name}" not found`);
  return {
    addresses: [
      { family: 'inet', address: network.ipv4.replace('.0/24', '.1'), netmask: '24', scope: 'link' },
      { family: 'inet6', address: network.ipv6.replace('::/64', '::1'), netmask: '64', scope: 'link' },
    ],
    counters: { bytes_received: 0, bytes_sent: 0, packets_received: 0, packets_sent: 0 },
    hwaddr: `00:16:3e:00:${network.id.toString(16).padStart(2, '0')}:01`,
    mtu: 1442,
    state: 'up',
    type: 'broadcast',
    bond: null,
    bridge: null,
    vlan: null,
    ovn: { chassis: state.gatewayOf(network) ?? '' },
  };
}

function networkOf({ path: [name], query }: ApiRequest): DemoNetwork {
  const network = networks.find((one) => one.name === name && one.project === (query.get('project') ?? 'default'));
  if (!network) throw new ApiError(404, 'Network not found');
  return network;
}

const addressOf = (name: string): string => instances.find((instance) => instance.name === name)?.ipv4 as string;

const onNetwork = (listeners: readonly DemoListener[], { name }: DemoNetwork) =>
  listeners.filter(({ network }) => network === name);

/** `GET /1.0/networks/NAME/forwards?recursion=1` */
export const listForwards = (request: ApiRequest) =>
  onNetwork(forwards, networkOf(request)).map(({ backends: [backend = ''], listenAddress, port }) => ({
    listen_address: listenAddress,
    location: '',
    description: '',
    config: {},
    ports: [
      {
        description: '',
        protocol: 'tcp',
        listen_port: String(port),
        target_port: '',
        target_address: addressOf(backend),
      },
    ],
  }));

/** `GET /1.0/networks/NAME/load-balancers?recursion=1` */
export const listLoadBalancers = (request: ApiRequest) =>
  onNetwork(loadBalancers, networkOf(request)).map(({ backends, listenAddress, port }) => ({
    listen_address: listenAddress,
    location: '',
    description: '',
    config: {},
    backends: backends.map((name) => ({ name, description: '', target_port: '', target_address: addressOf(name) })),
    ports: [{ description: '', protocol: 'tcp', listen_port: String(port), target_backend: backends }],
  }));
