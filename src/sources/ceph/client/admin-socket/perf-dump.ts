import type { Sample } from '../manager/samples.ts';

/** Counters of `perf dump` that an OSD's page in ceph-exporter has as well, by group. */
const counters: Readonly<Record<string, readonly string[]>> = {
  osd: ['op_r_latency', 'op_w_latency', 'stat_bytes', 'stat_bytes_used', 'numpg'],
  bluestore: ['commit_lat', 'txc_commit_lat'],
};

/**
 * The answer to `perf dump` of one OSD, as the samples that a manager or ceph-exporter would show for it:
 * `ceph_<group>_<counter>`, an average as its `_sum` (seconds) and `_count`.
 */
export function decodePerfDump(osd: string, dump: unknown): [family: string, sample: Sample][] {
  const labels = { ceph_daemon: `osd.${osd}` };
  return Object.entries(counters).flatMap(([group, names]) =>
    names.flatMap((name): [string, Sample][] => {
      const value = field(field(dump, group), name);
      if (typeof value === 'number') return [[`ceph_${group}_${name}`, { labels, value }]];
      const [sum, count] = [field(value, 'sum'), field(value, 'avgcount')];
      if (typeof sum !== 'number' || typeof count !== 'number') return [];
      return [
        [`ceph_${group}_${name}_sum`, { labels, value: sum }],
        [`ceph_${group}_${name}_count`, { labels, value: count }],
      ];
    }),
  );
}

export const field = (object: unknown, key: string): unknown =>
  typeof object === 'object' && object !== null ? (object as Readonly<Record<string, unknown>>)[key] : undefined;
