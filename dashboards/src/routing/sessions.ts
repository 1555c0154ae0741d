import type { Row } from '../kit/dashboard.ts';
import { steps, upOrDown } from '../kit/look.ts';
import { bars, graph, timeline } from '../kit/panels.ts';
import { orNone, query } from '../kit/query.ts';
import { routerColumn } from '../kit/shared.ts';
import { grid } from '../kit/table.ts';
import { described, established, of, SESSION } from './selectors.ts';

const perFamily = (metric: string) => `max by (${SESSION}, afi, safi) (${metric}{${of}})`;

/** Every session, the ones that are down before. */
export const sessions: Row = {
  title: 'BGP sessions',
  panels: [
    grid({
      title: 'Sessions',
      description:
        'Every BGP session, how long it is up, and how often it was lost in a day. Those that are down come first.',
      queries: [
        query(described(established)),
        query(described(`(time() - max by (${SESSION}) (frr_bgp_peer_established_timestamp_seconds{${of}}))`)),
        query(described(`max by (${SESSION}) (increase(frr_bgp_peer_dropped_total{${of}}[1d]))`)),
        query(described(`max by (${SESSION}) (frr_bgp_peer_round_trip_seconds{${of}})`)),
        query(described(`max by (${SESSION}) (frr_bgp_peer_prefix_limit_hit{${of}})`)),
      ],
      columns: [
        { field: 'Value #A', title: 'Session', mappings: upOrDown, width: 90 },
        routerColumn,
        { field: 'peer', title: 'Peer' },
        { field: 'description', title: 'Description' },
        { field: 'role', title: 'Role', width: 90 },
        { field: 'peer_as', title: 'AS', width: 90 },
        { field: 'Value #B', title: 'Up for', unit: 's', decimals: 0 },
        {
          field: 'Value #C',
          title: 'Lost in a day',
          width: 110,
          decimals: 0,
          thresholds: steps([0, 'good'], [1, 'warning'], [5, 'bad']),
        },
        { field: 'Value #D', title: 'Round trip', unit: 's' },
        { field: 'Value #E', title: 'Limit hit', thresholds: steps([0, 'good'], [1, 'bad']), width: 90 },
      ],
      sortBy: { title: 'Session' },
      width: 16,
      height: 11,
    }),
    timeline({
      title: 'Transit',
      description: 'Sessions with providers over time.',
      queries: [
        query(
          `max by (router, peer, description) (${established} * on(${SESSION}) group_left(description) max by (${SESSION}, description) (frr_bgp_peer_info{${of}, role="transit"}))`,
          '{{router}} {{description}}',
        ),
      ],
      unit: 'short',
      mappings: upOrDown,
      empty: 'no peer has the role transit',
      width: 8,
      height: 11,
    }),
    graph({
      title: 'Sessions lost',
      description: 'Established sessions that were lost, in each hour.',
      queries: [
        query(
          orNone(`max by (router, peer) (increase(frr_bgp_peer_dropped_total{${of}}[1h])) > 0`, 'router'),
          '{{router}} {{peer}}',
        ),
      ],
      unit: 'short',
      count: true,
      width: 8,
    }),
    graph({
      title: 'Prefixes received',
      description:
        'Prefixes that each session gave before the filters. A step down is what a neighbour no longer announces.',
      queries: [
        query(
          `max by (router, peer, afi) (frr_bgp_peer_prefixes_received_count_total{${of}, safi="unicast"})`,
          '{{router}} {{peer}} {{afi}}',
        ),
      ],
      unit: 'short',
      min: 0,
      table: true,
      width: 8,
    }),
    bars({
      title: 'Prefixes against the limit',
      description: 'The ten sessions that are nearest to their maximum-prefix, at which FRR ends the session.',
      queries: [
        query(
          `topk(10, ${perFamily('frr_bgp_peer_prefixes_received_count_total')} / (${perFamily('frr_bgp_peer_prefix_limit')} > 0))`,
          '{{router}} {{peer}} {{afi}}',
        ),
      ],
      unit: 'percentunit',
      decimals: 1,
      min: 0,
      max: 1,
      thresholds: steps([0, 'good'], [0.75, 'warning'], [0.9, 'bad']),
      empty: 'no session has a limit',
      width: 8,
    }),
  ],
};
