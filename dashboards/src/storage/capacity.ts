import type { Row } from '../kit/dashboard.ts';
import { steps } from '../kit/look.ts';
import { bars, graph } from '../kit/panels.ts';
import { query } from '../kit/query.ts';
import { grid } from '../kit/table.ts';
import { FULL, NEARFULL, ofClass, ofPool, timeToFull } from './selectors.ts';

const filling = steps([0, 'good'], [0.75, 'warning'], [NEARFULL, 'bad']);
const DAY = 86_400;
const soon = steps([0, 'bad'], [30 * DAY, 'warning'], [90 * DAY, 'good']);

/** What is full when. */
export const capacity: Row = {
  title: 'Capacity',
  panels: [
    bars({
      title: 'Used by class',
      description: `Used share of the raw capacity. At ${NEARFULL} Ceph warns, at ${FULL} it refuses writes.`,
      queries: [
        query(`max by (device_class) (rackwatch_ceph_device_class_used_ratio{${ofClass}})`, '{{device_class}}'),
      ],
      unit: 'percentunit',
      decimals: 0,
      min: 0,
      max: 1,
      thresholds: filling,
      width: 5,
      height: 7,
    }),
    bars({
      title: 'Time to full by class',
      description: 'If the growth of the last day goes on. A year stands for a year or more, and for no growth.',
      queries: [
        query(
          timeToFull(
            'rackwatch_ceph_device_class_used_bytes',
            'rackwatch_ceph_device_class_available_bytes',
            'device_class',
            ofClass,
          ),
          '{{device_class}}',
        ),
      ],
      unit: 's',
      decimals: 0,
      min: 0,
      max: 365 * DAY,
      thresholds: soon,
      width: 5,
      height: 7,
    }),
    grid({
      title: 'Pools',
      description:
        'What is stored, what it takes with its copies, and what can still be stored. The fullest come first.',
      queries: [
        query(`max by (pool) (rackwatch_ceph_pool_used_ratio{${ofPool}})`),
        query(`max by (pool) (rackwatch_ceph_pool_stored_bytes{${ofPool}})`),
        query(`max by (pool) (rackwatch_ceph_pool_used_bytes{${ofPool}})`),
        query(`max by (pool) (rackwatch_ceph_pool_available_bytes{${ofPool}})`),
        query(timeToFull('rackwatch_ceph_pool_stored_bytes', 'rackwatch_ceph_pool_available_bytes', 'pool', ofPool)),
      ],
      columns: [
        { field: 'pool', title: 'Pool' },
        { field: 'Value #A', title: 'Used', unit: 'percentunit', decimals: 1, thresholds: filling },
        { field: 'Value #B', title: 'Stored', unit: 'bytes', decimals: 1 },
        { field: 'Value #C', title: 'With copies', unit: 'bytes', decimals: 1 },
        { field: 'Value #D', title: 'Room for', unit: 'bytes', decimals: 1 },
        { field: 'Value #E', title: 'Full in', unit: 's', decimals: 0, thresholds: soon },
      ],
      sortBy: { title: 'Used', descending: true },
      width: 14,
      height: 7,
    }),
    graph({
      title: 'Used by class over time',
      description: `Used share of the raw capacity. At ${NEARFULL} Ceph warns, at ${FULL} it refuses writes.`,
      queries: [
        query(`max by (device_class) (rackwatch_ceph_device_class_used_ratio{${ofClass}})`, '{{device_class}}'),
      ],
      unit: 'percentunit',
      min: 0,
      max: 1,
      thresholds: filling,
      width: 12,
    }),
    graph({
      title: 'OSDs by use',
      description: 'Used share of every OSD. The fullest one decides when Ceph refuses writes.',
      queries: [
        query(
          `max by (osd, member, device_class) (rackwatch_ceph_osd_used_ratio{${ofClass}})`,
          'osd.{{osd}} {{device_class}} {{member}}',
        ),
      ],
      unit: 'percentunit',
      min: 0,
      max: 1,
      thresholds: filling,
      table: true,
      width: 12,
    }),
  ],
};
