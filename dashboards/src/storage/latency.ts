import type { Row } from '../kit/dashboard.ts';
import { steps } from '../kit/look.ts';
import { bars, graph } from '../kit/panels.ts';
import { orNone, query } from '../kit/query.ts';
import { job } from '../kit/shared.ts';
import { ofClass, ofPool } from './selectors.ts';

const rbd = `${ofPool}, name!=""`;
const perOsd = (part: 'sum' | 'count') =>
  `max by (osd, member, device_class, operation) (rate(rackwatch_ceph_osd_operation_latency_seconds_${part}{${ofClass}}[5m]))`;
const perImage = (part: 'sum' | 'count') =>
  `max by (pool, image, project, name, operation) (rate(rackwatch_ceph_rbd_latency_seconds_${part}{${rbd}}[5m]))`;

/** How long operations take, and who is to blame. */
export const latency: Row = {
  title: 'Latency',
  panels: [
    graph({
      title: 'Latency by class',
      description: 'Mean time of all operations of a class in five minutes, the wait in the queue included.',
      queries: [
        query(
          'max by (device_class, operation) (device_class:rackwatch_ceph_osd_operation_latency_seconds:mean5m{device_class=~"$device_class"})',
          '{{device_class}} {{operation}}',
        ),
      ],
      unit: 's',
      min: 0,
      width: 7,
    }),
    bars({
      title: 'OSDs slower than their class',
      description: 'The ten slowest: how many times as long an OSD takes as its class does. One that ails stands out.',
      queries: [
        query(
          `topk(10, ${perOsd('sum')} / (${perOsd('count')} > 0) / on(device_class, operation) group_left() max by (device_class, operation) (device_class:rackwatch_ceph_osd_operation_latency_seconds:mean5m))`,
          'osd.{{osd}} {{member}} {{operation}}',
        ),
      ],
      unit: 'short',
      decimals: 1,
      min: 0,
      thresholds: steps([0, 'good'], [2, 'warning'], [4, 'bad']),
      width: 7,
    }),
    graph({
      title: 'Commit latency by OSD',
      table: true,
      description: 'Time until an OSD has a write on its disk, as it says itself. A disk that dies gets slow before.',
      queries: [
        query(
          `max by (osd, member, device_class) (rackwatch_ceph_osd_commit_latency_seconds{${ofClass}})`,
          'osd.{{osd}} {{device_class}} {{member}}',
        ),
      ],
      unit: 's',
      min: 0,
      width: 10,
    }),
    bars({
      title: 'Instances with the slowest disks',
      description: 'Mean time of their RBD operations, the ten slowest.',
      queries: [
        query(`topk(10, ${perImage('sum')} / (${perImage('count')} > 0))`, '{{project}}/{{name}} {{operation}}'),
      ],
      unit: 's',
      min: 0,
      width: 7,
      empty: 'no pool is in rbd_stats_pools of Ceph',
    }),
    bars({
      title: 'Instances with the most operations',
      description: 'RBD operations each second, the ten busiest.',
      queries: [
        query(
          `topk(10, sum by (project, name) (max by (pool, image, project, name, operation) (rate(rackwatch_ceph_rbd_operations_total{${rbd}}[5m]))))`,
          '{{project}}/{{name}}',
        ),
      ],
      unit: 'iops',
      min: 0,
      width: 7,
      empty: 'no pool is in rbd_stats_pools of Ceph',
    }),
    graph({
      title: 'Operations by pool',
      description: 'What clients ask of each pool.',
      table: true,
      queries: [
        query(
          `max by (pool, operation) (rate(rackwatch_ceph_pool_operations_total{${ofPool}}[$__rate_interval]))`,
          '{{pool}} {{operation}}',
        ),
      ],
      unit: 'iops',
      min: 0,
      width: 10,
    }),
  ],
};

/** Copies that are missing, and their way back. */
export const recovery: Row = {
  title: 'Recovery',
  panels: [
    graph({
      title: 'Objects',
      description: 'Objects that lack a copy, that are to move, and of which no copy is found.',
      queries: [
        query(`max(rackwatch_ceph_objects_degraded{${job}})`, 'degraded'),
        query(`max(rackwatch_ceph_objects_misplaced{${job}})`, 'misplaced'),
        query(`max(rackwatch_ceph_objects_unfound{${job}})`, 'unfound'),
      ],
      unit: 'short',
      count: true,
      width: 8,
    }),
    graph({
      title: 'Recovery by pool',
      description: 'Bytes each second that are copied or moved.',
      queries: [
        query(
          orNone(`max by (pool) (rackwatch_ceph_pool_recovery_bytes_per_second{${ofPool}}) > 0`, 'pool'),
          '{{pool}}',
        ),
      ],
      unit: 'Bps',
      min: 0,
      width: 8,
    }),
    graph({
      title: 'Groups by state',
      description: 'Placement groups in each state but active and clean, all pools together.',
      queries: [
        query(
          orNone(
            `sum by (state) (max by (pool, state) (rackwatch_ceph_pool_pgs_state{${ofPool}, state!~"active|clean"})) > 0`,
            'state',
          ),
          '{{state}}',
        ),
      ],
      unit: 'short',
      count: true,
      width: 8,
    }),
  ],
};
