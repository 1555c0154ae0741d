import { list, state } from './instances/state.ts';
import { limits, load } from './instances/use.ts';
import { defineDashboard } from './kit/dashboard.ts';
import { jobsOf } from './kit/shared.ts';

/** All instances, by project and member. */
export const instances = defineDashboard({
  uid: 'rackwatch-instances',
  title: 'Instances',
  description:
    'Which instances do not run, which are at their limits, and where the load is. A name leads to the instance.',
  variables: [
    jobsOf('lxd_instance_info'),
    {
      name: 'project',
      label: 'Project',
      values: 'label_values(lxd_instance_info{job=~"$job"}, project)',
      many: true,
    },
    {
      name: 'member',
      label: 'Member',
      values: 'label_values(lxd_instance_info{job=~"$job", project=~"$project"}, member)',
      many: true,
    },
  ],
  rows: [state, list, limits, load],
});
