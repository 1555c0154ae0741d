import { portsDown } from '../instances/selectors.ts';
import type { Row } from '../kit/dashboard.ts';
import { steps } from '../kit/look.ts';
import { figure } from '../kit/panels.ts';
import { orZero, query } from '../kit/query.ts';
import { answers, job } from '../kit/shared.ts';
import { ofLink, ofNetwork } from './selectors.ts';

/** The figures that tell at a glance. */
export const health: Row = {
  title: 'Is it fine?',
  panels: [
    figure({
      title: 'Links down',
      description: 'Links of the members without carrier, bonds as one.',
      queries: [
        query(orZero(`sum(max by (member, device) (lxd_link_up{${ofLink}}) == bool 0)`, answers('lxd')), 'links'),
      ],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'bad']),
    }),
    figure({
      title: 'Legs down',
      description: 'Legs of bonds without carrier: the link still works, with less.',
      queries: [
        query(
          orZero(
            `sum(max by (member, device) (lxd_link_bond_legs{${ofLink}}) - min by (member, device) (lxd_link_bond_legs_up{${ofLink}}))`,
            answers('lxd'),
          ),
          'legs',
        ),
      ],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'warning']),
    }),
    figure({
      title: 'Databases to spare',
      description: "Servers of OVN's databases that can still be lost. 0: the next one is an outage.",
      queries: [
        query(
          `min by (component) (rackwatch_redundancy_faults_tolerated{${job}, component=~"ovn_nb|ovn_sb"})`,
          '{{component}}',
        ),
      ],
      unit: 'short',
      width: 4,
      names: true,
      empty: 'unknown',
      thresholds: steps([-1000, 'bad'], [0, 'warning'], [1, 'good']),
    }),
    figure({
      title: 'No way out',
      description:
        'Networks whose gateway no chassis has: their instances reach nothing outside, and nothing reaches them.',
      queries: [query(orZero(`sum(max by (network) (ovn_gateway_unbound{${ofNetwork}}))`, answers('ovn')), 'networks')],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'bad']),
    }),
    figure({
      title: 'Ports down',
      description: 'Ports of instances that run, and that OVN has not brought up: nobody reaches these instances.',
      queries: [query(orZero(`count(${portsDown(ofNetwork)})`, answers('ovn')), 'ports')],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'warning']),
    }),
    figure({
      title: 'Chassis furthest behind',
      description: 'Changes of the configuration that the slowest ovn-controller has not confirmed.',
      queries: [query(`max(ovn_chassis_nb_cfg_lag{${ofLink}})`, 'changes')],
      unit: 'short',
      width: 4,
      empty: 'unknown',
      thresholds: steps([0, 'good'], [5, 'warning'], [50, 'bad']),
    }),
  ],
};
