import { place, state } from './instance/state.ts';
import { computing, network, storage } from './instance/use.ts';
import { defineDashboard } from './kit/dashboard.ts';
import { jobsOf } from './kit/shared.ts';

/** Everything about one instance. */
export const instance = defineDashboard({
  uid: 'rackwatch-instance',
  title: 'Instance',
  description:
    'One instance: its state, where it is and what it hangs on, its limits, its disk in Ceph, its ports in OVN.',
  variables: [
    jobsOf('lxd_instance_info'),
    {
      name: 'project',
      label: 'Project',
      values: 'label_values(lxd_instance_info{job=~"$job"}, project)',
      many: false,
    },
    {
      name: 'name',
      label: 'Instance',
      values: 'label_values(lxd_instance_info{job=~"$job", project="$project"}, name)',
      many: false,
    },
  ],
  rows: [state, place, computing, storage, network],
});
