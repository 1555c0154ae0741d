import { type DemoInstance, forwards, instances, loadBalancers, members, networks } from '../rack.ts';
import type { RackState } from '../state.ts';

export type Family = 'ipv4' | 'ipv6';

export interface DemoRouter {
  readonly name: string;
  readonly index: number;
  readonly instance: DemoInstance;
}

export interface DemoPeer {
  readonly address: string;
  readonly remoteAs: number;
  readonly peerGroup: string;
  readonly description: string;
  readonly families: readonly Family[];
  readonly established: boolean;
  /** Milliseconds since the epoch of the last change. */
  readonly since: number;
}

export interface DemoPath {
  readonly prefix: string;
  readonly family: Family;
  readonly nexthop: string;
  readonly peer: string;
}

export const LOCAL_AS = 64512;
const TRANSIT_AS = 64500;
const HOST_AS = 64513;

export const routers: readonly DemoRouter[] = instances
  .filter(({ name, project }) => project === 'infra' && /^frr\d$/.test(name))
  .map((instance, index) => ({ name: instance.name, index, instance }));

/** Addresses: providers in 192.0.2.0/24 (RFC 5737), routers and hosts on the OVN uplink. */
const routerAddress = (index: number): string => `172.17.0.${2 + index}`;
const hostAddress = (index: number): string => `172.17.0.${11 + index}`;

export class RoutingModel {
  readonly state: RackState;

  constructor(state: RackState) {
    this.state = state;
  }

  isRunning(router: DemoRouter): boolean {
    return this.state.isRunning(router.instance);
  }

  startedAt(router: DemoRouter): number {
    return this.state.placementOf(router.instance).since;
  }

  /** The router that answers at the virtual addresses: the first that runs. */
  isMaster(router: DemoRouter): boolean {
    return routers.find((other) => this.isRunning(other)) === router;
  }

  peersOf(router: DemoRouter): DemoPeer[] {
    const startedAt = this.startedAt(router);
    const peer = (
      address: string,
      remoteAs: number,
      peerGroup: string,
      description: string,
      families: readonly Family[],
      reachable: { readonly is: boolean; readonly since: number },
    ): DemoPeer => ({
      ...{ address, remoteAs, peerGroup, description, families },
      established: reachable.is && !this.state.faults.downPeers.has(address),
      since: Math.max(startedAt, reachable.since),
    });
    const always = { is: true, since: startedAt };
    const transit = [1, 2].flatMap((n) => [
      peer(`192.0.2.${n}`, TRANSIT_AS, 'CORE', `core${n} IPv4`, ['ipv4'], always),
      peer(`2001:db8:ff::${n}`, TRANSIT_AS, 'CORE', `core${n} IPv6`, ['ipv6'], always),
    ]);
    const hosts = members.map(({ name }, index) =>
      peer(hostAddress(index), HOST_AS, 'HOSTS', name, ['ipv4', 'ipv6'], {
        is: this.state.isReachable(name),
        since: this.state.bootedAt(name),
      }),
    );
    const others = routers
      .filter((other) => other !== router)
      .map((other) =>
        peer(routerAddress(other.index), LOCAL_AS, '', other.name, ['ipv4', 'ipv6'], {
          is: this.isRunning(other),
          since: this.startedAt(other),
        }),
      );
    return [...transit, ...hosts, ...others];
  }

  /** Every path of the router's table: defaults from the providers, the rest from the hosts, as LXD announces it. */
  pathsOf(router: DemoRouter): DemoPath[] {
    const up = new Map(this.peersOf(router).map((peer) => [peer.address, peer.established]));
    return [...defaults(), ...this.#announced()].filter(
      ({ peer, prefix }) => up.get(peer) && !this.state.faults.withdrawnPrefixes.has(prefix),
    );
  }

  #announced(): DemoPath[] {
    const subnets = members.flatMap((_, index) =>
      networks.flatMap(({ ipv4, ipv6, routed, uplinkIpv4, uplinkIpv6 }): DemoPath[] => {
        const peer = hostAddress(index);
        const own: DemoPath = { prefix: ipv6, family: 'ipv6', nexthop: uplinkIpv6, peer };
        return routed ? [own, { prefix: ipv4, family: 'ipv4', nexthop: uplinkIpv4, peer }] : [own];
      }),
    );
    const external = instances.flatMap((instance): DemoPath[] => {
      if (!instance.externalRoute || !this.state.placementOf(instance).running) return [];
      const network = networks.find(({ name, project }) => name === instance.network && project === instance.project);
      const index = members.findIndex(({ name }) => name === this.state.placementOf(instance).location);
      const nexthop = network?.uplinkIpv4 ?? '';
      return [{ prefix: instance.externalRoute, family: 'ipv4', nexthop, peer: hostAddress(index) }];
    });
    const listeners = members.flatMap((_, index) =>
      [...forwards, ...loadBalancers].map(({ listenAddress, network }): DemoPath => {
        const nexthop = networks.find(({ name }) => name === network)?.uplinkIpv4 ?? '';
        return { prefix: `${listenAddress}/32`, family: 'ipv4', nexthop, peer: hostAddress(index) };
      }),
    );
    return [...subnets, ...external, ...listeners];
  }
}

const defaults = (): DemoPath[] =>
  [1, 2].flatMap((n): DemoPath[] => [
    { prefix: '0.0.0.0/0', family: 'ipv4', nexthop: `192.0.2.${n}`, peer: `192.0.2.${n}` },
    { prefix: '::/0', family: 'ipv6', nexthop: `2001:db8:ff::${n}`, peer: `2001:db8:ff::${n}` },
  ]);
