import { defineFacts } from '../../core/insight.ts';

/**
 * What insights may read of OVN. A network is called as in the database: `lxd-net5`, where 5 is the network's id in
 * LXD, which LXD does not tell. What joins the two is `PortFacts.instanceUuid` with `volatile.uuid` of an instance: its
 * device tells the network's name.
 */
export interface OvnFacts {
  readonly databases: readonly DatabaseFacts[];
  /** The ovn-northd of this host, where its control socket is configured. */
  readonly northd: NorthdFacts;
  readonly chassis: readonly ChassisFacts[];
  readonly gateways: readonly GatewayFacts[];
  readonly networks: readonly NetworkFacts[];
  /** Ports of instances. The same list as in the last cycle when nothing has changed. */
  readonly ports: readonly PortFacts[];
}

export interface DatabaseFacts {
  readonly db: 'northbound' | 'southbound';
  readonly servers: readonly DatabaseServerFacts[];
}

export interface NorthdFacts {
  /** `active`, `standby` (another one has the lock) or `paused`. */
  readonly status: string;
  /** Whether it is connected to both databases. */
  readonly connected: boolean;
}

export interface DatabaseServerFacts {
  /** Its address as configured. */
  readonly server: string;
  /** Whether it answered; the rest is absent when it did not. */
  readonly up: boolean;
  /** Whether it is in contact with the majority of its cluster. */
  readonly connected?: boolean;
  readonly leader?: boolean;
  /** `clustered`, `standalone` or `relay`. */
  readonly model?: string;
  readonly index?: number;
}

export interface ChassisFacts {
  /** The system-id of its Open vSwitch. */
  readonly chassis: string;
  readonly member: string;
  /** Its host's name as Open vSwitch gives it; may be the full name. */
  readonly hostname?: string;
  readonly encapAddresses: readonly string[];
  /** Changes of the configuration that its ovn-controller has not confirmed; 0 when it is alive and in step. */
  readonly configLag?: number;
  /** When it last confirmed one, in seconds since the epoch. */
  readonly confirmedAtSeconds?: number;
}

export interface GatewayFacts {
  /** The network, or the router port's own name where LXD did not make it. */
  readonly network: string;
  /** Its port in the southbound database. */
  readonly logicalPort: string;
  /** Where it is; absent when it is nowhere, and the network has no north-south traffic. */
  readonly active?: { readonly chassis: string; readonly member: string };
  /** Where it may be, highest priority first. */
  readonly candidates: readonly GatewayCandidate[];
}

export interface GatewayCandidate {
  readonly chassis: string;
  /** Absent while that chassis is not registered. */
  readonly member?: string;
  readonly priority: number;
}

export interface NetworkFacts {
  /** `lxd-net5`, or `other` for what LXD did not make. */
  readonly network: string;
  readonly counts: NetworkCounts;
  readonly aclsByAction: ReadonlyMap<string, number>;
  readonly natByKind: ReadonlyMap<string, number>;
}

/** Objects of one network by kind. */
export interface NetworkCounts {
  readonly routers: number;
  readonly switches: number;
  readonly loadBalancers: number;
  readonly loadBalancerVips: number;
  readonly staticRoutes: number;
  readonly policies: number;
  readonly dhcpOptions: number;
  readonly qosRules: number;
  readonly dnsRecords: number;
  readonly addressSets: number;
  readonly portGroups: number;
}

export interface PortFacts {
  readonly network: string;
  /** `volatile.uuid` of the instance in LXD. */
  readonly instanceUuid: string;
  /** Name of the device in LXD. */
  readonly device: string;
  /** `disabled` by the administrator; absent while OVN has not decided. */
  readonly state?: PortState;
  /** Where it is bound. */
  readonly chassis?: string;
  readonly member?: string;
  /** The member on which LXD started the instance. */
  readonly location?: string;
}

export type PortState = 'up' | 'down' | 'disabled';

export const ovnFacts = defineFacts<OvnFacts>('ovn');
