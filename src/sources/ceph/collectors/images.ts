import { counter } from '../../../core/metric.ts';
import { parseLxdVolume } from '../lxd-volume.ts';
import { type CephCollector, requirePages } from './collector.ts';
import { createRow, summary, writeSummary } from './row.ts';

const labels = ['pool', 'namespace', 'image', 'project', 'name', 'operation'] as const;

const operations = counter('rackwatch_ceph_rbd_operations_total', {
  help: "Operations on an RBD image; operation: read or write. project and name are the LXD instance's, if it is one's.",
  labels,
});
const bytes = counter('rackwatch_ceph_rbd_bytes_total', {
  help: 'Bytes read from or written to an RBD image.',
  labels,
});
const latency = summary('rackwatch_ceph_rbd_latency_seconds', {
  help: 'Time that operations on an RBD image took.',
  labels,
});

export const images: CephCollector = {
  name: 'images',
  help: 'IO and latency of RBD images, by LXD instance; of the pools in mgr/prometheus/rbd_stats_pools.',
  metrics: [operations, bytes, latency],
  async collect({ client, family, signal }) {
    const { images: all } = requirePages(await client.read(signal)).cluster;
    const joined = all.map((image) => ({ ...image, volume: parseLxdVolume(image.image) }));
    for (const { pool, namespace, image, volume, read, write } of joined) {
      const name = volume && volume.kind !== 'custom' ? volume.name : '';
      const own = { pool, namespace, image, project: volume?.project ?? '', name };
      for (const [operation, io] of [['read', read] as const, ['write', write] as const]) {
        const row = createRow(family, labels, { ...own, operation });
        row(operations, io.operations);
        row(bytes, io.bytes);
        writeSummary(row, latency, io.latency);
      }
    }
    return { images: joined };
  },
};
