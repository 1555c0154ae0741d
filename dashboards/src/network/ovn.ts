import type { Row } from '../kit/dashboard.ts';
import { steps, upOrDown, words, yesIsBad, yesIsGood } from '../kit/look.ts';
import { graph, timeline } from '../kit/panels.ts';
import { orNone, query } from '../kit/query.ts';
import { job, projectColumn } from '../kit/shared.ts';
import { grid } from '../kit/table.ts';
import { named, ofLink, ofNetwork } from './selectors.ts';

const leads = words({ value: 1, text: '★ leads', color: 'calm' }, { value: 0, text: 'follows', color: 'unknown' });

/** OVN's databases and how far their contents have come. */
export const control: Row = {
  title: 'OVN: databases and controllers',
  panels: [
    grid({
      title: 'Database servers',
      description: 'Who answers, who has the quorum with it, and who leads. More than half of each database must.',
      queries: [
        query(`max by (db, server) (ovn_db_up{${job}})`),
        query(`max by (db, server) (ovn_db_connected{${job}})`),
        query(`max by (db, server) (ovn_db_leader{${job}})`),
      ],
      columns: [
        { field: 'db', title: 'Database' },
        { field: 'server', title: 'Server' },
        { field: 'Value #A', title: 'Answers', mappings: upOrDown },
        { field: 'Value #B', title: 'In quorum', mappings: yesIsGood },
        { field: 'Value #C', title: 'Role', mappings: leads },
      ],
      sortBy: { title: 'Answers' },
      width: 10,
    }),
    timeline({
      title: 'Who leads',
      description: 'The leader of each database over time. One that changes often has a slow disk or a bad link.',
      queries: [query(`max by (db, server) (ovn_db_leader{${job}})`, '{{db}} {{server}}')],
      unit: 'short',
      mappings: leads,
      width: 7,
    }),
    graph({
      title: 'RAFT: entries not applied',
      description:
        "Log entries that a server has not applied yet; from OVN's control sockets, where they are configured.",
      queries: [query(`max by (db, server) (ovn_raft_unapplied_entries{${job}})`, '{{db}} {{server}}')],
      unit: 'short',
      min: 0,
      empty: 'no control socket of OVN is configured',
      width: 7,
    }),
    graph({
      title: 'Delay of northd and of the chassis',
      description: 'Time that the newest change took until northd had translated it, and until each chassis had it.',
      queries: [
        query(`max(ovn_northd_delay_seconds{${job}})`, 'northd'),
        query(`max by (member) (ovn_chassis_delay_seconds{${ofLink}})`, '{{member}}'),
      ],
      unit: 's',
      min: 0,
      width: 12,
    }),
    graph({
      title: 'Changes not confirmed',
      description:
        'Changes of the configuration that each ovn-controller has not confirmed. One that hangs stays behind.',
      queries: [query(`max by (member) (ovn_chassis_nb_cfg_lag{${ofLink}})`, '{{member}}')],
      unit: 'short',
      count: true,
      width: 12,
    }),
  ],
};

/** Networks of OVN. */
export const networks: Row = {
  title: 'OVN: networks',
  panels: [
    grid({
      title: 'Networks',
      description:
        'Gateway and ports of every network. Those without a way out come first. Ports of instances that do not run are down.',
      queries: [
        query(named(`max by (network) (ovn_gateway_unbound{${ofNetwork}})`)),
        query(named(`max by (network) (ovn_gateway_on_preferred_chassis{${ofNetwork}})`)),
        query(named(`max by (network) (ovn_network_ports{${ofNetwork}, state="up"})`)),
        query(named(`max by (network) (ovn_network_ports{${ofNetwork}, state="down"})`)),
        query(named(`max by (network) (ovn_network_ports_misplaced{${ofNetwork}})`)),
        query(named(`max by (network) (ovn_network_load_balancer_vips{${ofNetwork}})`)),
      ],
      columns: [
        projectColumn,
        { field: 'lxd_network', title: 'Network' },
        { field: 'network', title: 'In OVN', width: 110 },
        { field: 'Value #A', title: 'No way out', mappings: yesIsBad },
        { field: 'Value #B', title: 'Preferred', mappings: yesIsGood },
        { field: 'Value #C', title: 'Ports up' },
        { field: 'Value #D', title: 'Ports down' },
        { field: 'Value #E', title: 'Misplaced', thresholds: steps([0, 'good'], [1, 'bad']) },
        { field: 'Value #F', title: 'Balanced' },
      ],
      sortBy: { title: 'No way out', descending: true },
      width: 15,
      height: 10,
    }),
    graph({
      title: 'Gateways by member',
      description: 'How many networks have their gateway on each member. A step is a failover, or the way back.',
      queries: [
        query(`sum by (member) (max by (network, chassis, member) (ovn_gateway_active{${ofNetwork}}))`, '{{member}}'),
      ],
      unit: 'short',
      min: 0,
      stacked: true,
      width: 9,
      height: 10,
    }),
    graph({
      title: 'Gateway moves',
      description: 'Gateways that went to another chassis, in each hour.',
      queries: [
        query(
          orNone(
            `${named(`max by (network) (increase(ovn_gateway_moves_total{${ofNetwork}}[1h]))`)} > 0`,
            'lxd_network',
          ),
          '{{project}} {{lxd_network}}',
        ),
      ],
      unit: 'short',
      count: true,
      width: 8,
    }),
    grid({
      title: 'Backends that do not answer',
      description: "Backends of load balancers that OVN's own checks do not reach.",
      queries: [
        query(
          `max by (network, backend, protocol, state) (ovn_service_monitor_state{${ofNetwork}, state=~"offline|error"}) == 1`,
        ),
      ],
      columns: [
        { field: 'network', title: 'Network' },
        { field: 'backend', title: 'Backend' },
        { field: 'protocol', title: 'Protocol', width: 90 },
        { field: 'state', title: 'State', width: 90 },
      ],
      width: 8,
      empty: 'every backend that is checked answers',
    }),
    graph({
      title: 'Learned addresses',
      description: 'MAC bindings by network. One that grows without end is scanned, or has a neighbour that floods it.',
      queries: [
        query(named(`max by (network) (ovn_network_mac_bindings{${ofNetwork}})`), '{{project}}/{{lxd_network}}'),
      ],
      table: true,
      unit: 'short',
      min: 0,
      width: 8,
    }),
  ],
};
