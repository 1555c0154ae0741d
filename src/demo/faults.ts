/** What may be broken in the rack beside what follows from its members and instances. While all is well, all are empty. */
export interface RackFaults {
  /** Names of peers whose sessions are down on every router: `192.0.2.1`. */
  readonly downPeers: Set<string>;
  /** Prefixes that nobody announces, although somebody should. */
  readonly withdrawnPrefixes: Set<string>;
  /** Power supplies by member: `abydos/PS1`. */
  readonly failedSupplies: Set<string>;
  /** Readings of sensors that differ from the usual, by member: `abydos/CPU1 Temp`. */
  readonly readings: Map<string, number>;
  /** OSDs whose daemon is down, by id. */
  readonly downOsds: Set<number>;
  /** Members whose Ceph monitor is down. */
  readonly downMonitors: Set<string>;
  /** Members whose server of a database is down: `OVN_Northbound/abydos`. */
  readonly downDatabases: Set<string>;
  /** Members whose ovn-controller confirms nothing any more. */
  readonly stuckControllers: Set<string>;
  /** Names of networks whose router no chassis takes. */
  readonly unboundNetworks: Set<string>;
}

export const noFaults = (): RackFaults => ({
  downPeers: new Set(),
  withdrawnPrefixes: new Set(),
  failedSupplies: new Set(),
  readings: new Map(),
  downOsds: new Set(),
  downMonitors: new Set(),
  downDatabases: new Set(),
  stuckControllers: new Set(),
  unboundNetworks: new Set(),
});
