/**
 * The parts of LXD's answers that rackwatch reads; https://documentation.ubuntu.com/lxd/latest/api/ has all of them.
 * Fields that came with an API extension, or are null for something that is stopped or away, are optional.
 */
export interface ServerInfo {
  readonly auth: 'trusted' | 'untrusted';
  readonly api_extensions: readonly string[];
  /** Null for a certificate that is restricted to projects. */
  readonly config?: Readonly<Record<string, unknown>> | null;
  readonly environment?: {
    readonly server: string;
    readonly server_clustered: boolean;
    readonly server_name: string;
    readonly server_version: string;
    readonly architectures?: readonly string[];
    readonly storage_supported_drivers?: readonly { readonly Name: string; readonly Remote: boolean }[];
  };
}

export interface ClusterMember {
  readonly server_name: string;
  readonly url: string;
  readonly status: string;
  readonly message?: string;
  readonly roles?: readonly string[];
  readonly architecture?: string;
  readonly failure_domain?: string;
}

/** `GET /1.0/cluster/members/NAME/state`, extension cluster_member_state. */
export interface MemberState {
  readonly sysinfo: {
    readonly uptime?: number;
    readonly load_averages?: readonly number[] | null;
    readonly total_ram: number;
    readonly free_ram: number;
    readonly buffered_ram?: number;
    readonly total_swap?: number;
    readonly free_swap?: number;
    /** Extension state_logical_cpus. */
    readonly logical_cpus?: number;
  };
}

export interface Resources {
  readonly cpu: { readonly total: number };
  readonly memory: { readonly total: number; readonly used: number };
  readonly load?: { readonly Average1Min: number; readonly Average5Min: number; readonly Average10Min: number } | null;
  readonly network: {
    readonly cards: readonly { readonly ports?: readonly NetworkPort[] | null }[] | null;
  };
}

export interface NetworkPort {
  readonly id: string;
  /** Megabits per second; 0 while there is no link. */
  readonly link_speed?: number;
  readonly link_detected?: boolean;
}

export interface Instance {
  readonly name: string;
  readonly project: string;
  readonly type: string;
  readonly architecture: string;
  readonly status: string;
  readonly location: string;
  readonly created_at?: string;
  readonly last_used_at?: string;
  /** Not there while the instance's member does not answer. */
  readonly expanded_config?: Readonly<Record<string, string>> | null;
  readonly expanded_devices?: Readonly<Record<string, Readonly<Record<string, string>>>> | null;
  readonly snapshots?: readonly unknown[] | null;
  readonly state?: InstanceState | null;
}

export interface InstanceState {
  readonly processes?: number;
  readonly memory?: { readonly usage: number } | null;
  readonly disk?: Readonly<Record<string, { readonly usage: number }>> | null;
  readonly network?: Readonly<
    Record<
      string,
      { readonly hwaddr?: string; readonly addresses?: readonly { readonly address: string; readonly scope: string }[] }
    >
  > | null;
}

export interface StoragePool {
  readonly name: string;
  readonly driver: string;
}

export interface PoolResources {
  readonly space: { readonly used?: number; readonly total: number };
  readonly inodes?: { readonly used?: number; readonly total: number };
}

export interface Project {
  readonly name: string;
  readonly config?: Readonly<Record<string, string>>;
}

export interface ProjectState {
  readonly resources: Readonly<Record<string, { readonly Limit: number; readonly Usage: number }>>;
}

export interface Warning {
  readonly status: string;
  readonly location: string;
  readonly project: string;
  readonly type: string;
  readonly severity: string;
  readonly first_seen_at?: string;
  readonly last_message?: string;
  /** URL of what it is about; empty for a member on LXD 5.0. */
  readonly entity_url?: string;
}

export interface Operation {
  readonly description: string;
  readonly created_at?: string;
  /** URLs of what it works on, by kind. */
  readonly resources?: Readonly<Record<string, readonly string[]>> | null;
  readonly location?: string;
  readonly status: string;
}

export interface Network {
  readonly name: string;
  readonly type: string;
  readonly managed: boolean;
  readonly config?: Readonly<Record<string, string>> | null;
}

/** A forward (extension network_forward) or a load balancer (network_load_balancer) of a network. */
export interface NetworkListener {
  readonly listen_address: string;
  /** The member that has it; `none` on a server that is not clustered, empty where every member can have it. */
  readonly location?: string;
}

export interface NetworkState {
  readonly state: string;
  readonly mtu: number;
  readonly hwaddr?: string;
  readonly counters: {
    readonly bytes_received: number;
    readonly bytes_sent: number;
    readonly packets_received: number;
    readonly packets_sent: number;
  };
  readonly bond?: { readonly lower_devices?: readonly string[] | null; readonly mii_state?: string } | null;
  readonly vlan?: { readonly lower_device: string } | null;
}
