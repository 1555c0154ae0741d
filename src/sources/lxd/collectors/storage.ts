import { codeOf } from '../../../core/errors.ts';
import { type Emit, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { PoolResources, StoragePool } from '../client/api.ts';
import type { LxdCluster } from '../client/cluster.ts';
import type { LxdMember } from '../client/member.ts';
import { A_MINUTE_MS } from '../client/memo.ts';
import type { LxdConfig } from '../config.ts';
import type { LxdFacts } from '../facts.ts';

const labels = ['pool', 'driver', 'member'] as const;

const size = gauge('lxd_storage_pool_size_bytes', {
  help: 'Size of the storage pool; of one member where the pool is local to it, and without the label where it is shared.',
  labels,
});
const used = gauge('lxd_storage_pool_used_bytes', { help: 'Space of the storage pool in use.', labels });
const inodesTotal = gauge('lxd_storage_pool_inodes', {
  help: 'Inodes of the storage pool, where it has them.',
  labels,
});
const inodesUsed = gauge('lxd_storage_pool_inodes_used', { help: 'Inodes of the storage pool in use.', labels });

const metrics = [size, used, inodesTotal, inodesUsed];

/** Drivers whose pools all members share; https://documentation.ubuntu.com/lxd/latest/reference/storage_drivers/ */
const shared: ReadonlySet<string> = new Set(['ceph', 'cephfs', 'cephobject', 'powerflex', 'pure', 'alletra']);

export const sharedStorage: Collector<LxdCluster, LxdFacts, LxdConfig> = {
  name: 'shared-storage',
  help: 'Size and use of the storage pools that all members share, a minute old at most: LXD asks Ceph each time.',
  scope: 'cluster',
  metrics,
  async collect({ client, emit, signal }) {
    const pools = await client.get<StoragePool[]>('/1.0/storage-pools', signal, { recursion: 1 });
    const read = (path: string) => client.recall<PoolResources>(path, signal, A_MINUTE_MS);
    await showPools(pools.filter(isShared), read, emit, '');
    return { pools: pools.map((pool) => ({ name: pool.name, driver: pool.driver, shared: isShared(pool) })) };
  },
};

/** Asked of every member itself: LXD would wait ten seconds for one that is away. */
export const localStorage: Collector<LxdMember, LxdFacts, LxdConfig> = {
  name: 'local-storage',
  help: 'Size and use of the storage pools that are local to each member.',
  scope: 'member',
  metrics,
  async collect({ client, emit, signal }) {
    const pools = await client.list<StoragePool>('/1.0/storage-pools', signal, A_MINUTE_MS);
    const read = (path: string) => client.get<PoolResources>(path, signal);
    await showPools(
      pools.filter((pool) => !isShared(pool)),
      read,
      emit,
      client.name,
    );
    return undefined;
  },
};

const isShared = ({ driver }: StoragePool): boolean => shared.has(driver);

async function showPools(
  pools: readonly StoragePool[],
  read: (path: string) => Promise<PoolResources>,
  emit: Emit,
  member: string,
): Promise<void> {
  await Promise.all(
    pools.map(async ({ driver, name: pool }) => {
      const resources = await readIfTold(read, `/1.0/storage-pools/${encodeURIComponent(pool)}/resources`);
      if (resources) showPool(emit, { pool, driver, member }, resources);
    }),
  );
}

/** Undefined for a pool that does not tell, such as cephobject, or one that has no part on this member. */
async function readIfTold(
  read: (path: string) => Promise<PoolResources>,
  path: string,
): Promise<PoolResources | undefined> {
  try {
    return await read(path);
  } catch (error) {
    if (['unsupported', 'not_found'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

function showPool(
  emit: Emit,
  of: Readonly<Record<(typeof labels)[number], string>>,
  { inodes, space }: PoolResources,
): void {
  emit(size, of, space.total);
  if (space.used !== undefined) emit(used, of, space.used);
  if (!inodes || inodes.total === 0) return;
  emit(inodesTotal, of, inodes.total);
  if (inodes.used !== undefined) emit(inodesUsed, of, inodes.used);
}
