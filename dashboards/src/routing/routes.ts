import type { Row } from '../kit/dashboard.ts';
import { steps } from '../kit/look.ts';
import { bars, graph } from '../kit/panels.ts';
import { query } from '../kit/query.ts';
import { job, routerColumn } from '../kit/shared.ts';
import { grid } from '../kit/table.ts';
import { of } from './selectors.ts';

const auditColumns = [routerColumn, { field: 'prefix', title: 'Prefix' }, { field: 'nexthop', title: 'Next hop' }];

const audit = (what: string): string => `max by (router, prefix, nexthop) (rackwatch_route_${what}{${of}}) == 1`;

/** What the tables should hold by LXD, and what they do hold. */
export const auditing: Row = {
  title: 'Do the tables hold what they should?',
  panels: [
    grid({
      title: 'Routes that are missing',
      description:
        'Prefixes that LXD or OVN should announce and that a router does not have: nobody outside reaches them.',
      queries: [query(audit('missing'))],
      columns: auditColumns,
      width: 8,
      height: 7,
      empty: 'every expected route is there',
    }),
    grid({
      title: 'Routes that nobody expects',
      description: 'Prefixes in a table that no network, instance, forward or load balancer explains.',
      queries: [query(audit('unexpected'))],
      columns: auditColumns,
      width: 8,
      height: 7,
      empty: 'every route is explained',
    }),
    bars({
      title: 'Expected routes by origin',
      description: 'How many routes are expected because of networks, instances, forwards and load balancers.',
      queries: [
        query(`count by (origin) (max by (prefix, nexthop, origin) (rackwatch_route_expected{${job}}))`, '{{origin}}'),
      ],
      unit: 'short',
      min: 0,
      width: 8,
      height: 7,
      empty: 'LXD expects no route',
    }),
  ],
};

/** What is in the tables. */
export const routes: Row = {
  title: 'Routes',
  panels: [
    bars({
      title: 'Origins of anycast prefixes',
      description: 'How many more origins each anycast prefix can lose. 0: the next one takes the service away.',
      queries: [
        query(`min by (name) (rackwatch_redundancy_faults_tolerated{${job}, component="anycast_origin"})`, '{{name}}'),
      ],
      unit: 'short',
      min: 0,
      thresholds: steps([-1000, 'bad'], [0, 'warning'], [1, 'good']),
      empty: 'no prefix is configured as anycast',
      width: 8,
    }),
    graph({
      title: 'Routes by kind',
      description: 'Routes in the table of each router, by where they come from.',
      queries: [
        query(`max by (router, afi, route_type) (frr_route_rib_count{${of}})`, '{{router}} {{afi}} {{route_type}}'),
      ],
      unit: 'short',
      min: 0,
      table: true,
      width: 8,
    }),
    graph({
      title: 'Routes that are not in use',
      description:
        'Routes that a router has chosen and the kernel has not: traffic goes another way than FRR believes.',
      queries: [
        query(
          `max by (router, afi) (frr_route_total{${of}}) - min by (router, afi) (frr_route_total_fib{${of}})`,
          '{{router}} {{afi}}',
        ),
      ],
      unit: 'short',
      count: true,
      width: 8,
    }),
  ],
};
