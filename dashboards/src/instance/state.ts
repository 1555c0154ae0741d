import { cpuUsed, diskUsed, memoryUsed } from '../instances/selectors.ts';
import type { Row } from '../kit/dashboard.ts';
import { steps, upOrDown, words, yesIsBad } from '../kit/look.ts';
import { figure } from '../kit/panels.ts';
import { query } from '../kit/query.ts';
import { job, memberColumn, running } from '../kit/shared.ts';
import { grid } from '../kit/table.ts';
import { one } from './selectors.ts';

const share = { unit: 'percentunit', decimals: 0, thresholds: steps([0, 'good'], [0.85, 'warning'], [0.95, 'bad']) };

/** Runs it, and how near is it to its limits. */
export const state: Row = {
  title: 'Now',
  panels: [
    figure({
      title: 'State',
      description: "Whether it runs, by LXD's word.",
      queries: [query(`max(lxd_instance_state{${one}, state="running"})`, 'state')],
      unit: 'short',
      width: 4,
      mappings: running,
      empty: 'unknown',
    }),
    figure({
      title: 'Expected',
      description: 'Whether it does what is expected of it; unknown while its member does not answer.',
      queries: [query(`max(rackwatch_instance_down{${one}})`, 'down')],
      unit: 'short',
      width: 4,
      mappings: words(
        { value: 0, text: '✓ as expected', color: 'good' },
        { value: 1, text: '✗ ought to run', color: 'bad' },
      ),
      empty: 'unknown',
    }),
    figure({
      title: 'Processors',
      description: 'Processors in use.',
      queries: [query(cpuUsed(one, '$__rate_interval'), '{{name}}')],
      unit: 'short',
      decimals: 2,
      width: 4,
      spark: true,
      empty: 'not running',
    }),
    figure({
      title: 'Memory',
      description:
        'Share of its memory that it could not give away at once. At the limit the kernel kills its processes.',
      queries: [query(memoryUsed(one), '{{name}}')],
      ...share,
      width: 4,
      empty: 'not running',
    }),
    figure({
      title: 'Fullest disk',
      description: 'Share of its fullest file system that is used, as seen inside.',
      queries: [query(diskUsed(one), '{{name}}')],
      ...share,
      width: 4,
      empty: 'not known',
    }),
    figure({
      title: 'Processes',
      description: 'Processes inside.',
      queries: [query(`max(lxd_instance_processes{${one}})`, 'processes')],
      unit: 'short',
      width: 4,
      empty: 'not running',
    }),
  ],
};

const expectedNow = words({ value: 1, text: 'yes', color: 'good' }, { value: 0, text: 'no', color: 'unknown' });

const ROUTE = 'prefix, nexthop';
const routes = `max by (${ROUTE}) (rackwatch_instance_route_info{${one}})`;

/** How many routers say so of each of its routes. */
const routersThat = (metric: string): string =>
  `sum by (${ROUTE}) (max by (router, ${ROUTE}) (${metric}{${job}})) and on(${ROUTE}) ${routes}`;

/** What it hangs on. */
export const place: Row = {
  title: 'Where it is, and what it hangs on',
  panels: [
    grid({
      title: 'Placement',
      description:
        'Its member, its network, the member that has the gateway of that network now, and its storage pool.',
      queries: [
        query(
          `max by (project, name, member, network, gateway_member, pool) (rackwatch_instance_placement_info{${one}})`,
        ),
      ],
      columns: [
        memberColumn,
        { field: 'network', title: 'Network' },
        { field: 'gateway_member', title: 'Gateway on' },
        { field: 'pool', title: 'Pool' },
      ],
      width: 9,
      height: 5,
      empty: 'unknown',
    }),
    grid({
      title: 'What it is',
      description: 'Kind, operating system and limits.',
      queries: [
        query(`max by (project, name, kind, os, release) (lxd_instance_info{${one}})`),
        query(`max by (project, name) (lxd_instance_cpu_limit{${one}})`),
        query(`max by (project, name) (lxd_instance_memory_limit_bytes{${one}})`),
        query(`max by (project, name) (lxd_instance_snapshots{${one}})`),
      ],
      columns: [
        { field: 'kind', title: 'Kind' },
        { field: 'os', title: 'System' },
        { field: 'release', title: 'Release' },
        { field: 'Value #B', title: 'Processors' },
        { field: 'Value #C', title: 'Memory', unit: 'bytes' },
        { field: 'Value #D', title: 'Snapshots' },
      ],
      width: 9,
      height: 5,
    }),
    grid({
      title: 'Ports',
      description: 'Its ports in OVN: up or not, and bound where LXD says it is or not.',
      queries: [
        query(`max by (device, network, member) (ovn_port_up{${one}})`),
        query(`max by (device, network, member) (ovn_port_location_mismatch{${one}})`),
      ],
      columns: [
        { field: 'device', title: 'Device' },
        { field: 'Value #A', title: 'Port', mappings: upOrDown },
        { field: 'Value #B', title: 'Misplaced', mappings: yesIsBad },
      ],
      width: 6,
      height: 5,
      empty: 'no port in OVN',
    }),
    grid({
      title: 'Routes',
      description:
        'Routes of its own (`ipvX.routes.external`): whether they are expected now, from it or from another instance that has the same one, and how many routers have them, or lack a usable path. A router that is silent counts nowhere.',
      queries: [
        query(
          `${routes} * on(${ROUTE}) max by (${ROUTE}) (rackwatch_route_expected{${job}, origin="instance"}) or 0 * ${routes}`,
        ),
        query(routersThat('rackwatch_route_received')),
        query(routersThat('rackwatch_route_missing')),
      ],
      columns: [
        { field: 'prefix', title: 'Prefix' },
        { field: 'nexthop', title: 'Next hop' },
        { field: 'Value #A', title: 'Expected', mappings: expectedNow },
        { field: 'Value #B', title: 'Routers that have it' },
        { field: 'Value #C', title: 'Routers that lack it', thresholds: steps([0, 'good'], [1, 'bad']) },
      ],
      width: 24,
      height: 5,
      empty: 'no route of its own',
    }),
  ],
};
