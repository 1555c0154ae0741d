import { job } from '../kit/shared.ts';

/** The chosen routers. */
export const of = `${job}, router=~"$router"`;

/** What makes a session of BGP. */
export const SESSION = 'router, vrf, peer, peer_as';

/** Adds what is known of a peer in words. */
export const described = (expr: string): string =>
  `${expr} * on(${SESSION}) group_left(description, role) max by (${SESSION}, description, role) (frr_bgp_peer_info{${of}})`;

export const established = `max by (${SESSION}) (frr_bgp_peer_session_state{${of}, state="Established"})`;
