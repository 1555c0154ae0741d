/** What a power supply's sensor may say beside that all is well or that it has failed. */
export type SupplyState = 'removed' | 'input_lost' | 'failure_predicted';

interface HardwareFaults {
  /** Power supplies by member: `abydos/PS1`. */
  readonly failedSupplies: Set<string>;
  /** Power supplies that are neither well nor failed. */
  readonly supplyStates: Map<string, SupplyState>;
  /** Readings of sensors that differ from the usual, by member: `abydos/CPU1 Temp`. */
  readonly readings: Map<string, number>;
  /** Faults that a chassis reports: `abydos/cooling`, `abydos/drive`. */
  readonly chassisFaults: Set<string>;
  /** Drives that expect to fail, as their BMC sees them: `orilla/Disk.Bay.2`. */
  readonly failingDrives: Set<string>;
  /** How many memory errors a board has logged, by member. */
  readonly memoryErrors: Map<string, number>;
  /** Members whose event log has almost no room left. */
  readonly fullEventLogs: Set<string>;
  /** Members whose BMC answers nobody. */
  readonly silentBmcs: Set<string>;
}

/** A pool that fills up from a moment on. */
export interface Filling {
  readonly sinceMs: number;
  /** How full it is at that moment, and how much fuller a day later. */
  readonly usedRatio: number;
  readonly ratioPerDay: number;
}

interface CephFaults {
  /** OSDs whose daemon is down, by id. */
  readonly downOsds: Set<number>;
  /** Members whose Ceph monitor is down. */
  readonly downMonitors: Set<string>;
  /** Members whose MDS is down. */
  readonly downMds: Set<string>;
  /** Objects of a pool of which no copy is found. */
  readonly unfoundObjects: Map<string, number>;
  /** Placement groups of a pool whose copies differ. */
  readonly inconsistentPgs: Map<string, number>;
  /** Operations that are stuck on an OSD, by its id. */
  readonly slowOps: Map<number, number>;
  /** How many times slower than its like an OSD is. */
  readonly slowOsds: Map<number, number>;
  /** How full an OSD is that is not as full as the others. */
  readonly osdFill: Map<number, number>;
  /** Flags that somebody has set for all OSDs: `norebalance`. */
  readonly osdFlags: Set<string>;
  readonly fillingPools: Map<string, Filling>;
}

interface RoutingFaults {
  /** Names of peers whose sessions are down on every router: `192.0.2.1`. */
  readonly downPeers: Set<string>;
  /** Peers that somebody has shut down on every router. */
  readonly shutPeers: Set<string>;
  /** Peers that were dropped because they announced more prefixes than they may. */
  readonly limitedPeers: Set<string>;
  /** Prefixes that nobody announces, although somebody should. */
  readonly withdrawnPrefixes: Set<string>;
  /** Prefixes that a host announces, although nobody should. */
  readonly strayPrefixes: Set<string>;
  /** Daemons of routers that have died and do not come back: `frr1/bfdd`. */
  readonly downDaemons: Set<string>;
  /** Routers that take the virtual addresses, whoever has them already. */
  readonly greedyRouters: Set<string>;
}

interface OvnFaults {
  /** Members whose server of a database is down: `OVN_Northbound/abydos`. */
  readonly downDatabases: Set<string>;
  /** Servers that have made a cluster of their own: `OVN_Northbound/abydos`. */
  readonly splitDatabases: Set<string>;
  /** Members whose ovn-northd has the lock and does nothing with it. */
  readonly stuckNorthds: Set<string>;
  /** Members whose ovn-controller confirms nothing any more. */
  readonly stuckControllers: Set<string>;
  /** Names of networks whose router no chassis takes. */
  readonly unboundNetworks: Set<string>;
  /** Instances whose port has a chassis, and is not up there: `infra/mail`. */
  readonly downPorts: Set<string>;
  /** Instances whose port no chassis takes. */
  readonly unboundPorts: Set<string>;
  /** The member on which an instance's port is bound, although the instance is on another. */
  readonly misplacedPorts: Map<string, string>;
}

interface LxdFaults {
  /** Members that wait for the others to be upgraded. */
  readonly blockedMembers: Set<string>;
  /** Share of a member's memory that is in use. */
  readonly hostMemory: Map<string, number>;
  /** How often the kernel has killed something in an instance since it started: `ci/runner1`. */
  readonly oomKills: Map<string, number>;
  /** Instances that a project may have, where that was changed. */
  readonly instanceLimits: Map<string, number>;
  /** Share of a member's own storage pool that is in use. */
  readonly localPools: Map<string, number>;
}

/** What may be broken in the rack beside what follows from its members and instances. While all is well, all are empty. */
export interface RackFaults extends HardwareFaults, CephFaults, RoutingFaults, OvnFaults, LxdFaults {}

export const noFaults = (): RackFaults => ({
  failedSupplies: new Set(),
  supplyStates: new Map(),
  readings: new Map(),
  chassisFaults: new Set(),
  failingDrives: new Set(),
  memoryErrors: new Map(),
  fullEventLogs: new Set(),
  silentBmcs: new Set(),
  downOsds: new Set(),
  downMonitors: new Set(),
  downMds: new Set(),
  unfoundObjects: new Map(),
  inconsistentPgs: new Map(),
  slowOps: new Map(),
  slowOsds: new Map(),
  osdFill: new Map(),
  osdFlags: new Set(),
  fillingPools: new Map(),
  downPeers: new Set(),
  shutPeers: new Set(),
  limitedPeers: new Set(),
  withdrawnPrefixes: new Set(),
  strayPrefixes: new Set(),
  downDaemons: new Set(),
  greedyRouters: new Set(),
  downDatabases: new Set(),
  splitDatabases: new Set(),
  stuckNorthds: new Set(),
  stuckControllers: new Set(),
  unboundNetworks: new Set(),
  downPorts: new Set(),
  unboundPorts: new Set(),
  misplacedPorts: new Map(),
  blockedMembers: new Set(),
  hostMemory: new Map(),
  oomKills: new Map(),
  instanceLimits: new Map(),
  localPools: new Map(),
});
