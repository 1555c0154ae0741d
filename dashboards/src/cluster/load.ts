import { cpuUsed, traffic } from '../instances/selectors.ts';
import type { Row } from '../kit/dashboard.ts';
import { steps } from '../kit/look.ts';
import { bars, graph } from '../kit/panels.ts';
import { query } from '../kit/query.ts';
import { job } from '../kit/shared.ts';

const member = `${job}, member=~"$member"`;

/** Where the load is. */
export const load: Row = {
  title: 'Load',
  panels: [
    graph({
      title: 'CPU by member',
      description: "Processor time of the instances of each member, against the member's processors.",
      queries: [
        query(
          `${cpuUsed(member, '$__rate_interval', 'member')} / on(member) max by (member) (lxd_cluster_member_cpus{${job}})`,
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
      queries: [query(`max by (device_class) (rackwatch_ceph_device_class_used_ratio{${job}})`, '{{device_class}}')],
      unit: 'percentunit',
      min: 0,
      max: 1,
      thresholds: steps([0, 'good'], [0.75, 'warning'], [0.85, 'bad']),
      width: 8,
    }),
    bars({
      title: 'Instances with the most CPU',
      description: 'Processors in use, the ten busiest.',
      queries: [query(`topk(10, ${cpuUsed(member, '5m')})`, '{{project}}/{{name}}')],
      unit: 'short',
      decimals: 2,
      min: 0,
      width: 12,
    }),
    bars({
      title: 'Instances with the most network traffic',
      description: 'Bytes per second in both directions, the ten busiest.',
      queries: [query(`topk(10, ${traffic(member, '5m')})`, '{{project}}/{{name}}')],
      unit: 'Bps',
      min: 0,
      width: 12,
    }),
  ],
};
