import { usedDiskOf } from '../load.ts';
import type { Placement } from '../placements.ts';
import { type DemoInstance, instances } from '../rack.ts';
import type { RackState } from '../state.ts';
import { fractionOf } from '../wave.ts';
import { hostNameOf, instanceState } from './instance-state.ts';
import { allProjects } from './projects.ts';
import { ApiError, type ApiRequest, formatTime, urlOf } from './request.ts';
import { poolOf } from './storage.ts';

const DAY_MS = 86_400_000;
const BASE_IMAGE = '4b8d7e1f0c2a96535e1d8f7a6b3c9024d5e6f7081928374655647382910abcde';

/** `GET /1.0/instances`, with any recursion, of one project or of all. */
export function listInstances({ query, state }: ApiRequest): unknown[] {
  const project = query.get('project') ?? 'default';
  const everywhere = query.get('all-projects') === 'true';
  if (!everywhere && !allProjects.includes(project)) throw new ApiError(404, 'Project not found');
  const wanted = instances.filter((instance) => everywhere || instance.project === project);
  const recursion = Number(query.get('recursion') ?? 0);
  if (recursion === 0) return wanted.map(({ name, project }) => urlOf('instances', name, project));
  return wanted.map((instance) => {
    const isKnown = state.isReachable(state.placementOf(instance).location);
    return {
      ...(isKnown ? describeInstance(instance, state) : describeUnreachable(instance, state)),
      ...(recursion < 2 ? {} : fullPart(instance, state, isKnown)),
    };
  });
}

const ZERO_TIME = '0001-01-01T00:00:00Z';

/** Of what is on a member that does not answer, LXD tells the name and little else, whatever it does. */
const describeUnreachable = (instance: DemoInstance, state: RackState) => ({
  architecture: '',
  config: null,
  devices: null,
  ephemeral: false,
  profiles: null,
  stateful: false,
  description: '',
  created_at: ZERO_TIME,
  name: instance.name,
  status: 'Error',
  status_code: 112,
  last_used_at: ZERO_TIME,
  location: state.placementOf(instance).location,
  type: instance.kind,
  project: instance.project,
});

function describeInstance(instance: DemoInstance, state: RackState) {
  const placement = state.placementOf(instance);
  const config = configOf(instance, placement);
  const devices = devicesOf(instance);
  return {
    architecture: 'x86_64',
    config,
    devices,
    ephemeral: false,
    profiles: ['default'],
    stateful: false,
    description: '',
    created_at: formatTime(createdAt(instance)),
    expanded_config: config,
    expanded_devices: { ...devices, root: { path: '/', pool: poolOf(instance.project), type: 'disk' } },
    name: instance.name,
    ...(placement.running ? { status: 'Running', status_code: 103 } : { status: 'Stopped', status_code: 102 }),
    last_used_at: formatTime(placement.since),
    location: placement.location,
    type: instance.kind,
    project: instance.project,
  };
}

function fullPart(instance: DemoInstance, state: RackState, isKnown: boolean) {
  return {
    backups: null,
    state: isKnown ? instanceState(instance, state) : null,
    snapshots: isKnown ? snapshotsOf(instance, state) : null,
  };
}

const createdAt = (instance: DemoInstance): number =>
  Date.UTC(2024, 0, 15) + Math.floor(fractionOf(`${instance.uuid}/created`) * 600 * 86_400) * 1000;

function configOf(instance: DemoInstance, { origin, running }: Placement): Record<string, string> {
  const { cpus, kind, memoryBytes, pinned, stopped, uuid } = instance;
  const gib = memoryBytes / 2 ** 30;
  const wantsToRun = running || (pinned && !stopped);
  return {
    'boot.autostart': String(!stopped),
    ...(pinned ? { 'cluster.evacuate': 'stop' } : {}),
    'image.architecture': 'amd64',
    'image.description': 'Ubuntu noble amd64 (20260901_07:42)',
    'image.os': 'Ubuntu',
    'image.release': 'noble',
    'image.type': kind === 'container' ? 'squashfs' : 'disk-kvm.img',
    // Databases are pinned to processors; everybody else has a count.
    'limits.cpu': instance.project === 'db' && cpus > 1 ? `0-${cpus - 1}` : String(cpus),
    'limits.memory': gib % 2 === 0 ? `${gib}GiB` : `${gib * 1024}MiB`,
    'volatile.base_image': BASE_IMAGE,
    'volatile.cloud-init.instance-id': uuid,
    'volatile.eth0.host_name': hostNameOf(instance),
    'volatile.eth0.hwaddr': instance.mac,
    ...(origin ? { 'volatile.evacuate.origin': origin } : {}),
    'volatile.last_state.power': wantsToRun ? 'RUNNING' : 'STOPPED',
    'volatile.uuid': uuid,
    'volatile.uuid.generation': uuid,
  };
}

const devicesOf = (instance: DemoInstance) => ({
  eth0: {
    name: 'eth0',
    network: instance.network,
    type: 'nic',
    'ipv4.address': instance.ipv4,
    ...(instance.externalRoute ? { 'ipv4.routes.external': instance.externalRoute } : {}),
  },
  ...(withVolume.includes(instance.name)
    ? { data: { path: '/srv', pool: 'hdd', source: `${instance.name}-data`, type: 'disk' } }
    : {}),
});

/** Have a volume of their own besides their root disk. */
const withVolume: readonly string[] = ['nas', 'media', 'photos', 'backup', 'mariadb'];

/** Databases are snapshotted every night at three, and the last two are kept. */
function snapshotsOf(instance: DemoInstance, state: RackState) {
  if (instance.project !== 'db') return null;
  const now = state.clock.now();
  const last = Math.floor((now - 3 * 3_600_000) / DAY_MS) * DAY_MS + 3 * 3_600_000;
  const { architecture, config, devices, ephemeral, expanded_config, expanded_devices, profiles, stateful } =
    describeInstance(instance, state);
  return [last - DAY_MS, last].map((at) => ({
    expires_at: formatTime(at + 2 * DAY_MS),
    architecture,
    config,
    created_at: formatTime(at),
    devices,
    ephemeral,
    expanded_config,
    expanded_devices,
    last_used_at: ZERO_TIME,
    name: `snap-${new Date(at).toISOString().slice(0, 10)}`,
    profiles,
    stateful,
    size: Math.round(usedDiskOf(instance, state) * 0.02),
  }));
}

/** `GET /1.0/instances/NAME/files?path=PATH`: the entries of the one directory that tells a router from the rest. */
export function listFiles({ path: [name = ''], query }: ApiRequest): readonly string[] {
  const project = query.get('project') ?? 'default';
  if (!instances.some((one) => one.name === name && one.project === project))
    throw new ApiError(404, 'Instance not found');
  if (query.get('path') !== '/etc/frr' || !/^frr\d$/.test(name)) throw new ApiError(404, 'Not Found');
  return ['daemons', 'frr.conf', 'vtysh.conf'];
}
