import { codeOf } from '../../../core/errors.ts';
import { type Emit, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { PoolResources, StoragePool } from '../client/api.ts';
import type { LxdCluster } from '../client/cluster.ts';
import type { LxdMember } from '../client/member.ts';
import type { LxdApi } from '../client/server.ts';
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
  help: 'Size and use of the storage pools that all members share.',
  scope: 'cluster',
  metrics,
  async collect({ client, emit, signal }) {
    await showPools(client, emit, signal, (driver) => shared.has(driver), '');
    return undefined;
  },
};

/** Asked of every member itself: LXD would wait ten seconds for one that is away. */
export const localStorage: Collector<LxdMember, LxdFacts, LxdConfig> = {
  name: 'local-storage',
  help: 'Size and use of the storage pools that are local to each member.',
  scope: 'member',
  metrics,
  async collect({ client, emit, signal }) {
    await showPools(client, emit, signal, (driver) => !shared.has(driver), client.name);
    return undefined;
  },
};

async function showPools(
  api: LxdApi,
  emit: Emit,
  signal: AbortSignal,
  chosen: (driver: string) => boolean,
  member: string,
): Promise<void> {
  const pools = await api.get<StoragePool[]>('/1.0/storage-pools', signal, { recursion: 1 });
  const wanted = pools.filter(({ driver }) => chosen(driver));
  await Promise.all(
    wanted.map(async ({ driver, name: pool }) => {
      const resources = await readResources(api, pool, signal);
      if (resources) showPool(emit, { pool, driver, member }, resources);
    }),
  );
}

/** Undefined for a pool that does not tell, such as cephobject, or one that has no part on this member. */
async function readResources(api: LxdApi, pool: string, signal: AbortSignal): Promise<PoolResources | undefined> {
  try {
    return await api.get<PoolResources>(`/1.0/storage-pools/${encodeURIComponent(pool)}/resources`, signal);
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
