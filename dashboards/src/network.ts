import { defineDashboard } from './kit/dashboard.ts';
import { jobsOf, membersOf } from './kit/shared.ts';
import { health } from './network/health.ts';
import { links } from './network/links.ts';
import { control, networks } from './network/ovn.ts';

/** Links of the members, and OVN. */
export const network = defineDashboard({
  uid: 'rackwatch-network',
  title: 'Network',
  description: 'WAN, uplink and mesh of the members; databases, controllers, gateways and ports of OVN.',
  variables: [
    jobsOf('lxd_link_up'),
    membersOf('lxd_link_up'),
    {
      name: 'network',
      label: 'Network in OVN',
      values: 'label_values(ovn_network_info{job=~"$job"}, network)',
      many: true,
    },
  ],
  rows: [health, links, control, networks],
});
