import type { Row } from '../kit/dashboard.ts';
import { cephHealth } from '../kit/figures.ts';
import { steps, upOrDown, words, yesIsGood } from '../kit/look.ts';
import { figure } from '../kit/panels.ts';
import { orZero, query } from '../kit/query.ts';
import { cephIsKnown, job, memberColumn } from '../kit/shared.ts';
import { grid } from '../kit/table.ts';
import { ofClass, ofPool } from './selectors.ts';

/** The figures that tell at a glance. */
export const health: Row = {
  title: 'Is it fine?',
  panels: [
    cephHealth('Health', 4),
    figure({
      title: 'Data of the manager',
      description:
        'A manager that lost the monitors goes on serving what it knew last: then nothing here is shown as fresh.',
      queries: [query(`max(rackwatch_ceph_data_fresh{${job}})`, 'fresh')],
      unit: 'short',
      width: 4,
      empty: 'no manager answers',
      mappings: words({ value: 1, text: '✓ fresh', color: 'good' }, { value: 0, text: '✗ stale', color: 'bad' }),
    }),
    figure({
      title: 'Monitors to spare',
      description: 'Monitors that can still be lost before the cluster stops. 0: the next one is an outage.',
      queries: [query(`min(rackwatch_redundancy_faults_tolerated{${job}, component="ceph_mon"})`, 'monitors')],
      unit: 'short',
      width: 4,
      empty: 'unknown',
      thresholds: steps([-1000, 'bad'], [0, 'warning'], [1, 'good']),
    }),
    figure({
      title: 'OSDs down',
      description: 'OSDs that do not work, of the chosen classes.',
      queries: [query(orZero(`sum(min by (osd) (rackwatch_ceph_osd_up{${ofClass}}) == bool 0)`, cephIsKnown), 'OSDs')],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'bad']),
    }),
    figure({
      title: 'Groups not clean',
      description: 'Placement groups that are not active and clean: they recover, move, or wait.',
      queries: [
        query(
          orZero(
            `sum(max by (pool) (rackwatch_ceph_pool_pgs{${ofPool}})) - sum(min by (pool) (rackwatch_ceph_pool_pgs_state{${ofPool}, state="clean"}))`,
            cephIsKnown,
          ),
          'groups',
        ),
      ],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'warning']),
    }),
    figure({
      title: 'Slow operations',
      description: 'Operations that have waited longer than osd_op_complaint_time, 30 s by default.',
      queries: [
        query(orZero(`sum(max by (daemon) (rackwatch_ceph_daemon_slow_ops{${job}}))`, cephIsKnown), 'operations'),
      ],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'warning']),
    }),
  ],
};

/** What Ceph complains about, and who decides. */
export const details: Row = {
  title: 'What is wrong, and what would be',
  panels: [
    grid({
      title: 'Health checks',
      description: 'Checks that Ceph has raised. `ceph health detail` tells what they mean here.',
      queries: [query(`max by (check, level) (rackwatch_ceph_health_check_active{${job}}) == 1`)],
      columns: [
        { field: 'level', title: 'Level', width: 110 },
        { field: 'check', title: 'Check' },
      ],
      width: 8,
      empty: 'no check is raised, or Ceph is silent',
    }),
    grid({
      title: 'Monitors',
      description: 'Who answers, and who is in the quorum. More than half must be.',
      queries: [
        query(`max by (mon, member) (rackwatch_ceph_mon_in_quorum{${job}})`),
        query(`max by (mon, member) (rackwatch_ceph_mon_reachable{${job}})`),
      ],
      columns: [
        { field: 'mon', title: 'Monitor' },
        memberColumn,
        { field: 'Value #B', title: 'Answers', mappings: upOrDown },
        { field: 'Value #A', title: 'In quorum', mappings: yesIsGood },
      ],
      sortBy: { title: 'Answers' },
      width: 7,
      empty: 'no monitor is known',
    }),
    grid({
      title: 'If an OSD dies',
      description:
        'Whether the others of its class can take over what it holds before they are nearly full, and what then is left.',
      queries: [
        query(`min by (osd, member, device_class) (rackwatch_survives_osd_loss{${ofClass}})`),
        query(`min by (osd, member, device_class) (rackwatch_osd_loss_margin_bytes{${ofClass}})`),
      ],
      columns: [
        { field: 'Value #A', title: 'Survives', mappings: yesIsGood, width: 90 },
        { field: 'osd', title: 'OSD', width: 70 },
        memberColumn,
        { field: 'device_class', title: 'Class' },
        { field: 'Value #B', title: 'Left over', unit: 'bytes', decimals: 1 },
      ],
      sortBy: { title: 'Left over' },
      width: 9,
      empty: 'unknown',
    }),
  ],
};
