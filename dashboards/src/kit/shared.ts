import type { Variable } from './dashboard.ts';
import { steps, words } from './look.ts';
import type { Column } from './table.ts';

/** Selects by the job that is chosen at the top. */
export const job = 'job=~"$job"';

/** A series while a source answers. */
export const answers = (source: 'lxd' | 'ovn' | 'frr' | 'bmc'): string =>
  `rackwatch_target_up{${job}, source="${source}"} == 1`;

/** A series while what Ceph tells is true. */
export const cephIsKnown = `rackwatch_ceph_data_fresh{${job}} == 1`;

/** Every dashboard's first choice, from a metric that it shows. */
export const jobsOf = (metric: string): Variable => ({
  name: 'job',
  label: 'Job',
  values: `label_values(${metric}, job)`,
  many: true,
});

export const membersOf = (metric: string): Variable => ({
  name: 'member',
  label: 'Member',
  values: `label_values(${metric}{job=~"$job"}, member)`,
  many: true,
});

/** What goes along with every link. */
const ALONG = '${datasource:queryparam}&${job:queryparam}&${__url_time_range}';

const linkTo = (uid: string, variable: string, title: string) => ({
  title,
  url: `/d/${uid}?var-${variable}=\${__value.raw}&${ALONG}`,
});

/** Columns that lead to the dashboard of the thing. */
export const memberColumn: Column = {
  field: 'member',
  title: 'Member',
  link: linkTo('rackwatch-hardware', 'member', 'Hardware of this member'),
};
export const routerColumn: Column = {
  field: 'router',
  title: 'Router',
  link: linkTo('rackwatch-routing', 'router', 'Routing of this router'),
};
export const instanceColumn: Column = {
  field: 'name',
  title: 'Instance',
  link: {
    title: 'This instance',
    url: `/d/rackwatch-instance?var-project=\${__data.fields.Project}&var-name=\${__value.raw}&${ALONG}`,
  },
};
export const projectColumn: Column = { field: 'project', title: 'Project' };

/** Faults that can still be taken: none left is a warning, fewer than none an outage. */
export const tolerance = steps([-1000, 'bad'], [0, 'warning'], [1, 'good']);

export const planned = words({ value: 0, text: 'no', color: 'unknown' }, { value: 1, text: '⚒ yes', color: 'calm' });

export const running = words(
  { value: 1, text: '✓ running', color: 'good' },
  { value: 0, text: '✗ not running', color: 'bad' },
);
