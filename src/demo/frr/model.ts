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
  /** What stands behind the state `Idle` of one that does not try: shut down, or dropped for its many prefixes. */
  readonly idle: 'Admin' | 'PfxCt' | undefined;
  /** Sessions that were lost since the router started. */
  readonly dropped: number;
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
    return (
      routers.find((other) => this.isRunning(other)) === router || this.state.faults.greedyRouters.has(router.name)
    );
  }

  runsDaemon(router: DemoRouter, daemon: string): boolean {
    return !this.state.faults.downDaemons.has(`${router.name}/${daemon}`);
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
      ...this.#sessionWith(address, startedAt, reachable),
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

  #sessionWith(address: string, startedAt: number, reachable: { readonly is: boolean; readonly since: number }) {
    const { faults, sessionOutages } = this.state;
    const outages = sessionOutages.of(address).filter(({ from }) => from >= startedAt);
    const idle = faults.shutPeers.has(address) ? 'Admin' : faults.limitedPeers.has(address) ? 'PfxCt' : undefined;
    const established = reachable.is && !idle && !faults.downPeers.has(address) && !sessionOutages.lasts(address);
    return {
      established,
      idle: idle as DemoPeer['idle'],
      dropped: outages.length + (established || sessionOutages.lasts(address) ? 0 : 1),
      since: Math.max(startedAt, reachable.since, ...outages.map(({ from, to = from }) => to)),
    };
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
    const strays = [...this.state.faults.strayPrefixes].map((prefix): DemoPath => {
      return { prefix, family: 'ipv4', nexthop: networks[0]?.uplinkIpv4 ?? '', peer: hostAddress(0) };
    });
    return [...subnets, ...external, ...listeners, ...strays];
  }
}

const defaults = (): DemoPath[] =>
  [1, 2].flatMap((n): DemoPath[] => [
    { prefix: '0.0.0.0/0', family: 'ipv4', nexthop: `192.0.2.${n}`, peer: `192.0.2.${n}` },
    { prefix: '::/0', family: 'ipv6', nexthop: `2001:db8:ff::${n}`, peer: `2001:db8:ff::${n}` },
  ]);
