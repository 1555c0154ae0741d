import type { Row } from '../kit/dashboard.ts';
import { waysOut } from '../kit/figures.ts';
import { steps } from '../kit/look.ts';
import { figure } from '../kit/panels.ts';
import { orZero, query } from '../kit/query.ts';
import { answers, job } from '../kit/shared.ts';
import { established, of, SESSION } from './selectors.ts';

/** The figures that tell at a glance. */
export const health: Row = {
  title: 'Is it fine?',
  panels: [
    figure({
      title: 'Routers that are silent',
      description: 'Routers whose FRR does not answer. Of them nothing is known.',
      queries: [query(`sum(max by (router) (frr_status_up{${of}}) == bool 0)`, 'routers')],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'bad']),
    }),
    waysOut('no peer has the role transit'),
    figure({
      title: 'Sessions down',
      description: 'BGP sessions that are not established and that nobody has shut down.',
      queries: [
        query(
          orZero(
            `sum((${established} == bool 0) * on(${SESSION}) (max by (${SESSION}) (frr_bgp_peer_admin_down{${of}}) == bool 0))`,
            answers('frr'),
          ),
          'sessions',
        ),
      ],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'bad']),
    }),
    figure({
      title: 'BFD sessions down',
      description: 'BFD sessions that are not up and that nobody has shut down.',
      queries: [
        query(
          orZero(
            `sum((max by (router, local, peer, vrf, interface) (frr_bfd_peer_state{${of}}) == bool 0) * (max by (router, local, peer, vrf, interface) (frr_bfd_peer_admin_down{${of}}) == bool 0))`,
            answers('frr'),
          ),
          'sessions',
        ),
      ],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'bad']),
    }),
    figure({
      title: 'Sessions lost in a day',
      description: 'How often an established BGP session was lost in the last 24 hours.',
      queries: [
        query(
          orZero(`sum(max by (${SESSION}) (increase(frr_bgp_peer_dropped_total{${of}}[1d])))`, answers('frr')),
          'times',
        ),
      ],
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: steps([0, 'good'], [1, 'warning']),
    }),
    figure({
      title: 'VRRP without backup',
      description: 'VRRP routers that no other router would take over, or that have no master at all.',
      queries: [
        query(
          orZero(
            `count(min by (name) (rackwatch_redundancy_faults_tolerated{${job}, component="vrrp_backup"}) <= 0)`,
            answers('frr'),
          ),
          'virtual routers',
        ),
      ],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'bad']),
    }),
  ],
};
