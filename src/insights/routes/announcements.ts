import type { InstanceFacts, ListenerFacts, NetworkFacts } from '../../sources/lxd/facts.ts';
import { canonicalAddress, type Prefix, parsePrefix, within } from './prefix.ts';

/** Why LXD announces something, in the words of the label `origin`. */
export const origins = ['network', 'instance', 'forward', 'load_balancer'] as const;
export type Origin = (typeof origins)[number];

/** What is announced for a network, an instance or an address that listens, or would be if things were otherwise. */
export interface Announcement {
  readonly prefix: Prefix;
  /** Empty where any will do: the one that announces it puts its own address there. */
  readonly nexthop: string;
  readonly origin: Origin | 'config';
  /** Whether it must be there now; undefined where that cannot be known. */
  readonly due: boolean | undefined;
}

export const families = ['ipv4', 'ipv6'] as const;

/** OVN networks are announced by LXD or by lxd-bgp, bridges by LXD alone, and only to peers of their own. */
export const isAnnounced = ({ hasBgpPeers, kind, uplink }: NetworkFacts): boolean =>
  kind === 'ovn' ? uplink !== undefined : kind === 'bridge' && hasBgpPeers;

/**
 * The rules of LXD's BGP server, which lxd-bgp follows as far as it goes: subnets without NAT, the address that NAT
 * translates to where it is configured, and what listens, unless it is inside a subnet behind NAT.
 * https://documentation.ubuntu.com/lxd/latest/howto/network_bgp/
 */
export function announcementsOfNetwork(network: NetworkFacts): Announcement[] {
  if (!isAnnounced(network)) return [];
  const listening = (listeners: readonly ListenerFacts[], origin: Origin) =>
    listeners.flatMap(({ address }) => (isInternal(network, address) ? [] : announce(network, address, origin, true)));
  return [
    ...families.flatMap((family) => announceSubnet(network, family)),
    ...listening(network.forwards, 'forward'),
    ...listening(network.loadBalancers, 'load_balancer'),
  ];
}

/** Routes that are handed to an instance are announced while it runs, with the next hop of its network. */
export function announcementsOfInstance(
  { nics, state }: InstanceFacts,
  networkOf: (name: string) => NetworkFacts | undefined,
): Announcement[] {
  const due = dueIn(state);
  return nics.flatMap(({ externalRoutes, network: name }) => {
    // Most have none, and need not be looked for.
    const network = name === undefined || externalRoutes.length === 0 ? undefined : networkOf(name);
    if (!network || !isAnnounced(network)) return [];
    return externalRoutes.flatMap((route) => announce(network, route, 'instance', due));
  });
}

/** LXD goes on announcing a frozen instance and lxd-bgp does not; one in error is on a member that does not answer. */
function dueIn(state: string): boolean | undefined {
  if (['running', 'ready'].includes(state)) return true;
  return state === 'stopped' ? false : undefined;
}

function announceSubnet(network: NetworkFacts, family: (typeof families)[number]): Announcement[] {
  const { address, nat, natAddress } = network[family];
  return [
    ...(address === undefined ? [] : announce(network, address, 'network', !nat)),
    ...(nat && natAddress !== undefined ? announce(network, natAddress, 'network', true) : []),
  ];
}

/** What is not a prefix is nothing: LXD has checked it, so it is something that a later version means by it. */
function announce(network: NetworkFacts, text: string, origin: Origin, due: boolean | undefined): Announcement[] {
  const prefix = parsePrefix(text);
  if (!prefix) return [];
  const { nexthop: configured } = network[prefix.family];
  const nexthop = configured === undefined ? undefined : canonicalAddress(configured);
  // An OVN network without an address on the uplink cannot be reached there; what is announced of it is anybody's guess.
  const unknown = nexthop === undefined && network.kind === 'ovn' && due;
  return [{ prefix, nexthop: nexthop ?? '', origin, due: unknown ? undefined : due }];
}

function isInternal(network: NetworkFacts, address: string): boolean {
  const prefix = parsePrefix(address);
  const { address: subnet, nat } = network[prefix?.family ?? 'ipv4'];
  const whole = subnet === undefined ? undefined : parsePrefix(subnet);
  return nat && prefix !== undefined && whole !== undefined && within([whole])(prefix);
}

/** Where nothing may be announced but by LXD: the routes of the uplinks, and the subnets of what is attached to them. */
export function territoryOf(networks: readonly NetworkFacts[]): Prefix[] {
  const uplinks = new Set(networks.flatMap(({ uplink }) => uplink ?? []));
  return networks.flatMap((network) => {
    const { ipv4, ipv6, name, project } = network;
    const announced = isAnnounced(network);
    const isUplink = project === 'default' && uplinks.has(name);
    const routes = announced || isUplink ? [...ipv4.routes, ...ipv6.routes] : [];
    const subnets = announced ? [ipv4.address, ipv6.address] : [];
    return [...routes, ...subnets].flatMap((text) => (text === undefined ? [] : (parsePrefix(text) ?? [])));
  });
}
