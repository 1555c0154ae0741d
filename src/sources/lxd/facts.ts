import { defineFacts } from '../../core/insight.ts';

/** What insights may read of LXD. Bytes, seconds since the epoch, and LXD's own names. */
export interface LxdFacts {
  readonly clustered: boolean;
  readonly serverVersion: string;
  /** `cluster.healing_threshold`, 0 where LXD does not heal; missing where the configuration cannot be read. */
  readonly healingAfterSeconds: number;
  readonly members: readonly MemberFacts[];
  /** Evacuations and restores that are under way. */
  readonly maintenance: readonly MaintenanceFacts[];
  /** What this process has seen of the members; lost when it ends. */
  readonly histories: readonly HistoryFacts[];
  /** Members that do not answer the others' heartbeats, by LXD's own warnings. */
  readonly silences: readonly SilenceFacts[];
  readonly instances: readonly InstanceFacts[];
  /**
   * Memory that each of `instances` takes at this moment, caches included, in the same order; undefined while it does not
   * run. Apart from them because it is another with every cycle, and they are not.
   */
  readonly memoryUsedBytes: readonly (number | undefined)[];
  readonly projects: readonly ProjectFacts[];
  readonly pools: readonly StoragePoolFacts[];
  readonly networks: readonly NetworkFacts[];
  /** Of one member, from its own target. */
  readonly host: HostFacts;
  /** Of one member, from its own target. */
  readonly links: readonly LinkFacts[];
}

export interface MemberFacts {
  readonly name: string;
  readonly url: string;
  readonly status: MemberStatus;
  readonly roles: readonly string[];
}

export interface MaintenanceFacts {
  readonly member: string;
  readonly kind: 'evacuating' | 'restoring';
  readonly startedAt: number;
}

export interface HistoryFacts {
  readonly member: string;
  /** When the evacuation of the present maintenance began. */
  readonly startedAt?: number;
  /** The earliest sign of the present maintenance, where its beginning was not seen. */
  readonly seenAt?: number;
  /** When the last evacuation, restore or healing was done. */
  readonly evacuatedAt?: number;
  readonly restoredAt?: number;
  readonly healedAt?: number;
}

export interface SilenceFacts {
  readonly member: string;
  /** First missed heartbeat; of an earlier silence, where that was over for less than a day. */
  readonly since: number;
}

export type MemberStatus = 'online' | 'offline' | 'evacuated' | 'blocked';

export interface ProjectFacts {
  readonly name: string;
  /** `features.networks`: whether it has networks of its own, or uses those of the project default. */
  readonly ownNetworks: boolean;
}

export interface StoragePoolFacts {
  readonly name: string;
  readonly driver: string;
  /** Whether every member reaches the same data; otherwise what is on it stays where it is. */
  readonly shared: boolean;
}

/** A network that LXD manages. Addresses and prefixes as they are configured, a subnet with the host's part. */
export interface NetworkFacts {
  readonly project: string;
  readonly name: string;
  /** LXD's type: bridge, ovn, physical, … */
  readonly kind: string;
  /** The network of the project default that an OVN network's router is attached to. */
  readonly uplink?: string;
  readonly ipv4: NetworkFamilyFacts;
  readonly ipv6: NetworkFamilyFacts;
  /** Whether it names peers for LXD's own BGP server (`bgp.peers.*`). */
  readonly hasBgpPeers: boolean;
  readonly forwards: readonly ListenerFacts[];
  readonly loadBalancers: readonly ListenerFacts[];
}

export interface NetworkFamilyFacts {
  /** Address of the network's router with the prefix length, absent where the network has none: 10.100.0.1/24. */
  readonly address?: string;
  readonly nat: boolean;
  /** What NAT translates to, where it is configured. */
  readonly natAddress?: string;
  /** `bgp.ipvX.nexthop`, or the address of an OVN network's router on the uplink. */
  readonly nexthop?: string;
  /** `ipvX.routes`: what the networks on this uplink, or the instances on this bridge, may use besides. */
  readonly routes: readonly string[];
}

/** A forward or a load balancer. */
export interface ListenerFacts {
  readonly address: string;
  /** Set where only this member has it. */
  readonly member?: string;
}

export interface HostFacts {
  readonly member: string;
  readonly cpus: number;
  readonly memoryTotalBytes: number;
  readonly memoryUsedBytes: number;
  /** Missing on LXD 5.0, which does not tell. */
  readonly bootedAt?: number;
}

export interface InstanceFacts {
  readonly project: string;
  readonly name: string;
  readonly kind: string;
  /** Where LXD says it is; the member's own name on a server that is not clustered. */
  readonly member: string;
  /** Lower case: running, stopped, frozen, error (its member is away), … */
  readonly state: string;
  /** Its member does not answer, and LXD tells nothing but its name: all that follows from its configuration is missing. */
  readonly configUnknown?: true;
  /** Last start, on whichever member. */
  readonly lastUsedAt?: number;
  /** `security.protection.start`: LXD does not start it. */
  readonly startProtected?: true;
  /** `volatile.uuid`: the key to OVN's ports. */
  readonly uuid?: string;
  readonly memoryLimitBytes?: number;
  readonly cpuLimit?: number;
  /** `boot.autostart`: absent means "as it was when the host went down". */
  readonly autostart?: boolean;
  /** `volatile.last_state.power` was RUNNING. */
  readonly lastPowerRunning: boolean;
  /** `volatile.evacuate.origin`: the member it comes from and has not returned to. */
  readonly evacuateOrigin?: string;
  /** `cluster.evacuate`: stop, migrate, …; absent means auto. */
  readonly evacuate?: string;
  /** Has a device that only its member has, such as a GPU or a path of the host: it cannot run elsewhere. */
  readonly hasLocalDevice?: true;
  readonly nics: readonly NicFacts[];
  /** Pools of its disks; the root disk's first. */
  readonly pools: readonly string[];
}

export interface NicFacts {
  readonly device: string;
  readonly network?: string;
  readonly hwaddr?: string;
  /** Global addresses that LXD sees on the interface, without prefix length. */
  readonly addresses: readonly string[];
  /** `ipv4.routes.external` and `ipv6.routes.external`. */
  readonly externalRoutes: readonly string[];
}

export interface LinkFacts {
  readonly member: string;
  readonly device: string;
  readonly role: string;
  readonly up: boolean;
  readonly bondLegs?: number;
  readonly bondLegsUp?: number;
}

export const lxdFacts = defineFacts<LxdFacts>('lxd');
