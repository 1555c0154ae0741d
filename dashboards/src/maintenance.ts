import { defineDashboard } from './kit/dashboard.ts';
import { instancesDown } from './kit/figures.ts';
import { steps, upOrDown, words } from './kit/look.ts';
import { figure, graph, timeline } from './kit/panels.ts';
import { orNone, orZero, query } from './kit/query.ts';
import { answers, job, jobsOf, membersOf } from './kit/shared.ts';
import { grid } from './kit/table.ts';

const of = `${job}, member=~"$member"`;

/** The weekly reboot as a timeline. */
export const maintenance = defineDashboard({
  uid: 'rackwatch-maintenance',
  title: 'Maintenance',
  description: 'The weekly reboot: phases of each member, what moved, how long the cluster stood on fewer legs.',
  variables: [jobsOf('rackwatch_member_maintenance'), membersOf('rackwatch_member_maintenance')],
  from: 'now-3h',
  rows: [
    {
      title: 'Now',
      panels: [
        figure({
          title: 'Members in maintenance',
          description: 'From the start of an evacuation to the end of the restore.',
          queries: [query(`sum(max by (member) (rackwatch_member_maintenance{${of}}))`, 'members')],
          unit: 'short',
          width: 5,
          thresholds: steps([0, 'good'], [1, 'calm'], [2, 'bad']),
        }),
        figure({
          title: 'Longest maintenance',
          description: 'How long the member that is longest in maintenance has been so.',
          queries: [
            query(
              orZero(`max(time() - rackwatch_member_maintenance_start_timestamp_seconds{${of}})`, answers('lxd')),
              'time',
            ),
          ],
          unit: 's',
          width: 5,
          thresholds: steps([0, 'good'], [3600, 'warning'], [7200, 'bad']),
        }),
        figure({
          title: 'Instances away from home',
          description:
            'Instances that were moved away and whose member is back: the restore has not brought them home.',
          queries: [
            query(
              orZero(`sum(max by (project, name) (rackwatch_instance_displaced{${job}}))`, answers('lxd')),
              'instances',
            ),
          ],
          unit: 'short',
          width: 5,
          thresholds: steps([0, 'good'], [1, 'warning']),
        }),
        instancesDown(),
        figure({
          title: 'Survives another loss',
          description: 'Whether every resource stands the loss of any one member, as things are now.',
          queries: [query(`min(rackwatch_survives_member_loss{${job}, resource!="storage_recovery"})`, 'survives')],
          unit: 'short',
          width: 5,
          empty: 'unknown',
          mappings: words({ value: 1, text: '✓ yes', color: 'good' }, { value: 0, text: '✗ no', color: 'bad' }),
        }),
      ],
    },
    {
      title: 'Timeline',
      panels: [
        timeline({
          title: 'Phases',
          description: 'evacuating, evacuated, restoring; nothing while the member works as usual.',
          queries: [
            query(
              `max by (member) (rackwatch_member_maintenance_phase{${of}, phase="evacuating"}) + 2 * max by (member) (rackwatch_member_maintenance_phase{${of}, phase="evacuated"}) + 3 * max by (member) (rackwatch_member_maintenance_phase{${of}, phase="restoring"})`,
              '{{member}}',
            ),
          ],
          unit: 'short',
          mappings: words(
            { value: 0, text: 'at work', color: 'good' },
            { value: 1, text: 'evacuating', color: 'calm' },
            { value: 2, text: 'evacuated', color: 'warning' },
            { value: 3, text: 'restoring', color: 'calm' },
          ),
          width: 24,
          height: 6,
        }),
        timeline({
          title: 'Answers',
          description: 'Whether rackwatch reaches each member by its own connection: the reboot itself, or a death.',
          queries: [query(`max by (member) (rackwatch_member_reachable{${of}})`, '{{member}}')],
          unit: 'short',
          mappings: upOrDown,
          width: 24,
          height: 6,
        }),
      ],
    },
    {
      title: 'What moved',
      panels: [
        graph({
          title: 'Instances by member',
          description: 'Where the instances run.',
          queries: [
            query(`count by (member) (max by (project, name, member) (lxd_instance_info{${of}}))`, '{{member}}'),
          ],
          unit: 'short',
          min: 0,
          stacked: true,
          width: 12,
        }),
        graph({
          title: 'Events',
          description: "LXD's lifecycle events in each five minutes: moves, starts and stops.",
          queries: [
            query(
              orNone(`max by (action) (increase(rackwatch_lifecycle_events_total{${job}}[5m])) > 0`, 'action'),
              '{{action}}',
            ),
          ],
          unit: 'short',
          count: true,
          width: 12,
        }),
      ],
    },
    {
      title: 'On fewer legs',
      panels: [
        graph({
          title: 'Components without reserve',
          description: 'Components that stand no further failure: expected to rise during a reboot, and to fall again.',
          queries: [
            query(
              orNone(
                `count by (component) (min by (component, member, name) (rackwatch_redundancy_faults_tolerated{${job}}) <= 0)`,
                'component',
              ),
              '{{component}}',
            ),
          ],
          unit: 'short',
          count: true,
          stacked: true,
          width: 8,
        }),
        grid({
          title: 'Time without reserve',
          description:
            'How long, in the time range at the top, a component stood no further failure, in steps of half a minute.',
          queries: [
            query(
              `sort_desc(count_over_time((min by (component) (rackwatch_redundancy_faults_tolerated{${job}}) <= 0)[$__range:30s]) * 30)`,
            ),
          ],
          columns: [
            { field: 'component', title: 'Component' },
            { field: 'Value', title: 'Time', unit: 's', decimals: 0 },
          ],
          sortBy: { title: 'Time', descending: true },
          width: 8,
          empty: 'every component could lose one more, all the time',
        }),
        graph({
          title: 'Ceph recovery',
          description: 'Objects that lack a copy, and those that are to move.',
          queries: [
            query(`max(rackwatch_ceph_objects_degraded{${job}})`, 'degraded'),
            query(`max(rackwatch_ceph_objects_misplaced{${job}})`, 'misplaced'),
          ],
          unit: 'short',
          count: true,
          width: 8,
        }),
      ],
    },
  ],
});
