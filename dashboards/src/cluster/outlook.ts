import type { Row } from '../kit/dashboard.ts';
import { yesIsGood } from '../kit/look.ts';
import { query } from '../kit/query.ts';
import { job, memberColumn, tolerance } from '../kit/shared.ts';
import { grid } from '../kit/table.ts';

/** What stands no further failure, and whether the cluster stands the loss of a member. */
export const outlook: Row = {
  title: 'What would break next?',
  panels: [
    grid({
      title: 'Redundancy ledger',
      description:
        'How many further failures each component stands: 0, the next one is an outage; below 0, it has happened.',
      queries: [
        query(`min by (component, member, name) (rackwatch_redundancy_faults_tolerated{${job}})`),
        query(`min by (component, member, name) (rackwatch_redundancy_current{${job}})`),
        query(`max by (component, member, name) (rackwatch_redundancy_expected{${job}})`),
        query(`max by (component, member, name) (rackwatch_redundancy_minimum{${job}})`),
      ],
      columns: [
        { field: 'Value #A', title: 'Can still lose', thresholds: tolerance, width: 120 },
        { field: 'component', title: 'Component' },
        memberColumn,
        { field: 'name', title: 'Name' },
        { field: 'Value #B', title: 'Work', width: 70 },
        { field: 'Value #C', title: 'Expected', width: 90 },
        { field: 'Value #D', title: 'Needed', width: 80 },
      ],
      sortBy: { title: 'Can still lose' },
      width: 14,
      height: 11,
      empty: 'no component is known',
    }),
    grid({
      title: 'If a server dies',
      description:
        'Whether the rest can do without each member: memory for its instances, copies of the data, quorums, gateways. Where the lost copies could be made anew is not in it: with three servers and three copies, nowhere.',
      queries: [
        query(`min by (member, resource, name) (rackwatch_survives_member_loss{${job}, resource!="storage_recovery"})`),
      ],
      columns: [
        { field: 'Value', title: 'Survives', mappings: yesIsGood, width: 90 },
        memberColumn,
        { field: 'resource', title: 'Resource' },
        { field: 'name', title: 'Name' },
      ],
      sortBy: { title: 'Survives' },
      width: 10,
      height: 11,
      empty: 'unknown',
    }),
  ],
};
