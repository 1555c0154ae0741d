import { job } from '../kit/shared.ts';

/** Links of the chosen members. */
export const ofLink = `${job}, member=~"$member"`;

/** Networks of OVN that are chosen by its own name. */
export const ofNetwork = `${job}, network=~"$network"`;

/** Adds what LXD calls a network. */
export const named = (expr: string): string =>
  `${expr} * on(network) group_left(lxd_network, project) max by (network, lxd_network, project) (ovn_network_info{${ofNetwork}})`;
