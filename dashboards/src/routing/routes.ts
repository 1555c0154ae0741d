import type { Row } from '../kit/dashboard.ts';
import { steps } from '../kit/look.ts';
import { bars, graph } from '../kit/panels.ts';
import { query } from '../kit/query.ts';
import { job } from '../kit/shared.ts';
import { of } from './selectors.ts';

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
      width: 8,
    }),
  ],
};
