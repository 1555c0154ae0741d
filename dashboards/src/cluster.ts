import { defineDashboard } from './kit/dashboard.ts';
import { steps, upOrDown, words, yesIsGood } from './kit/look.ts';
import { bars, figure, graph } from './kit/panels.ts';
import { query } from './kit/query.ts';
import { job, jobsOf, memberColumn, membersOf, planned, tolerance } from './kit/shared.ts';
import { grid } from './kit/table.ts';

const member = `${job}, member=~"$member"`;

/** One screen: is it fine, and what would break next. */
export const cluster = defineDashboard({
  uid: 'rackwatch-cluster',
  title: 'Cluster',
  description: 'Is it fine, and what would break next? Everything at one look, the worst first.',
  variables: [jobsOf('rackwatch_member_maintenance'), membersOf('rackwatch_member_maintenance')],
  rows: [
    {
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
              `count(min by (component, member, name) (rackwatch_redundancy_faults_tolerated{${job}}) <= 0) or vector(0)`,
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
          queries: [query(`sum(max by (project, name) (rackwatch_instance_down{${job}})) or vector(0)`, 'instances')],
          unit: 'short',
          width: 4,
          thresholds: steps([0, 'good'], [1, 'bad']),
        }),
        figure({
          title: 'Sources',
          description: 'Targets that do not answer: of them, nothing below can be known.',
          queries: [query(`sum(min by (source, target) (rackwatch_target_up{${job}}) == bool 0)`, 'targets')],
          unit: 'short',
          width: 3,
          thresholds: steps([0, 'good'], [1, 'warning']),
        }),
      ],
    },
    {
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
            'Whether the rest can do without each member: memory for its instances, copies of the data, quorums, gateways.',
          queries: [query(`min by (member, resource, name) (rackwatch_survives_member_loss{${job}})`)],
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
    },
    {
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
            { field: 'alertname', title: 'Alert' },
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
    },
    {
      title: 'Load',
      panels: [
        graph({
          title: 'CPU by member',
          description: "Processor time of the instances of each member, against the member's processors.",
          queries: [
            query(
              `sum by (member) (rate(lxd_cpu_seconds_total{${member}, mode!="idle"}[$__rate_interval])) / on(member) max by (member) (lxd_cluster_member_cpus{${job}})`,
              '{{member}}',
            ),
          ],
          unit: 'percentunit',
          min: 0,
          width: 8,
        }),
        graph({
          title: 'Memory by member',
          description: 'Memory in use of each member, against what it has.',
          queries: [
            query(
              `max by (member) (lxd_cluster_member_memory_used_bytes{${member}}) / max by (member) (lxd_cluster_member_memory_total_bytes{${member}})`,
              '{{member}}',
            ),
          ],
          unit: 'percentunit',
          min: 0,
          max: 1,
          width: 8,
        }),
        graph({
          title: 'Ceph capacity by device class',
          description: 'Used share of the raw capacity. At 0.85 Ceph warns, at 0.95 it stops writing.',
          queries: [
            query(`max by (device_class) (rackwatch_ceph_device_class_used_ratio{${job}})`, '{{device_class}}'),
          ],
          unit: 'percentunit',
          min: 0,
          max: 1,
          thresholds: steps([0, 'good'], [0.75, 'warning'], [0.85, 'bad']),
          width: 8,
        }),
        bars({
          title: 'Instances with the most CPU',
          description: 'Processors in use, the ten busiest.',
          queries: [
            query(
              `topk(10, sum by (project, name) (rate(lxd_cpu_seconds_total{${member}, mode!="idle"}[5m])))`,
              '{{project}}/{{name}}',
            ),
          ],
          unit: 'short',
          decimals: 2,
          min: 0,
          width: 12,
        }),
        bars({
          title: 'Instances with the most network traffic',
          description: 'Bytes per second in both directions, the ten busiest.',
          queries: [
            query(
              `topk(10, sum by (project, name) (rate(lxd_network_receive_bytes_total{${member}}[5m]) + rate(lxd_network_transmit_bytes_total{${member}}[5m])))`,
              '{{project}}/{{name}}',
            ),
          ],
          unit: 'Bps',
          min: 0,
          width: 12,
        }),
      ],
    },
  ],
});
