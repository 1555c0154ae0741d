import type { Row } from '../kit/dashboard.ts';
import { graph } from '../kit/panels.ts';
import { query } from '../kit/query.ts';
import { one } from './selectors.ts';

const perDevice = (metric: string) => `max by (device) (rate(${metric}{${one}, device!="lo"}[$__rate_interval]))`;

/** Processors and memory. */
export const computing: Row = {
  title: 'Processors and memory',
  panels: [
    graph({
      title: 'Processors by mode',
      description: 'Processors in use by mode, with what it may use.',
      queries: [
        query(
          `sum by (mode) (max by (cpu, mode) (rate(lxd_cpu_seconds_total{${one}, mode!="idle"}[$__rate_interval])))`,
          '{{mode}}',
        ),
        query(`max(lxd_cpu_effective_total{${one}})`, 'may use'),
      ],
      unit: 'short',
      min: 0,
      width: 12,
    }),
    graph({
      title: 'Memory against the limit',
      description: 'Memory in use, cached, and its limit. What is cached is given away when it is needed.',
      queries: [
        query(`max(lxd_memory_MemTotal_bytes{${one}} - lxd_memory_MemAvailable_bytes{${one}})`, 'in use'),
        query(`max(lxd_memory_Cached_bytes{${one}})`, 'cached'),
        query(`max(lxd_memory_MemTotal_bytes{${one}})`, 'limit'),
      ],
      unit: 'bytes',
      min: 0,
      width: 12,
    }),
  ],
};

/** Its disks, from inside and from Ceph. */
export const storage: Row = {
  title: 'Disks',
  panels: [
    graph({
      title: 'Latency in Ceph',
      description: 'Mean time of its operations on its RBD image, as the OSDs and the network give it.',
      queries: [
        query(
          `max by (operation) (rate(rackwatch_ceph_rbd_latency_seconds_sum{${one}}[$__rate_interval]) / (rate(rackwatch_ceph_rbd_latency_seconds_count{${one}}[$__rate_interval]) > 0))`,
          '{{operation}}',
        ),
      ],
      unit: 's',
      min: 0,
      width: 8,
      empty: 'no operation, or its pool is not in rbd_stats_pools of Ceph',
    }),
    graph({
      title: 'Operations in Ceph',
      description: 'Operations on its RBD image each second.',
      queries: [
        query(
          `max by (operation) (rate(rackwatch_ceph_rbd_operations_total{${one}}[$__rate_interval]))`,
          '{{operation}}',
        ),
      ],
      unit: 'iops',
      min: 0,
      width: 8,
      empty: 'its pool is not in rbd_stats_pools of Ceph',
    }),
    graph({
      title: 'File systems',
      description: 'Used share of each of its file systems, as seen inside.',
      queries: [
        query(
          `max by (mountpoint) (1 - lxd_filesystem_avail_bytes{${one}} / (lxd_filesystem_size_bytes{${one}} > 0))`,
          '{{mountpoint}}',
        ),
      ],
      unit: 'percentunit',
      min: 0,
      max: 1,
      width: 8,
    }),
    graph({
      title: 'Read',
      description: 'Bytes read from each device.',
      queries: [query(perDevice('lxd_disk_read_bytes_total'), '{{device}}')],
      unit: 'Bps',
      min: 0,
      width: 12,
      height: 7,
    }),
    graph({
      title: 'Written',
      description: 'Bytes written to each device.',
      queries: [query(perDevice('lxd_disk_written_bytes_total'), '{{device}}')],
      unit: 'Bps',
      min: 0,
      width: 12,
      height: 7,
    }),
  ],
};

/** Its network devices. */
export const network: Row = {
  title: 'Network',
  panels: [
    graph({
      title: 'Received',
      description: 'Bytes received by each device.',
      queries: [query(perDevice('lxd_network_receive_bytes_total'), '{{device}}')],
      unit: 'Bps',
      min: 0,
      width: 8,
    }),
    graph({
      title: 'Sent',
      description: 'Bytes sent by each device.',
      queries: [query(perDevice('lxd_network_transmit_bytes_total'), '{{device}}')],
      unit: 'Bps',
      min: 0,
      width: 8,
    }),
    graph({
      title: 'Lost',
      description: 'Packets that were dropped or in error, each second. Any at all is worth a look.',
      queries: [
        query(
          `max by (device) (rate(lxd_network_receive_drop_total{${one}, device!="lo"}[$__rate_interval]) + rate(lxd_network_receive_errs_total{${one}, device!="lo"}[$__rate_interval]))`,
          'received on {{device}}',
        ),
        query(
          `max by (device) (rate(lxd_network_transmit_drop_total{${one}, device!="lo"}[$__rate_interval]) + rate(lxd_network_transmit_errs_total{${one}, device!="lo"}[$__rate_interval]))`,
          'sent on {{device}}',
        ),
      ],
      unit: 'pps',
      min: 0,
      width: 8,
    }),
  ],
};
