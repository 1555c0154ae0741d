import { members, osds } from '../rack.ts';
import { type CephCluster, VERSION } from './cluster.ts';
import { osdLoadOf } from './osd-load.ts';
import type { Line, PageWriter } from './page.ts';

export function writeOsds(page: PageWriter, cluster: CephCluster): void {
  const all = osds.map((osd) => ({
    ...osd,
    labels: { ceph_daemon: `osd.${osd.id}` },
    isUp: cluster.isUp(osd),
    address: members.find(({ name }) => name === osd.member)?.address ?? '',
    load: osdLoadOf(osd, cluster.state),
  }));
  type Osd = (typeof all)[number];
  // What a dead one has last reported goes away after a while; who is up and in is the monitors' word.
  const alive = all.filter(({ isUp }) => isUp);
  const lines = (of: readonly Osd[], value: (osd: Osd) => number): Line[] => of.map((osd) => [osd.labels, value(osd)]);

  page.family(
    'osd_metadata',
    'untyped',
    'OSD Metadata',
    all.map(({ address, deviceClass, labels, member }) => [
      {
        ...{ back_iface: '', ...labels, cluster_addr: address, device_class: deviceClass, front_iface: '' },
        ...{ hostname: member, objectstore: 'bluestore', public_addr: address, ceph_version: VERSION },
      },
      1,
    ]),
  );
  page.family(
    'osd_up',
    'untyped',
    'OSD status up',
    lines(all, ({ isUp }) => (isUp ? 1 : 0)),
  );
  page.family(
    'osd_in',
    'untyped',
    'OSD status in',
    lines(all, () => 1),
  );
  page.family(
    'osd_weight',
    'untyped',
    'OSD status weight',
    lines(all, () => 1),
  );
  const { slowOps: stuck } = cluster.state.faults;
  const slowOps = alive.map(({ id, labels }): Line => [{ type: 'SLOW_OPS', ...labels }, stuck.get(id) ?? 0]);
  page.family('daemon_health_metrics', 'gauge', 'Health metrics for Ceph daemons', slowOps);
  const latency = lines(alive, ({ load }) => load.commitLatencyMs);
  page.family('osd_commit_latency_ms', 'gauge', 'OSD stat commit_latency_ms', latency);
  page.family('osd_apply_latency_ms', 'gauge', 'OSD stat apply_latency_ms', latency);
  page.family(
    'osd_stat_bytes',
    'gauge',
    'OSD size',
    lines(alive, ({ sizeBytes }) => sizeBytes),
  );
  page.family(
    'osd_stat_bytes_used',
    'gauge',
    'Used space',
    lines(alive, ({ load }) => load.usedBytes),
  );
  page.family(
    'osd_numpg',
    'gauge',
    'Placement groups',
    lines(alive, ({ load }) => load.pgs),
  );
  page.family(
    'osd_op_r',
    'counter',
    'Client read operations',
    lines(alive, ({ load }) => load.reads),
  );
  page.family(
    'osd_op_w',
    'counter',
    'Client write operations',
    lines(alive, ({ load }) => load.writes),
  );
  page.family(
    'osd_op_r_out_bytes',
    'counter',
    'Client data read',
    lines(alive, ({ load }) => load.readBytes),
  );
  page.family(
    'osd_op_w_in_bytes',
    'counter',
    'Client data written',
    lines(alive, ({ load }) => load.writtenBytes),
  );
  const average = (name: string, help: string, sum: (osd: Osd) => number, count: (osd: Osd) => number) =>
    page.average(
      name,
      help,
      alive.map((osd) => [osd.labels, sum(osd), count(osd)]),
    );
  average(
    'osd_op_r_latency',
    'Latency of read operation',
    ({ load }) => load.readSeconds,
    ({ load }) => load.reads,
  );
  average(
    'osd_op_w_latency',
    'Latency of write operation',
    ({ load }) => load.writeSeconds,
    ({ load }) => load.writes,
  );
  average(
    'bluestore_commit_lat',
    'Average commit latency',
    ({ load }) => load.commitSeconds,
    ({ load }) => load.writes,
  );
  const sum = (value: (osd: Osd) => number) => all.reduce((total, osd) => total + value(osd), 0);
  const used = sum(({ load }) => load.usedBytes);
  page.family('cluster_total_bytes', 'gauge', 'DF total_bytes', [[{}, sum(({ sizeBytes }) => sizeBytes)]]);
  page.family('cluster_total_used_bytes', 'gauge', 'DF total_used_bytes', [[{}, used]]);
  page.family('cluster_total_used_raw_bytes', 'gauge', 'DF total_used_raw_bytes', [[{}, used]]);
}
