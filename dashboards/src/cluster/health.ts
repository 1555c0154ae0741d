import type { Row } from '../kit/dashboard.ts';
import { cephHealth, instancesDown, waysOut } from '../kit/figures.ts';
import { steps } from '../kit/look.ts';
import { figure } from '../kit/panels.ts';
import { orZero, query } from '../kit/query.ts';
import { job } from '../kit/shared.ts';

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
          orZero(
            `count(min by (component, member, name) (rackwatch_redundancy_faults_tolerated{${job}}) <= 0)`,
            `rackwatch_redundancy_faults_tolerated{${job}}`,
          ),
          'components',
        ),
      ],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'warning']),
    }),
    cephHealth('Ceph', 3),
    waysOut('unknown'),
    instancesDown(),
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
