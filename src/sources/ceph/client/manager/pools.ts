import { indexBy } from './lookup.ts';
import type { Samples } from './samples.ts';

/** What a manager says of a pool. What is undefined it does not say. */
export interface Pool {
  readonly id: string;
  readonly name: string;
  /** Copies of every object, or data and coding chunks; undefined where the release does not describe the pool. */
  readonly redundancy: Redundancy | undefined;
  /** User data, one copy. */
  readonly storedBytes: number | undefined;
  /** On the devices, all copies. */
  readonly usedBytes: number | undefined;
  /** User data that can still be written before the first OSD of the pool's rule is full. */
  readonly availableBytes: number | undefined;
  readonly usedRatio: number | undefined;
  readonly quotaBytes: number | undefined;
  readonly quotaObjects: number | undefined;
  readonly objects: number | undefined;
  readonly reads: number | undefined;
  readonly writes: number | undefined;
  readonly readBytes: number | undefined;
  readonly writtenBytes: number | undefined;
  readonly recoveringBytesPerSecond: number | undefined;
  readonly recoveringObjectsPerSecond: number | undefined;
  readonly pgs: number | undefined;
  /** PGs by state; a PG may be in several states at once. */
  readonly pgStates: ReadonlyMap<string, number>;
}

export type Redundancy =
  | { readonly kind: 'replicated'; readonly size: number }
  | { readonly kind: 'erasure'; readonly data: number; readonly coding: number };

export const poolFamilies: readonly string[] = [
  'metadata',
  'stored',
  'bytes_used',
  'max_avail',
  'percent_used',
  'quota_bytes',
  'quota_objects',
  'objects',
  'rd',
  'wr',
  'rd_bytes',
  'wr_bytes',
  'recovering_bytes_per_sec',
  'recovering_objects_per_sec',
].map((what) => `ceph_pool_${what}`);

export const PG_FAMILY_PREFIX = 'ceph_pg_';

export function decodePools(samples: Samples): readonly Pool[] {
  const index = (what: string) => indexBy(samples, `ceph_pool_${what}`, 'pool_id');
  const quotaBytes = index('quota_bytes');
  const quotaObjects = index('quota_objects');
  const values = new Map(poolFamilies.map((family) => [family, indexBy(samples, family, 'pool_id')]));
  const pgs = indexBy(samples, 'ceph_pg_total', 'pool_id');
  const states = indexPgStates(samples);
  return (samples.get('ceph_pool_metadata') ?? []).flatMap(({ labels }) => {
    const { pool_id: id, name } = labels;
    if (id === undefined || name === undefined) return [];
    const value = (what: string) => values.get(`ceph_pool_${what}`)?.get(id);
    return {
      id,
      name,
      redundancy: parseRedundancy(labels['description']),
      storedBytes: value('stored'),
      usedBytes: value('bytes_used'),
      availableBytes: value('max_avail'),
      // A ratio in spite of its name.
      usedRatio: value('percent_used'),
      // 0 means that there is none.
      quotaBytes: quotaBytes.get(id) || undefined,
      quotaObjects: quotaObjects.get(id) || undefined,
      objects: value('objects'),
      reads: value('rd'),
      writes: value('wr'),
      readBytes: value('rd_bytes'),
      writtenBytes: value('wr_bytes'),
      recoveringBytesPerSecond: value('recovering_bytes_per_sec'),
      recoveringObjectsPerSecond: value('recovering_objects_per_sec'),
      pgs: pgs.get(id),
      pgStates: states.get(id) ?? new Map(),
    };
  });
}

function parseRedundancy(description = ''): Redundancy | undefined {
  const [, size] = /^replica:(\d+)$/.exec(description) ?? [];
  if (size !== undefined) return { kind: 'replicated', size: Number(size) };
  const [, data, coding] = /^ec:(\d+)\+(\d+)$/.exec(description) ?? [];
  if (data === undefined || coding === undefined) return undefined;
  return { kind: 'erasure', data: Number(data), coding: Number(coding) };
}

function indexPgStates(samples: Samples): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const pools = new Map<string, Map<string, number>>();
  for (const [family, list] of samples) {
    if (!family.startsWith(PG_FAMILY_PREFIX) || family === 'ceph_pg_total') continue;
    const state = family.slice(PG_FAMILY_PREFIX.length);
    for (const { labels, value } of list) {
      const id = labels['pool_id'];
      if (id === undefined) continue;
      const states = pools.get(id) ?? new Map<string, number>();
      pools.set(id, states.set(state, value));
    }
  }
  return pools;
}
