import { gauge } from '../../../core/metric.ts';
import { type CephCollector, emitKnown, requirePages } from './collector.ts';
import { sumByClass } from './device-class.ts';

const clusterSize = gauge('rackwatch_ceph_cluster_size_bytes', { help: 'Raw capacity of all OSDs.' });
const clusterUsed = gauge('rackwatch_ceph_cluster_used_bytes', {
  help: 'Raw capacity in use: all copies and overhead.',
});
const clusterAvailable = gauge('rackwatch_ceph_cluster_available_bytes', { help: 'Raw capacity not in use.' });
const clusterRatio = gauge('rackwatch_ceph_cluster_used_ratio', { help: 'Raw capacity in use, of the whole.' });

const labels = ['device_class'] as const;

const classSize = gauge('rackwatch_ceph_device_class_size_bytes', {
  help: 'Raw capacity of the OSDs of a device class, of those that report it.',
  labels,
});
const classUsed = gauge('rackwatch_ceph_device_class_used_bytes', {
  help: 'Raw capacity in use of a device class.',
  labels,
});
const classAvailable = gauge('rackwatch_ceph_device_class_available_bytes', {
  help: 'Raw capacity not in use of a device class.',
  labels,
});
const classRatio = gauge('rackwatch_ceph_device_class_used_ratio', {
  help: 'Raw capacity in use of a device class, of its whole.',
  labels,
});

export const capacity: CephCollector = {
  name: 'capacity',
  help: 'Raw capacity of the cluster and of each device class.',
  metrics: [
    ...[clusterSize, clusterUsed, clusterAvailable, clusterRatio],
    ...[classSize, classUsed, classAvailable, classRatio],
  ],
  async collect({ client, emit, signal }) {
    const { osds, sizeBytes, usedBytes } = requirePages(await client.read(signal)).cluster;
    emitKnown(emit, clusterSize, {}, sizeBytes);
    emitKnown(emit, clusterUsed, {}, usedBytes);
    if (sizeBytes && usedBytes !== undefined) {
      emit(clusterAvailable, {}, sizeBytes - usedBytes);
      emit(clusterRatio, {}, usedBytes / sizeBytes);
    }
    for (const [name, { size, used }] of sumByClass(osds)) {
      const own = { device_class: name };
      emit(classSize, own, size);
      emit(classUsed, own, used);
      emit(classAvailable, own, size - used);
      emit(classRatio, own, used / size);
    }
    return undefined;
  },
};
