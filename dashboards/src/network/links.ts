import type { Row } from '../kit/dashboard.ts';
import { steps, upOrDown } from '../kit/look.ts';
import { graph } from '../kit/panels.ts';
import { greatest, query } from '../kit/query.ts';
import { memberColumn } from '../kit/shared.ts';
import { grid } from '../kit/table.ts';
import { ofLink } from './selectors.ts';

const busy = steps([0, 'good'], [0.7, 'warning'], [0.9, 'bad']);
const utilization = 'max by (member, device, role) (member_device:lxd_link_utilization:ratio5m{member=~"$member"})';

/** WAN, uplink, mesh and bonds. */
export const links: Row = {
  title: 'Links',
  panels: [
    graph({
      title: 'Received by role',
      description: 'Traffic of all members together, by what the links are for; `wan` is what the provider counts.',
      queries: [query('max by (role) (role:lxd_link_receive_bytes:rate5m)', '{{role}}')],
      unit: 'Bps',
      min: 0,
      width: 8,
    }),
    graph({
      title: 'Sent by role',
      description: 'Traffic of all members together, by what the links are for; `wan` is what the provider counts.',
      queries: [query('max by (role) (role:lxd_link_transmit_bytes:rate5m)', '{{role}}')],
      unit: 'Bps',
      min: 0,
      width: 8,
    }),
    grid({
      title: '95th percentile',
      description:
        'Of the time range at the top: the rate that is exceeded for a twentieth of the time, as transit is billed.',
      queries: [
        query('max by (role) (quantile_over_time(0.95, role:lxd_link_receive_bytes:rate5m[$__range]))'),
        query('max by (role) (quantile_over_time(0.95, role:lxd_link_transmit_bytes:rate5m[$__range]))'),
      ],
      columns: [
        { field: 'role', title: 'Role' },
        { field: 'Value #A', title: 'Received', unit: 'Bps', decimals: 1 },
        { field: 'Value #B', title: 'Sent', unit: 'Bps', decimals: 1 },
      ],
      sortBy: { title: 'Received', descending: true },
      empty: 'no traffic is recorded yet',
      width: 8,
    }),
    grid({
      title: 'Links by member',
      description: 'State of every link, with the legs of bonds and the busier direction of the last five minutes.',
      queries: [
        query(`max by (member, device, role) (lxd_link_up{${ofLink}})`),
        query(`min by (member, device, role) (lxd_link_bond_legs_up{${ofLink}})`),
        query(`max by (member, device, role) (lxd_link_bond_legs{${ofLink}})`),
        query(`8 * max by (member, device, role) (lxd_link_speed_bytes_per_second{${ofLink}})`),
        query(`max by (member, device, role) (lxd_link_mtu_bytes{${ofLink}})`),
        query(utilization),
      ],
      columns: [
        memberColumn,
        { field: 'device', title: 'Device', width: 120 },
        { field: 'role', title: 'Role' },
        { field: 'Value #A', title: 'Link', mappings: upOrDown, width: 90 },
        { field: 'Value #B', title: 'Legs up', width: 80 },
        { field: 'Value #C', title: 'Of', width: 50 },
        { field: 'Value #D', title: 'Speed', unit: 'bps', decimals: 0 },
        { field: 'Value #E', title: 'MTU', width: 80 },
        { field: 'Value #F', title: 'Busy', unit: 'percentunit', decimals: 1, thresholds: busy },
      ],
      sortBy: { title: 'Link' },
      width: 14,
      height: 9,
    }),
    graph({
      title: 'Busiest links',
      description: 'The busier direction of each link against its speed. The five that were busiest at any time.',
      queries: [
        query(
          greatest(
            5,
            utilization,
            'member, device, role',
            'max_over_time(member_device:lxd_link_utilization:ratio5m{member=~"$member"}[$__range] @ end())',
          ),
          '{{member}} {{device}}',
        ),
      ],
      unit: 'percentunit',
      min: 0,
      thresholds: busy,
      width: 10,
      height: 9,
    }),
  ],
};
