import { defineDashboard } from './kit/dashboard.ts';
import { jobsOf } from './kit/shared.ts';
import { capacity } from './storage/capacity.ts';
import { details, health } from './storage/health.ts';
import { latency, recovery } from './storage/latency.ts';

/** Ceph. */
export const storage = defineDashboard({
  uid: 'rackwatch-storage',
  title: 'Storage',
  description: 'Ceph: what is wrong, what is full when, what is slow and because of whom, and how far recovery is.',
  variables: [
    jobsOf('rackwatch_ceph_data_fresh'),
    {
      name: 'device_class',
      label: 'Class',
      values: 'label_values(rackwatch_ceph_device_class_used_ratio{job=~"$job"}, device_class)',
      many: true,
    },
    {
      name: 'pool',
      label: 'Pool',
      values: 'label_values(rackwatch_ceph_pool_used_bytes{job=~"$job"}, pool)',
      many: true,
    },
  ],
  rows: [health, details, capacity, latency, recovery],
});
