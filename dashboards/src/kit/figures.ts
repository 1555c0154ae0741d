import { steps, words } from './look.ts';
import { figure, type Sized } from './panels.ts';
import { orZero, query } from './query.ts';
import { answers, job } from './shared.ts';

// Figures that stand on more than one dashboard.

export const cephHealth = (title: string, width: number): Sized =>
  figure({
    title,
    description: "Ceph's own word on its health; unknown while its data are not fresh.",
    queries: [
      query(
        `max(2 * rackwatch_ceph_health_state{${job}, state="error"} or rackwatch_ceph_health_state{${job}, state="warn"})`,
        'health',
      ),
    ],
    unit: 'short',
    width,
    empty: 'unknown',
    mappings: words(
      { value: 0, text: '✓ ok', color: 'good' },
      { value: 1, text: '△ warning', color: 'warning' },
      { value: 2, text: '✗ error', color: 'bad' },
    ),
  });

/** What stands there when it is not known: on a dashboard of routers, why. */
export const waysOut = (empty: string): Sized =>
  figure({
    title: 'Ways out',
    description: 'Transit peers that work, by address family.',
    queries: [query(`max by (name) (rackwatch_redundancy_current{${job}, component="bgp_transit"})`, '{{name}}')],
    unit: 'short',
    width: 4,
    names: true,
    empty,
    thresholds: steps([0, 'bad'], [1, 'warning'], [2, 'good']),
  });

export const instancesDown = (): Sized =>
  figure({
    title: 'Instances down',
    description: 'Instances that ought to run and do not.',
    queries: [
      query(orZero(`sum(max by (project, name) (rackwatch_instance_down{${job}}))`, answers('lxd')), 'instances'),
    ],
    unit: 'short',
    width: 4,
    thresholds: steps([0, 'good'], [1, 'bad']),
  });
