import { gauge } from '../../../core/metric.ts';
import type { Osd } from '../client/manager/osds.ts';
import { memberOf } from '../config.ts';
import type { CephOsdFacts } from '../facts.ts';
import { type CephCollector, requirePages } from './collector.ts';
import { sumByClass } from './device-class.ts';
import { createRow, type Row, summary, writeSummary } from './row.ts';

const labels = ['osd', 'member', 'device_class'] as const;
const operationLabels = [...labels, 'operation'] as const;

const up = gauge('rackwatch_ceph_osd_up', { help: 'Whether an OSD is up.', labels });
const isIn = gauge('rackwatch_ceph_osd_in', { help: 'Whether an OSD is in: whether data are placed on it.', labels });
const size = gauge('rackwatch_ceph_osd_size_bytes', { help: 'Raw capacity of an OSD.', labels });
const used = gauge('rackwatch_ceph_osd_used_bytes', { help: 'Raw capacity in use of an OSD.', labels });
const ratio = gauge('rackwatch_ceph_osd_used_ratio', { help: 'Raw capacity in use of an OSD, of its whole.', labels });
const deviation = gauge('rackwatch_ceph_osd_deviation_ratio', {
  help: 'How much fuller an OSD is than its device class: 0.1 is a tenth more, -0.1 a tenth less.',
  labels,
});
const pgs = gauge('rackwatch_ceph_osd_pgs', { help: 'Placement groups on an OSD.', labels });
const commit = gauge('rackwatch_ceph_osd_commit_latency_seconds', {
  help: 'Time an OSD took lately to commit a write, as it reports to the cluster; 0 when idle.',
  labels,
});
const apply = gauge('rackwatch_ceph_osd_apply_latency_seconds', {
  help: 'Time an OSD took lately to apply a write, as it reports to the cluster; 0 when idle.',
  labels,
});
const operation = summary('rackwatch_ceph_osd_operation_latency_seconds', {
  help: "Time an OSD took for clients' operations, replication included, since its start; operation: read or write.",
  labels: operationLabels,
});
const bluestore = summary('rackwatch_ceph_osd_bluestore_commit_latency_seconds', {
  help: 'Time BlueStore took to commit a transaction to the device, since the start of the OSD.',
  labels,
});

export const osds: CephCollector = {
  name: 'osds',
  help: 'Each OSD: up and in, capacity, placement groups, latency.',
  metrics: [up, isIn, size, used, ratio, deviation, pgs, commit, apply, operation, bluestore],
  async collect({ client, config, family, signal }) {
    const { osds: all } = requirePages(await client.read(signal)).cluster;
    const classes = sumByClass(all);
    return {
      osds: all.map((osd) => {
        const own = { osd: osd.id, member: memberOf(config, osd.host), device_class: osd.deviceClass ?? '' };
        const sum = classes.get(own.device_class);
        const row = createRow(family, labels, own);
        writeState(row, osd);
        writeCapacity(row, osd, sum && sum.used / sum.size);
        for (const [name, latency] of [['read', osd.readLatency] as const, ['write', osd.writeLatency] as const]) {
          writeSummary(createRow(family, operationLabels, { ...own, operation: name }), operation, latency);
        }
        return toFacts(osd, own.member);
      }),
    };
  },
};

type OsdRow = Row<(typeof labels)[number]>;

function writeState(row: OsdRow, osd: Osd): void {
  row(up, osd.up);
  row(isIn, osd.in);
  row(pgs, osd.pgs);
  row(commit, osd.commitLatencySeconds);
  row(apply, osd.applyLatencySeconds);
  writeSummary(row, bluestore, osd.bluestoreCommitLatency);
}

function writeCapacity(row: OsdRow, { sizeBytes, usedBytes }: Osd, classRatio: number | undefined): void {
  row(size, sizeBytes);
  row(used, usedBytes);
  if (sizeBytes === undefined || usedBytes === undefined) return;
  const usedRatio = usedBytes / sizeBytes;
  row(ratio, usedRatio);
  if (classRatio) row(deviation, usedRatio / classRatio - 1);
}

const toFacts = (osd: Osd, member: string): CephOsdFacts => ({
  id: osd.id,
  member,
  ...(osd.host === undefined ? {} : { host: osd.host }),
  deviceClass: osd.deviceClass ?? '',
  up: osd.up,
  in: osd.in,
  sizeBytes: osd.sizeBytes,
  usedBytes: osd.usedBytes,
  pgs: osd.pgs,
});
