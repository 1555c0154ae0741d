import { expect, test } from 'vitest';
import { buildCatalogue } from '../catalogue.ts';

const catalogue = buildCatalogue();

/**
 * Families by the labels that other dashboards choose, join and name them by. Of LXD's official dashboard: its
 * variables and its network, processor, memory and process panels. Of ceph-mixin: overviews of OSDs, pools, RBD, monitors
 * and the cluster. Not their queries, and not every panel.
 */
const used: Readonly<Record<string, readonly string[]>> = {
  'job project name': [
    'lxd_procs_total',
    'lxd_memory_MemTotal_bytes',
    'lxd_memory_MemFree_bytes',
    'lxd_memory_Cached_bytes',
    'lxd_memory_Swap_bytes',
  ],
  'job project name mode': ['lxd_cpu_seconds_total'],
  'job project name device': ['receive', 'transmit'].flatMap((direction) =>
    ['bytes', 'packets', 'errs', 'drop'].map((what) => `lxd_network_${direction}_${what}_total`),
  ),
  ceph_daemon: [
    ...['r', 'w'].flatMap((operation) => [
      `ceph_osd_op_${operation}`,
      `ceph_osd_op_${operation}_latency_sum`,
      `ceph_osd_op_${operation}_latency_count`,
    ]),
    'ceph_osd_op_r_out_bytes',
    'ceph_osd_op_w_in_bytes',
    'ceph_osd_apply_latency_ms',
    'ceph_osd_commit_latency_ms',
    'ceph_osd_numpg',
    'ceph_osd_up',
    'ceph_osd_in',
    'ceph_osd_weight',
    'ceph_osd_stat_bytes',
    'ceph_osd_stat_bytes_used',
    'ceph_mon_quorum_status',
  ],
  'ceph_daemon hostname device_class objectstore': ['ceph_osd_metadata'],
  'ceph_daemon hostname': ['ceph_mon_metadata', 'ceph_mgr_metadata', 'ceph_mds_metadata'],
  'pool_id name': ['ceph_pool_metadata'],
  pool_id: ['stored', 'stored_raw', 'max_avail', 'percent_used', 'objects', 'rd', 'wr', 'rd_bytes', 'wr_bytes'].map(
    (what) => `ceph_pool_${what}`,
  ),
  'pool image': ['read', 'write'].flatMap((operation) =>
    ['ops', 'bytes', 'latency_sum', 'latency_count'].map((what) => `ceph_rbd_${operation}_${what}`),
  ),
  // Its labels are on no page of a manager that we have kept: none of them had raised a check.
  '': ['ceph_health_detail', 'ceph_health_status', 'ceph_cluster_total_bytes', 'ceph_cluster_total_used_bytes'],
};

test.each(Object.entries(used).flatMap(([labels, families]) => families.map((name) => [name, labels] as const)))(
  '%s is passed on, with what it is chosen by: %s',
  (name, labels) => {
    const known = catalogue.get(name);
    expect(known).toBeDefined();
    expect(labels.split(' ').filter((label) => label !== '' && !known?.has(label))).toEqual([]);
  },
);
