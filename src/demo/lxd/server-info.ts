import { hostCpu, hostLoadOf, hostMemoryBytes } from '../load.ts';
import { members } from '../rack.ts';
import { apiExtensions } from './api-extensions.ts';
import { ApiError, type ApiRequest } from './request.ts';
import { resourcesOfPool, storagePools } from './storage.ts';

/** What `GET /1.0` tells a client that it does not know. */
export const untrustedInfo = () => ({
  api_extensions: apiExtensions,
  api_status: 'stable',
  api_version: '1.0',
  auth: 'untrusted',
  public: false,
  auth_methods: ['tls'],
});

const lxcFeatures = [
  'cgroup2',
  'core_scheduling',
  'devpts_fd',
  'idmapped_mounts_v2',
  'mount_injection_file',
  'network_gateway_device_route',
  'network_ipvlan',
  'network_l2proxy',
  'network_phys_macvlan_mtu',
  'network_veth_router',
  'pidfd',
  'seccomp_allow_deny_syntax',
  'seccomp_notify',
  'seccomp_proxy_send_notify_fd',
];

/** What is the same on every member. */
const platform = {
  architectures: ['x86_64', 'i686'],
  backup_metadata_version_range: [1, 2],
  driver: 'lxc | qemu',
  driver_version: '6.0.4 | 8.2.2',
  instance_types: ['container', 'virtual-machine'],
  firewall: 'nftables',
  kernel: 'Linux',
  kernel_architecture: 'x86_64',
  kernel_features: {
    idmapped_mounts: 'true',
    netnsid_getifaddrs: 'true',
    seccomp_listener: 'true',
    seccomp_listener_continue: 'true',
    uevent_injection: 'true',
    unpriv_binfmt: 'true',
    unpriv_fscaps: 'true',
  },
  kernel_version: '6.8.0-100-generic',
  lxc_features: Object.fromEntries(lxcFeatures.map((name) => [name, 'true'])),
  os_name: 'Ubuntu',
  os_version: '24.04',
  project: 'default',
  server: 'lxd',
  server_clustered: true,
  server_event_mode: 'full-mesh',
  server_lts: true,
  server_pid: 2417,
  server_version: '5.21.4',
  storage: 'ceph | cephfs | zfs',
  storage_version: '17.2.9 | 17.2.9 | 2.2.2-0ubuntu9.4',
  storage_supported_drivers: [
    { Name: 'ceph', Version: '17.2.9', Remote: true },
    { Name: 'cephfs', Version: '17.2.9', Remote: true },
    { Name: 'dir', Version: '1', Remote: false },
    { Name: 'zfs', Version: '2.2.2-0ubuntu9.4', Remote: false },
  ],
};

/** `GET /1.0` */
export function serverInfo({ addresses, certificate, fingerprint, member, state }: ApiRequest) {
  const address = addresses.get(member)?.replace('https://', '') as string;
  return {
    config: {
      ...{ 'cluster.https_address': address, 'core.https_address': address },
      ...Object.fromEntries(state.lxdConfig),
    },
    ...untrustedInfo(),
    auth: 'trusted',
    auth_user_name: 'rackwatch',
    auth_user_method: 'tls',
    client_certificate: true,
    environment: {
      addresses: [address],
      certificate,
      certificate_fingerprint: fingerprint,
      ...platform,
      server_name: member,
    },
  };
}

/** `GET /1.0/cluster` */
export const cluster = ({ member }: ApiRequest) => ({
  server_name: member,
  enabled: true,
  member_config: [
    {
      entity: 'storage-pool',
      name: 'local',
      key: 'source',
      value: '',
      description: '"source" property for storage pool "local"',
    },
  ],
});

/** `GET /1.0/cluster/members?recursion=1` */
export const clusterMembers = (request: ApiRequest) => {
  const leader = members.find(({ name }) => request.state.isReachable(name))?.name;
  return members.map(({ failureDomain, name }) => ({
    roles: [...(name === leader ? ['database-leader'] : []), 'database'],
    failure_domain: failureDomain,
    description: '',
    config: {},
    groups: ['default'],
    server_name: name,
    url: request.addresses.get(name),
    database: true,
    ...memberStatus(name, request),
    architecture: 'x86_64',
  }));
};

const OFFLINE_AFTER_MS = 20_000;

/** A member that was evacuated says so even when it is dead; one that died is believed to be online for 20 s. */
function memberStatus(name: string, { state }: ApiRequest): { status: string; message: string } {
  if (state.isEvacuated(name)) return { status: 'Evacuated', message: 'Unavailable due to maintenance' };
  const last = state.outagesOf(name).at(-1);
  const awayMs = last && last.to === undefined ? (state.clock.now() - last.from) * state.speed : 0;
  const isBlocked = state.faults.blockedMembers.has(name);
  if (isBlocked) return { status: 'Blocked', message: 'Waiting for other members to be upgraded' };
  if (!last || awayMs < OFFLINE_AFTER_MS) return { status: 'Online', message: 'Fully operational' };
  const heartbeat = new Date(last.from).toISOString().replace('T', ' ').replace('Z', ' +0000 UTC');
  return { status: 'Offline', message: `No heartbeat for ${awayMs / 1000}s (${heartbeat})` };
}

/** `GET /1.0/cluster/members/NAME/state`, an extension of 5.21: 5.0 answers 501. */
export function clusterMemberState({ path: [name = ''], state }: ApiRequest) {
  if (!members.some((member) => member.name === name)) throw new ApiError(404, 'Cluster member not found');
  const { load, memoryUsedBytes, processes } = hostLoadOf(name, state);
  return {
    sysinfo: {
      uptime: Math.floor((state.clock.now() - state.bootedAt(name)) / 1000),
      load_averages: [load, load * 0.97, load * 0.94].map((value) => Math.round(value * 100) / 100),
      total_ram: hostMemoryBytes,
      free_ram: hostMemoryBytes - memoryUsedBytes,
      shared_ram: 1.5 * 2 ** 30,
      buffered_ram: 2 ** 30,
      total_swap: 0,
      free_swap: 0,
      processes,
      logical_cpus: hostCpu.threads,
    },
    storage_pools: Object.fromEntries(storagePools.map(({ name: pool }) => [pool, resourcesOfPool(pool, name, state)])),
  };
}
