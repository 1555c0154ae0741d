import { usedDiskOf } from '../load.ts';
import { type DemoInstance, instances, networks, projects } from '../rack.ts';
import type { RackState } from '../state.ts';
import { ApiError, type ApiRequest, urlOf } from './request.ts';

/** LXD cannot be without its default project; here it holds the uplink and no instance. */
export const allProjects: readonly string[] = ['default', ...projects];

const GIB = 2 ** 30;

interface Limits {
  readonly instances?: number;
  readonly cpu?: number;
  readonly memoryGib?: number;
  readonly diskGib?: number;
}

const limits: Readonly<Record<string, Limits>> = {
  ci: { instances: 10, cpu: 48, memoryGib: 64 },
  games: { instances: 4, cpu: 24, memoryGib: 24, diskGib: 200 },
  lab: { instances: 10, cpu: 64, memoryGib: 96 },
};

function limitsOf(project: string, { faults }: RackState): Limits {
  const count = faults.instanceLimits.get(project);
  return { ...limits[project], ...(count === undefined ? {} : { instances: count }) };
}

function configOf(project: string, state: RackState): Record<string, string> {
  const { cpu, diskGib, instances: count, memoryGib } = limitsOf(project, state);
  return {
    'features.images': project === 'default' ? 'true' : 'false',
    'features.networks': 'true',
    'features.networks.zones': 'true',
    'features.profiles': 'true',
    'features.storage.buckets': 'true',
    'features.storage.volumes': 'true',
    ...(count === undefined ? {} : { 'limits.instances': String(count) }),
    ...(cpu === undefined ? {} : { 'limits.cpu': String(cpu) }),
    ...(memoryGib === undefined ? {} : { 'limits.memory': `${memoryGib}GiB` }),
    ...(diskGib === undefined ? {} : { 'limits.disk': `${diskGib}GiB` }),
  };
}

/** `GET /1.0/projects?recursion=1` */
export const listProjects = ({ state }: ApiRequest) =>
  allProjects.map((name) => ({
    config: configOf(name, state),
    description: name === 'default' ? 'Default LXD project' : '',
    name,
    used_by: [
      ...instances.filter(({ project }) => project === name).map((one) => urlOf('instances', one.name, name)),
      urlOf('profiles', 'default', name),
      ...networks.filter(({ project }) => project === name).map((one) => urlOf('networks', one.name, name)),
    ],
  }));

/** `GET /1.0/projects/NAME/state`; a limit of -1 is none. */
export function projectState({ path: [name = ''], state }: ApiRequest) {
  if (!allProjects.includes(name)) throw new ApiError(404, 'Project not found');
  const own = instances.filter(({ project }) => project === name);
  const { cpu = -1, diskGib, instances: count = -1, memoryGib } = limitsOf(name, state);
  const kinds = (kind: DemoInstance['kind']) => own.filter((instance) => instance.kind === kind).length;
  return {
    resources: {
      containers: { Limit: -1, Usage: kinds('container') },
      cpu: { Limit: cpu, Usage: sum(own, (instance) => instance.cpus) },
      disk: { Limit: bytesOf(diskGib), Usage: diskUsage(own, state) },
      instances: { Limit: count, Usage: own.length },
      memory: { Limit: bytesOf(memoryGib), Usage: sum(own, (instance) => instance.memoryBytes) },
      networks: { Limit: -1, Usage: networks.filter(({ project }) => project === name).length },
      processes: { Limit: -1, Usage: 0 },
      'virtual-machines': { Limit: -1, Usage: kinds('virtual-machine') },
    },
  };
}

const bytesOf = (gib: number | undefined): number => (gib === undefined ? -1 : gib * GIB);

const diskUsage = (own: readonly DemoInstance[], state: RackState): number =>
  sum(own, (instance) => usedDiskOf(instance, state));

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);
