import type { Row } from '../kit/dashboard.ts';
import { steps } from '../kit/look.ts';
import { bars, graph } from '../kit/panels.ts';
import { orNone, query } from '../kit/query.ts';
import { cpuUsed, diskUsed, memoryUsed, of, ofProject } from './selectors.ts';

const near = steps([0, 'calm'], [0.85, 'warning'], [0.95, 'bad']);
const share = { unit: 'percentunit', decimals: 0, min: 0, max: 1, thresholds: near } as const;

/** Those that are nearest to a limit. */
export const limits: Row = {
  title: 'Nearest to a limit',
  panels: [
    bars({
      title: 'Processors against the limit',
      description: "The ten instances that use most of the processors that they may use, or of their member's.",
      queries: [
        query(
          `topk(10, ${cpuUsed(of, '5m')} / on(project, name) (max by (project, name) (lxd_cpu_effective_total{${of}}) > 0))`,
          '{{project}}/{{name}}',
        ),
      ],
      ...share,
      width: 8,
    }),
    bars({
      title: 'Memory against the limit',
      description: 'The ten instances with the least memory to spare. At the limit the kernel kills their processes.',
      queries: [query(`topk(10, ${memoryUsed(of)})`, '{{project}}/{{name}}')],
      ...share,
      width: 8,
    }),
    bars({
      title: 'Fullest disks',
      description: 'The ten instances with the fullest file system, as seen inside.',
      queries: [query(`topk(10, ${diskUsed(of)})`, '{{project}}/{{name}}')],
      ...share,
      width: 8,
    }),
    bars({
      title: 'Limits of the projects',
      description:
        'What projects use of what they may, the ten nearest. At the limit LXD refuses the next instance or volume.',
      queries: [
        query(
          orNone(
            `topk(10, max by (project, resource) (lxd_project_usage{${ofProject}}) / (max by (project, resource) (lxd_project_limit{${ofProject}}) > 0))`,
            'project',
          ),
          '{{project}} {{resource}}',
        ),
      ],
      ...share,
      width: 24,
      height: 8,
      empty: 'no project has limits',
    }),
  ],
};

/** Load over time by project and member. */
export const load: Row = {
  title: 'Load',
  panels: [
    graph({
      title: 'Instances by member',
      description: 'How many instances are on each member; a step is an evacuation, a restore, or a death.',
      queries: [query(`count by (member) (max by (project, name, member) (lxd_instance_info{${of}}))`, '{{member}}')],
      unit: 'short',
      min: 0,
      stacked: true,
      width: 8,
    }),
    graph({
      title: 'Processors by project',
      description: 'Processors in use by the instances of each project.',
      queries: [query(cpuUsed(of, '$__rate_interval', 'project'), '{{project}}')],
      unit: 'short',
      min: 0,
      stacked: true,
      width: 8,
    }),
    graph({
      title: 'Memory by project',
      description: 'Memory that the instances of each project use and could not give away at once.',
      queries: [
        query(
          `sum by (project) (max by (project, name, member) (lxd_memory_MemTotal_bytes{${of}} - lxd_memory_MemAvailable_bytes{${of}}))`,
          '{{project}}',
        ),
      ],
      unit: 'bytes',
      min: 0,
      stacked: true,
      width: 8,
    }),
    graph({
      title: 'Received by project',
      description: 'Network traffic to the instances of each project, all members together.',
      queries: [
        query('max by (project) (project:lxd_network_receive_bytes:rate5m{project=~"$project"})', '{{project}}'),
      ],
      unit: 'Bps',
      min: 0,
      width: 8,
    }),
    graph({
      title: 'Sent by project',
      description: 'Network traffic from the instances of each project, all members together.',
      queries: [
        query('max by (project) (project:lxd_network_transmit_bytes:rate5m{project=~"$project"})', '{{project}}'),
      ],
      unit: 'Bps',
      min: 0,
      width: 8,
    }),
    graph({
      title: 'Disk by project',
      description: 'Bytes read and written by the instances of each project.',
      queries: [
        query(
          `sum by (project) (max by (project, name, device, member) (rate(lxd_disk_read_bytes_total{${of}}[$__rate_interval]) + rate(lxd_disk_written_bytes_total{${of}}[$__rate_interval])))`,
          '{{project}}',
        ),
      ],
      unit: 'Bps',
      min: 0,
      width: 8,
    }),
  ],
};
