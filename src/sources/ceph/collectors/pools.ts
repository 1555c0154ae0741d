import { counter, type Emit, gauge } from '../../../core/metric.ts';
import type { Pool } from '../client/manager/pools.ts';
import type { CephConfig } from '../config.ts';
import type { CephPoolFacts } from '../facts.ts';
import { layOut } from '../pool-layout.ts';
import { type CephCollector, emitKnown, requirePages } from './collector.ts';

const labels = ['pool'] as const;

const stored = gauge('rackwatch_ceph_pool_stored_bytes', { help: 'User data in a pool, counted once.', labels });
const used = gauge('rackwatch_ceph_pool_used_bytes', { help: 'What a pool takes on its devices, all copies.', labels });
const available = gauge('rackwatch_ceph_pool_available_bytes', {
  help: 'User data that a pool can still take before the first of its OSDs is full.',
  labels,
});
const ratio = gauge('rackwatch_ceph_pool_used_ratio', {
  help: 'How full a pool is: what it takes, of that and what it can still take.',
  labels,
});
const quotaBytes = gauge('rackwatch_ceph_pool_quota_bytes', {
  help: 'Quota of a pool for user data; absent if it has none.',
  labels,
});
const quotaObjects = gauge('rackwatch_ceph_pool_quota_objects', {
  help: 'Quota of a pool in objects; absent if it has none.',
  labels,
});
const objects = gauge('rackwatch_ceph_pool_objects', { help: 'Objects in a pool.', labels });
const operations = counter('rackwatch_ceph_pool_operations_total', {
  help: "Clients' operations on a pool; operation: read or write.",
  labels: ['pool', 'operation'],
});
const bytes = counter('rackwatch_ceph_pool_bytes_total', {
  help: "Bytes that clients' operations on a pool have moved; operation: read or write.",
  labels: ['pool', 'operation'],
});
const recoveryBytes = gauge('rackwatch_ceph_pool_recovery_bytes_per_second', {
  help: 'Rate at which a pool recovers.',
  labels,
});
const recoveryObjects = gauge('rackwatch_ceph_pool_recovery_objects_per_second', {
  help: 'Rate at which objects of a pool recover.',
  labels,
});
const pgs = gauge('rackwatch_ceph_pool_pgs', { help: 'Placement groups of a pool.', labels });
const pgStates = gauge('rackwatch_ceph_pool_pgs_state', {
  help: 'Placement groups of a pool in a state; a placement group is in several at once.',
  labels: ['pool', 'state'],
});

/** Shown at 0 as well, so that an alert on them can recover; the twenty others only when they occur. */
const alwaysShown = new Set([
  ...['active', 'clean', 'degraded', 'undersized', 'remapped', 'recovering', 'backfilling'],
  ...['peering', 'down', 'incomplete', 'inconsistent', 'stale', 'unknown'],
]);

export const pools: CephCollector = {
  name: 'pools',
  help: "Each pool: capacity, quota, clients' IO, recovery, states of its placement groups.",
  metrics: [
    ...[stored, used, available, ratio, quotaBytes, quotaObjects, objects],
    ...[operations, bytes, recoveryBytes, recoveryObjects, pgs, pgStates],
  ],
  async collect({ client, config, emit, signal }) {
    const { pools: all } = requirePages(await client.read(signal)).cluster;
    for (const pool of all) {
      emitCapacity(emit, pool);
      emitActivity(emit, pool);
    }
    return { pools: all.map((pool) => toFacts(pool, config)) };
  },
};

function emitCapacity(emit: Emit, pool: Pool): void {
  const own = { pool: pool.name };
  emitKnown(emit, stored, own, pool.storedBytes);
  emitKnown(emit, used, own, pool.usedBytes);
  emitKnown(emit, available, own, pool.availableBytes);
  emitKnown(emit, ratio, own, pool.usedRatio);
  emitKnown(emit, quotaBytes, own, pool.quotaBytes);
  emitKnown(emit, quotaObjects, own, pool.quotaObjects);
  emitKnown(emit, objects, own, pool.objects);
}

function emitActivity(emit: Emit, pool: Pool): void {
  const own = { pool: pool.name };
  emitKnown(emit, operations, { ...own, operation: 'read' }, pool.reads);
  emitKnown(emit, operations, { ...own, operation: 'write' }, pool.writes);
  emitKnown(emit, bytes, { ...own, operation: 'read' }, pool.readBytes);
  emitKnown(emit, bytes, { ...own, operation: 'write' }, pool.writtenBytes);
  emitKnown(emit, recoveryBytes, own, pool.recoveringBytesPerSecond);
  emitKnown(emit, recoveryObjects, own, pool.recoveringObjectsPerSecond);
  emitKnown(emit, pgs, own, pool.pgs);
  for (const [state, count] of pool.pgStates) {
    if (count > 0 || alwaysShown.has(state)) emit(pgStates, { ...own, state }, count);
  }
}

function toFacts(pool: Pool, config: CephConfig): CephPoolFacts {
  const { name, redundancy, storedBytes, usedBytes, availableBytes, pgs: total, pgStates: states } = pool;
  const active = states.get('active');
  return {
    name,
    redundancy,
    ...layOut(pool, config),
    storedBytes,
    usedBytes,
    availableBytes,
    pgs: total,
    inactivePgs: total === undefined || active === undefined ? undefined : total - active,
    undersizedPgs: states.get('undersized'),
  };
}
