import { type Daemons, daemonFamilies, decodeDaemons } from './daemons.ts';
import { decodeHealth, FLAG_FAMILY_PREFIX, type Health, healthFamilies } from './health.ts';
import { decodeImages, IMAGE_FAMILY_PREFIX, type RbdImage } from './images.ts';
import { indexBy, single } from './lookup.ts';
import { decodeOsds, type Osd, osdFamilies } from './osds.ts';
import { decodePools, PG_FAMILY_PREFIX, type Pool, poolFamilies } from './pools.ts';
import type { Samples } from './samples.ts';

/** What the pages of a cluster say, in types. */
export interface Cluster {
  readonly health: Health;
  readonly osds: readonly Osd[];
  readonly pools: readonly Pool[];
  readonly daemons: Daemons;
  readonly images: readonly RbdImage[];
  readonly sizeBytes: number | undefined;
  readonly usedBytes: number | undefined;
}

const COLLECT_COUNT_FAMILY = 'ceph_prometheus_collect_duration_seconds_count';

const COMMIT_FAMILY = 'ceph_paxos_commit';

const wanted = new Set([
  ...healthFamilies,
  ...osdFamilies,
  ...poolFamilies,
  ...daemonFamilies,
  'ceph_cluster_total_bytes',
  'ceph_cluster_total_used_raw_bytes',
  COLLECT_COUNT_FAMILY,
  COMMIT_FAMILY,
]);

const wantedPrefixes = [FLAG_FAMILY_PREFIX, PG_FAMILY_PREFIX, IMAGE_FAMILY_PREFIX];

/** The families that `decodeCluster` reads. */
export const isDecoded = (family: string): boolean =>
  wanted.has(family) || wantedPrefixes.some((prefix) => family.startsWith(prefix));

export const decodeCluster = (samples: Samples): Cluster => ({
  health: decodeHealth(samples),
  osds: decodeOsds(samples),
  pools: decodePools(samples),
  daemons: decodeDaemons(samples),
  images: decodeImages(samples),
  sizeBytes: single(samples, 'ceph_cluster_total_bytes'),
  usedBytes: single(samples, 'ceph_cluster_total_used_raw_bytes'),
});

/** How often the manager has collected; it stops when the manager has lost all monitors, and its page stays as it is. */
export const countCollections = (samples: Samples): number | undefined =>
  indexBy(samples, COLLECT_COUNT_FAMILY, 'method').get('get_health');

/** What all monitors together have committed. Without a quorum no monitor commits anything, and the sum stays as it is. */
export function countCommits(samples: Samples): number | undefined {
  const commits = [...indexBy(samples, COMMIT_FAMILY, 'ceph_daemon').values()];
  return commits.length === 0 ? undefined : commits.reduce((sum, count) => sum + count, 0);
}
