import type { Row } from '../kit/dashboard.ts';
import { steps } from '../kit/look.ts';
import { figure } from '../kit/panels.ts';
import { orZero, query } from '../kit/query.ts';
import { answers, instanceColumn, memberColumn, projectColumn, running } from '../kit/shared.ts';
import { grid } from '../kit/table.ts';
import { cpuUsed, diskUsed, memoryUsed, of, ofProject, placed, portsDown, traffic } from './selectors.ts';

/** The figures that tell at a glance. */
export const state: Row = {
  title: 'Is it fine?',
  panels: [
    figure({
      title: 'Down',
      description: 'Instances that ought to run and do not.',
      queries: [
        query(orZero(`sum(max by (project, name) (rackwatch_instance_down{${of}}))`, answers('lxd')), 'instances'),
      ],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'bad']),
    }),
    figure({
      title: 'Running',
      description: 'Instances that run, of the chosen projects and members.',
      queries: [
        query(
          orZero(
            `count(${placed(`max by (project, name) (lxd_instance_state{${ofProject}, state="running"} == 1)`)})`,
            answers('lxd'),
          ),
          'instances',
        ),
      ],
      unit: 'short',
      width: 4,
    }),
    figure({
      title: 'Away from home',
      description: 'Instances that an evacuation moved away and that are not back, although their member is.',
      queries: [
        query(orZero(`sum(max by (project, name) (rackwatch_instance_displaced{${of}}))`, answers('lxd')), 'instances'),
      ],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'warning']),
    }),
    figure({
      title: 'Killed for memory',
      description: 'Processes that the kernel killed in the last hour because an instance was at its memory limit.',
      queries: [
        query(
          orZero(
            `sum(max by (project, name, member) (increase(lxd_memory_OOM_kills_total{${of}}[1h])))`,
            answers('lxd'),
          ),
          'processes',
        ),
      ],
      unit: 'short',
      decimals: 0,
      width: 4,
      thresholds: steps([0, 'good'], [1, 'warning']),
    }),
    figure({
      title: 'Ports down',
      description: "Instances' network ports that OVN has not brought up: such an instance runs and is not reached.",
      queries: [query(orZero(`count(${portsDown(of)})`, answers('lxd')), 'ports')],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'warning']),
    }),
    figure({
      title: 'Ports misplaced',
      description: 'Ports that OVN has bound on another member than the one that LXD says the instance is on.',
      queries: [
        query(
          orZero(`sum(max by (project, name, device) (ovn_port_location_mismatch{${of}}))`, answers('lxd')),
          'ports',
        ),
      ],
      unit: 'short',
      width: 4,
      thresholds: steps([0, 'good'], [1, 'bad']),
    }),
  ],
};

const share = { unit: 'percentunit', decimals: 0, thresholds: steps([0, 'unknown'], [0.85, 'warning'], [0.95, 'bad']) };

/** Every instance in a row of its own, those that are wrong before. */
export const list: Row = {
  title: 'Instances',
  panels: [
    grid({
      title: 'Expected and not running',
      description:
        'Instances that LXD would start at boot, or that ran when their host had to stop, and that do not run.',
      queries: [query(`max by (project, name, member) (rackwatch_instance_down{${of}}) == 1`)],
      columns: [projectColumn, instanceColumn, memberColumn],
      width: 7,
      height: 10,
      empty: 'every instance that ought to run does',
    }),
    grid({
      title: 'All instances',
      description: 'State and use of every instance; memory and disk against its own limits. The busiest come first.',
      queries: [
        query(`max by (project, name, member, kind) (lxd_instance_info{${of}})`),
        query(placed(`max by (project, name) (lxd_instance_state{${ofProject}, state="running"})`)),
        query(cpuUsed(of, '5m')),
        query(memoryUsed(of)),
        query(diskUsed(of)),
        query(traffic(of, '5m')),
      ],
      columns: [
        projectColumn,
        instanceColumn,
        { field: 'Value #B', title: 'State', mappings: running, width: 110 },
        memberColumn,
        { field: 'kind', title: 'Kind', width: 110 },
        { field: 'Value #C', title: 'Processors', decimals: 2 },
        { field: 'Value #D', title: 'Memory', ...share },
        { field: 'Value #E', title: 'Disk', ...share },
        { field: 'Value #F', title: 'Traffic', unit: 'Bps', decimals: 1 },
      ],
      sortBy: { title: 'Processors', descending: true },
      width: 17,
      height: 10,
    }),
  ],
};
