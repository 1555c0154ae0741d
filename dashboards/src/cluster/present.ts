import type { Row } from '../kit/dashboard.ts';
import { upOrDown } from '../kit/look.ts';
import { query } from '../kit/query.ts';
import { job, memberColumn, planned } from '../kit/shared.ts';
import { grid } from '../kit/table.ts';

const member = `${job}, member=~"$member"`;

/** What fires, and the state of every member. */
export const present: Row = {
  title: 'Now',
  panels: [
    grid({
      title: 'Alerts',
      description: 'Alerts that fire, but for those that only mute others.',
      queries: [
        query(
          'max by (alertname, severity, member, component) (ALERTS{alertstate="firing", severity=~"critical|warning|info"})',
        ),
      ],
      columns: [
        { field: 'severity', title: 'Severity', width: 90 },
        {
          field: 'alertname',
          title: 'Alert',
          link: { title: 'Runbook', url: '${runbooks}/runbooks/${__value.raw}.md' },
        },
        { field: 'member', title: 'Member', width: 100 },
        { field: 'component', title: 'Component', width: 110 },
      ],
      sortBy: { title: 'Severity' },
      width: 12,
      height: 8,
      empty: 'no alert fires',
    }),
    grid({
      title: 'Members',
      description: 'State of every member: maintenance is planned, not answering is not.',
      queries: [
        query(`max by (member) (rackwatch_member_maintenance{${member}})`),
        query(`max by (member) (rackwatch_member_reachable{${member}})`),
        query(`max by (member) (lxd_cluster_member_load_average{${member}, window="5m"})`),
        query(`max by (member) (bmc_power_consumption_watts{${member}})`),
        query(`max by (member) (bmc_temperature_celsius{${member}})`),
      ],
      columns: [
        memberColumn,
        { field: 'Value #B', title: 'Answers', mappings: upOrDown },
        {
          field: 'Value #A',
          title: 'Maintenance',
          mappings: planned,
        },
        { field: 'Value #C', title: 'Load', decimals: 1 },
        { field: 'Value #D', title: 'Power', unit: 'watt', decimals: 0 },
        { field: 'Value #E', title: 'Hottest', unit: 'celsius', decimals: 0 },
      ],
      width: 12,
      height: 8,
    }),
  ],
};
