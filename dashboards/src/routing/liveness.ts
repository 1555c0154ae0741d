import type { Row } from '../kit/dashboard.ts';
import { upOrDown, words } from '../kit/look.ts';
import { graph, timeline } from '../kit/panels.ts';
import { query } from '../kit/query.ts';
import { of } from './selectors.ts';

const inState = (state: string) => `max by (router, vrid, proto) (frr_vrrp_state{${of}, state="${state}"})`;

/** Who notices that somebody is gone, and who takes over. */
export const liveness: Row = {
  title: 'BFD and VRRP',
  panels: [
    timeline({
      title: 'VRRP',
      description: 'Which router is master of each virtual router. Each must have exactly one.',
      queries: [query(`2 * ${inState('Master')} + ${inState('Backup')}`, '{{router}} {{vrid}} {{proto}}')],
      unit: 'short',
      mappings: words(
        { value: 2, text: '★ master', color: 'calm' },
        { value: 1, text: 'backup', color: 'good' },
        { value: 0, text: '✗ initialize', color: 'bad' },
      ),
      empty: 'no router has VRRP',
      width: 8,
    }),
    timeline({
      title: 'BFD',
      description: 'BFD sessions over time; they tell in less than a second that a neighbour is gone.',
      queries: [query(`max by (router, peer) (frr_bfd_peer_state{${of}})`, '{{router}} {{peer}}')],
      unit: 'short',
      mappings: upOrDown,
      empty: 'no router has BFD',
      width: 8,
    }),
    graph({
      title: 'Changes',
      description: 'Changes of VRRP state and losses of BFD sessions, in each hour, by router.',
      queries: [
        query(
          `sum by (router) (max by (router, vrid, proto, interface, subinterface) (increase(frr_vrrp_state_transitions_total{${of}}[1h])))`,
          '{{router}} VRRP',
        ),
        query(
          `sum by (router) (max by (router, local, peer, vrf, interface) (increase(frr_bfd_peer_session_down_total{${of}}[1h])))`,
          '{{router}} BFD lost',
        ),
      ],
      unit: 'short',
      count: true,
      width: 8,
    }),
  ],
};
