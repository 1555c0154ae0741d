import { usedDiskOf } from '../load.ts';
import { instances, members, osds, projects } from '../rack.ts';
import type { RackState } from '../state.ts';
import { fractionOf } from '../wave.ts';
import { ApiError, type ApiRequest, urlOf } from './request.ts';

interface StoragePool {
  readonly name: string;
  readonly driver: string;
  readonly config: Readonly<Record<string, string>>;
}

const ceph = (name: string): StoragePool => ({
  name,
  driver: 'ceph',
  config: {
    'ceph.cluster_name': 'ceph',
    'ceph.osd.pg_num': '128',
    'ceph.osd.pool_name': `lxd-${name}`,
    'ceph.user.name': 'lxd',
    'volatile.pool.pristine': 'true',
  },
});

export const storagePools: readonly StoragePool[] = [
  ceph('hdd'),
  ceph('ssd'),
  {
    name: 'shared',
    driver: 'cephfs',
    config: { 'cephfs.cluster_name': 'ceph', 'cephfs.path': 'lxd-cephfs', 'cephfs.user.name': 'lxd' },
  },
  { name: 'local', driver: 'zfs', config: { 'zfs.pool_name': 'local' } },
];

/** Databases and what builds software have their disks on the fast pool. */
export const poolOf = (project: string): string => (['db', 'ci', 'web'].includes(project) ? 'ssd' : 'hdd');

/** `GET /1.0/storage-pools?recursion=1` */
export const listStoragePools = () =>
  storagePools.map(({ config, driver, name }) => ({
    config,
    description: '',
    name,
    driver,
    used_by: [
      ...instances
        .filter(({ project }) => poolOf(project) === name)
        .map((one) => urlOf('instances', one.name, one.project)),
      ...projects.filter((project) => poolOf(project) === name).map((project) => urlOf('profiles', 'default', project)),
    ],
    status: 'Created',
    locations: members.map((member) => member.name),
  }));

/** `GET /1.0/storage-pools/NAME/resources` */
export function storagePoolResources({ member, path: [name = ''], state }: ApiRequest) {
  if (!storagePools.some((pool) => pool.name === name)) throw new ApiError(404, 'Storage pool not found');
  return resourcesOfPool(name, member, state);
}

const LOCAL_POOL_BYTES = 200e9;

export function resourcesOfPool(name: string, member: string, state: RackState) {
  if (name === 'local') {
    const grown = (state.clock.now() - state.bootedAt(member)) * 0.05;
    const share = state.faults.localPools.get(member) ?? 0.1 + 0.2 * fractionOf(`${member}/local`);
    const used = Math.min(LOCAL_POOL_BYTES, Math.floor(LOCAL_POOL_BYTES * share + grown));
    return { space: { used, total: LOCAL_POOL_BYTES }, inodes: { used: 0, total: 0 } };
  }
  // Three copies of everything; what a pool may still take is what its device class has left.
  const deviceClass = name === 'ssd' ? 'ssd' : 'hdd';
  const raw = osds.filter((osd) => osd.deviceClass === deviceClass).reduce((sum, osd) => sum + osd.sizeBytes, 0);
  const own = instances.filter(({ project }) => poolOf(project) === deviceClass);
  const disks = own.reduce((sum, instance) => sum + usedDiskOf(instance, state), 0);
  if (name !== 'shared')
    return { space: { used: disks, total: Math.floor((raw / 3) * 0.95) }, inodes: { used: 0, total: 0 } };
  const files = 1_840_000 + Math.floor((state.clock.now() - state.bootedAt(member)) / 40_000);
  return {
    space: { used: files * 900_000, total: Math.floor((raw / 3) * 0.95) - disks },
    inodes: { used: files, total: files },
  };
}
