import { indexByOsd, osdOf, type SumAndCount, sumAndCount } from './lookup.ts';
import type { Samples } from './samples.ts';

/** What the pages of a cluster say of an OSD. What is undefined they do not say. */
export interface Osd {
  /** Its number. */
  readonly id: string;
  /** Ceph's name of the host it was last seen on. */
  readonly host: string | undefined;
  readonly deviceClass: string | undefined;
  readonly up: boolean | undefined;
  readonly in: boolean | undefined;
  readonly sizeBytes: number | undefined;
  readonly usedBytes: number | undefined;
  readonly pgs: number | undefined;
  /** Of the last seconds, as the OSD reports it to the cluster; 0 when idle. */
  readonly commitLatencySeconds: number | undefined;
  readonly applyLatencySeconds: number | undefined;
  /** In seconds. */
  readonly readLatency: SumAndCount | undefined;
  readonly writeLatency: SumAndCount | undefined;
  readonly bluestoreCommitLatency: SumAndCount | undefined;
}

/** A family that tells whether a page carries the OSDs' performance counters: since Reef a manager's does not. */
export const PERF_COUNTER_FAMILY = 'ceph_osd_op_r_latency_count';

export const osdFamilies: readonly string[] = [
  'ceph_osd_metadata',
  'ceph_osd_up',
  'ceph_osd_in',
  'ceph_osd_stat_bytes',
  'ceph_osd_stat_bytes_used',
  'ceph_osd_numpg',
  'ceph_osd_commit_latency_ms',
  'ceph_osd_apply_latency_ms',
  ...[
    'ceph_osd_op_r_latency',
    'ceph_osd_op_w_latency',
    'ceph_bluestore_commit_lat',
    'ceph_bluestore_txc_commit_lat',
  ].flatMap((family) => [`${family}_sum`, `${family}_count`]),
];

/** Every OSD that any family names: which families still name a stopped one differs by release (ceph#53993). */
export function decodeOsds(samples: Samples): readonly Osd[] {
  const metadata = new Map<string, Readonly<Record<string, string>>>();
  for (const { labels } of samples.get('ceph_osd_metadata') ?? []) {
    const osd = osdOf(labels['ceph_daemon']);
    if (osd !== undefined) metadata.set(osd, labels);
  }
  const index = (family: string) => indexByOsd(samples, family);
  const [up, isIn] = [index('ceph_osd_up'), index('ceph_osd_in')];
  const [size, used, pgs] = [index('ceph_osd_stat_bytes'), index('ceph_osd_stat_bytes_used'), index('ceph_osd_numpg')];
  const [commitMs, applyMs] = [index('ceph_osd_commit_latency_ms'), index('ceph_osd_apply_latency_ms')];
  const read = latencyIndex(samples, 'ceph_osd_op_r_latency');
  const write = latencyIndex(samples, 'ceph_osd_op_w_latency');
  // The second name is that of later releases.
  const commit = latencyIndex(samples, 'ceph_bluestore_commit_lat');
  const txcCommit = latencyIndex(samples, 'ceph_bluestore_txc_commit_lat');
  const names = new Set([...metadata.keys(), ...up.keys(), ...isIn.keys(), ...size.keys()]);
  const osds = [...names].map((osd) => ({
    id: osd.slice('osd.'.length),
    host: metadata.get(osd)?.['hostname'] || undefined,
    deviceClass: metadata.get(osd)?.['device_class'] || undefined,
    up: toBoolean(up.get(osd)),
    in: toBoolean(isIn.get(osd)),
    // An OSD that has not started yet says 0.
    sizeBytes: size.get(osd) || undefined,
    usedBytes: size.get(osd) ? used.get(osd) : undefined,
    pgs: pgs.get(osd),
    commitLatencySeconds: toSeconds(commitMs.get(osd)),
    applyLatencySeconds: toSeconds(applyMs.get(osd)),
    readLatency: read(osd),
    writeLatency: write(osd),
    bluestoreCommitLatency: commit(osd) ?? txcCommit(osd),
  }));
  return osds.sort((a, b) => Number(a.id) - Number(b.id));
}

function latencyIndex(samples: Samples, family: string): (osd: string) => SumAndCount | undefined {
  const [sums, counts] = [indexByOsd(samples, `${family}_sum`), indexByOsd(samples, `${family}_count`)];
  return (osd) => sumAndCount(sums.get(osd), counts.get(osd));
}

const toBoolean = (value: number | undefined): boolean | undefined => (value === undefined ? undefined : value === 1);

const toSeconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);
