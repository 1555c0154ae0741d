import type { Row } from '../kit/dashboard.ts';
import { steps, words } from '../kit/look.ts';
import { figure } from '../kit/panels.ts';
import { query } from '../kit/query.ts';
import { answers, job } from '../kit/shared.ts';

/** The figures that tell at a glance. */
export const health: Row = {
  title: 'Is it fine?',
  panels: [
    figure({
      title: 'Pages',
      description: 'Alerts of severity critical that fire now.',
      queries: [query('count(ALERTS{alertstate="firing", severity="critical"}) or vector(0)', 'critical')],
      unit: 'short',
      width: 3,
      thresholds: steps([0, 'good'], [1, 'bad']),
    }),
    figure({
      title: 'Warnings',
      description: 'Alerts of severity warning that fire now.',
      queries: [query('count(ALERTS{alertstate="firing", severity="warning"}) or vector(0)', 'warning')],
      unit: 'short',
      width: 3,
      thresholds: steps([0, 'good'], [1, 'warning']),
    }),
    figure({
      title: 'Next failure is an outage',
      description: 'Components that stand no further failure, or have failed. The table below names them.',
      queries: [
        query(
          `count(min by (component, member, name) (rackwatch_redundancy_faults_tolerated{${job}}) <= 0) or 0 * max(rackwatch_redundancy_faults_tolerated{${job}})`,
          'components',
        ),
      ],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'warning']),
    }),
    figure({
      title: 'Ceph',
      description: "Ceph's own word on its health; unknown while its data are not fresh.",
      queries: [
        query(
          `max(2 * rackwatch_ceph_health_state{${job}, state="error"} or rackwatch_ceph_health_state{${job}, state="warn"})`,
          'health',
        ),
      ],
      unit: 'short',
      width: 3,
      empty: 'unknown',
      mappings: words(
        { value: 0, text: '✓ ok', color: 'good' },
        { value: 1, text: '△ warning', color: 'warning' },
        { value: 2, text: '✗ error', color: 'bad' },
      ),
    }),
    figure({
      title: 'Ways out',
      description: 'Transit peers that work, by address family.',
      queries: [query(`max by (name) (rackwatch_redundancy_current{${job}, component="bgp_transit"})`, '{{name}}')],
      unit: 'short',
      width: 4,
      names: true,
      empty: 'unknown',
      thresholds: steps([0, 'bad'], [1, 'warning'], [2, 'good']),
    }),
    figure({
      title: 'Instances down',
      description: 'Instances that ought to run and do not.',
      queries: [
        query(
          `sum(max by (project, name) (rackwatch_instance_down{${job}})) or 0 * max(${answers('lxd')})`,
          'instances',
        ),
      ],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'bad']),
    }),
    figure({
      title: 'Silent targets',
      description: 'Targets that do not answer: of them, nothing below can be known.',
      queries: [query(`sum(min by (source, target) (rackwatch_target_up{${job}}) == bool 0)`, 'targets')],
      unit: 'short',
      width: 3,
      thresholds: steps([0, 'good'], [1, 'warning']),
    }),
  ],
};
