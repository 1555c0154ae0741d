import type { RequestListener } from 'node:http';
import { type FakeHttp, httpOnSocket } from '../../fakes/http-on-socket.ts';
import { acceptWebSocket, frame, refusal } from '../../fakes/websocket.ts';

/** Answers by path and query; a number is the status of an error, a string is text that is not JSON. */
export type Answers = Readonly<Record<string, unknown>>;

const instance = (name: string, more: Record<string, unknown> = {}) => ({
  name,
  project: 'web',
  type: 'container',
  architecture: 'x86_64',
  status: 'Running',
  location: 'm1',
  created_at: '2026-01-01T00:00:00Z',
  last_used_at: '1970-01-01T00:00:00Z',
  expanded_config: {},
  expanded_devices: {},
  snapshots: null,
  state: { processes: 3, disk: {}, network: null },
  ...more,
});

const counters = { bytes_received: 10, bytes_sent: 20, packets_received: 1, packets_sent: 2 };
const link = (more: Record<string, unknown> = {}) => ({
  state: 'up',
  mtu: 9000,
  counters,
  bond: null,
  vlan: null,
  ...more,
});

/** Hand-written answers of a cluster of two: m1 is like LXD 5.21 (it tells its load), m2 like 5.0. */
export const cluster: Answers = {
  '/1.0': {
    auth: 'trusted',
    api_extensions: ['clustering', 'metrics', 'network_forward', 'network_load_balancer'],
    environment: { server: 'lxd', server_clustered: true, server_name: 'm1', server_version: '5.21.3' },
  },
  '/1.0/cluster/members?recursion=1': [
    {
      server_name: 'm1',
      url: 'https://192.0.2.1:8443',
      status: 'Online',
      roles: ['database-leader', 'database'],
      architecture: 'x86_64',
      failure_domain: 'pdu1',
    },
    {
      server_name: 'm2',
      url: 'https://192.0.2.2:8443',
      status: 'Evacuated',
      roles: [],
      architecture: 'x86_64',
      failure_domain: 'pdu2',
    },
  ],
  '/1.0/cluster/members/m1/state?target=m1': {
    sysinfo: {
      uptime: 3600,
      load_averages: [1.5, 1.25, 1],
      total_ram: 16_000,
      free_ram: 4000,
      buffered_ram: 2000,
      logical_cpus: 8,
    },
  },
  '/1.0/cluster/members/m2/state?target=m2': 501,
  '/1.0/resources?target=m1': {
    cpu: { total: 8 },
    memory: { total: 16_000, used: 10_000 },
    network: {
      cards: [
        {
          ports: [
            { id: 'eth0', link_speed: 1000 },
            { id: 'eth1', link_speed: 1000 },
          ],
        },
        { ports: null },
        { ports: [{ id: 'eth2', link_speed: 0, link_detected: false }] },
      ],
    },
  },
  '/1.0/resources?target=m2': { cpu: { total: 4 }, memory: { total: 8000, used: 1000 }, network: { cards: [] } },
  '/1.0/instances?recursion=2&all-projects=true': [
    instance('plain', {
      expanded_config: {
        'limits.cpu': '0-1,4',
        'limits.memory': '50%',
        'image.os': 'Debian',
        'image.release': 'bookworm',
      },
    }),
    instance('stopped', {
      status: 'Stopped',
      location: 'm2',
      last_used_at: '2026-02-01T00:00:00Z',
      expanded_config: {
        'limits.memory': '1GiB',
        'limits.cpu': '2',
        'boot.autostart': 'true',
        'volatile.last_state.power': 'RUNNING',
      },
      snapshots: [{}, {}],
      state: { processes: 0, disk: null, network: null },
    }),
    instance('away', { status: 'Error', location: 'm2', state: null }),
    instance('vm', {
      project: 'lab',
      type: 'virtual-machine',
      status: 'Ready',
      state: { processes: -1, disk: { root: { usage: 5000 }, data: { usage: 0 } } },
    }),
    instance('lxd-move-of-6013eb99-68ae-4391-a85f-9f7c0f747101'),
  ],
  '/1.0/storage-pools?recursion=1': [
    { name: 'remote', driver: 'ceph' },
    { name: 'local', driver: 'zfs' },
    { name: 'objects', driver: 'cephobject' },
  ],
  '/1.0/storage-pools/remote/resources': { space: { used: 100, total: 1000 }, inodes: { used: 0, total: 0 } },
  '/1.0/storage-pools/objects/resources': 501,
  '/1.0/storage-pools?recursion=1&target=m1': [
    { name: 'local', driver: 'zfs' },
    { name: 'remote', driver: 'ceph' },
  ],
  '/1.0/storage-pools?recursion=1&target=m2': [{ name: 'local', driver: 'zfs' }],
  '/1.0/storage-pools/local/resources?target=m1': { space: { used: 7, total: 70 }, inodes: { used: 3, total: 30 } },
  '/1.0/storage-pools/local/resources?target=m2': { space: { total: 80 } },
  '/1.0/projects?recursion=1': [
    { name: 'web', config: { 'features.networks': 'false' } },
    { name: 'my lab', config: { 'features.networks': 'true' } },
  ],
  '/1.0/projects/web/state': { resources: { memory: { Limit: 4096, Usage: 1024 }, instances: { Limit: 0, Usage: 0 } } },
  '/1.0/projects/my%20lab/state': { resources: { cpu: { Limit: -1, Usage: 3 } } },
  '/1.0/networks?recursion=1&project=my%20lab': [
    {
      name: 'routed',
      type: 'ovn',
      managed: true,
      config: {
        network: 'UPLINK',
        'ipv4.address': '10.100.0.1/24',
        'ipv4.nat': 'true',
        'ipv4.nat.address': '198.51.100.7',
        'ipv6.address': '2001:db8:100::1/64',
        'volatile.network.ipv4.address': '172.17.0.100',
        'volatile.network.ipv6.address': '2001:db8:17::100',
      },
    },
    {
      name: 'a bridge',
      type: 'bridge',
      managed: true,
      config: {
        'bgp.ipv4.nexthop': '192.0.2.9',
        'bgp.peers.r1.address': '192.0.2.1',
        'bgp.peers.r1.asn': '64512',
        'ipv4.address': '10.99.0.1/24',
        'ipv6.address': 'none',
        'volatile.network.ipv4.address': '192.0.2.10',
      },
    },
    {
      name: 'UPLINK',
      type: 'physical',
      managed: true,
      config: { 'ipv4.routes': '203.0.113.0/24, 198.51.100.0/24', 'ipv6.routes': '2001:db8:100::/40', network: 'x' },
    },
    { name: 'eth0', type: 'physical', managed: false, config: {} },
    { name: 'empty', type: 'macvlan', managed: true, config: null },
  ],
  '/1.0/networks/routed/forwards?recursion=1&project=my%20lab': [{ listen_address: '203.0.113.65', location: '' }],
  '/1.0/networks/routed/load-balancers?recursion=1&project=my%20lab': [{ listen_address: '203.0.113.81' }],
  '/1.0/networks/a%20bridge/forwards?recursion=1&project=my%20lab': [
    { listen_address: '203.0.113.66', location: 'm1' },
    { listen_address: '203.0.113.66', location: 'm2' },
    { listen_address: '203.0.113.67', location: 'none' },
  ],
  '/1.0/warnings?recursion=1': [
    { status: 'new', location: 'm1', project: '', type: 'Offline cluster member', severity: 'low' },
    { status: 'new', location: 'm1', project: '', type: 'Offline cluster member', severity: 'low' },
    { status: 'resolved', location: 'm1', project: '', type: 'Offline cluster member', severity: 'low' },
    {
      status: 'acknowledged',
      location: 'm2',
      project: 'web',
      type: 'AppArmor support has been disabled',
      severity: 'low',
    },
    { status: 'new', location: 'm2', project: 'web', type: 'Unable to set all ACLs', severity: 'moderate' },
  ],
  '/1.0/operations?recursion=1&all-projects=true': {
    running: [
      { description: 'Evacuating cluster member', location: 'm2', status: 'Running' },
      { description: 'Executing command', location: 'm1', status: 'Running' },
      { description: 'Executing command', location: 'm1', status: 'Running' },
    ],
    failure: [{ description: 'Creating instance', location: 'm1', status: 'Failure' }],
  },
  // Nothing happens: whether an event comes before the page is made would be chance.
  events: [],
  '/1.0/networks?recursion=1&target=m1': ['lo', 'eth0', 'bond0', 'bond0.50', 'br9'].map((name) => ({
    name,
    managed: false,
  })),
  '/1.0/networks?recursion=1&target=m2': [{ name: 'eth0', managed: false }],
  '/1.0/networks/eth0/state?target=m1': link(),
  '/1.0/networks/eth1/state?target=m1': link(),
  '/1.0/networks/eth2/state?target=m1': link({ state: 'down' }),
  '/1.0/networks/bond0/state?target=m1': link({ bond: { lower_devices: ['eth0', 'eth1', 'eth2'] } }),
  '/1.0/networks/bond0.50/state?target=m1': link({ mtu: 1500, vlan: { lower_device: 'bond0' } }),
  '/1.0/networks/eth0/state?target=m2': link({ state: 'down' }),
  '/1.0/metrics?target=m1':
    '# HELP lxd_procs_total The number of running processes.\n# TYPE lxd_procs_total gauge\n' +
    'lxd_procs_total{name="plain",project="web",type="container"} 3\n'.repeat(2) +
    '# EOF\n',
  '/1.0/metrics?target=m2': '# EOF\n',
};

const EVENTS = '/1.0/events?type=lifecycle%2Coperation&all-projects=true';

/**
 * Serves answers on a unix socket, so that every member is asked through `?target=`. The answer for the events is a list of
 * messages, sent at once; the stream then stays open.
 */
export function serveLxd(answers: Answers): Promise<FakeHttp> {
  const listener: RequestListener = (request, response) => {
    const answer = answers[request.url ?? ''] ?? 404;
    if (typeof answer === 'string') {
      response.end(answer);
    } else if (typeof answer === 'number') {
      response.statusCode = answer;
      response.end(JSON.stringify({ type: 'error', error: `no ${request.url}`, error_code: answer, metadata: null }));
    } else {
      response.end(JSON.stringify({ type: 'sync', status: 'Success', status_code: 200, metadata: answer }));
    }
  };
  return httpOnSocket(listener, (request, socket) => {
    const events = answers['events'];
    if (request.url === EVENTS && Array.isArray(events)) {
      acceptWebSocket(request, socket);
      for (const event of events) socket.write(frame({ opcode: 1, payload: JSON.stringify(event) }));
    } else socket.end(refusal(typeof events === 'number' ? events : 404));
  });
}
