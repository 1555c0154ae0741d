import { defineFacts } from '../../core/insight.ts';

/** What insights may read of LXD. Bytes, seconds since the epoch, and LXD's own names. */
export interface LxdFacts {
  readonly clustered: boolean;
  readonly serverVersion: string;
  readonly members: readonly MemberFacts[];
  readonly instances: readonly InstanceFacts[];
  readonly projects: readonly ProjectFacts[];
  readonly pools: readonly StoragePoolFacts[];
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

export interface HostFacts {
  readonly member: string;
  readonly cpus: number;
  readonly memoryTotalBytes: number;
  readonly memoryUsedBytes: number;
}

export interface InstanceFacts {
  readonly project: string;
  readonly name: string;
  readonly kind: string;
  /** Where LXD says it is; the member's own name on a server that is not clustered. */
  readonly member: string;
  /** Lower case: running, stopped, frozen, error (its member is away), … */
  readonly state: string;
  /** `volatile.uuid`: the key to OVN's ports. */
  readonly uuid?: string;
  readonly memoryLimitBytes?: number;
  /** What it takes at this moment, caches included; absent while it does not run. */
  readonly memoryUsedBytes?: number;
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
