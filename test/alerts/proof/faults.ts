import { scenarios } from '../../../src/demo/scenarios/index.ts';

/** What is done to the watching itself, because no scenario of the demo rack can: name and words. */
export const deeds = {
  nothing: 'None: it always fires.',
  'replica-stops': 'One of two addresses of rackwatch answers no more.',
  'rackwatch-stops': 'No address of rackwatch answers any more.',
  'bad-configuration': 'rackwatch is told to reload a file that is not YAML.',
  'insight-throws': 'An insight throws an error; the lab gives rackwatch one more, because its own do not.',
  'rule-fails': 'Prometheus loads a rule that joins many series with many.',
  'way-out-dead': 'The mail server, the pager and the dead man’s switch refuse connections.',
} as const;

export type Deed = keyof typeof deeds;

/** How an alert is made to fire on rackwatch's own output. */
export interface Proof {
  readonly alert: string;
  /** A scenario of the demo rack, or one of `deeds`. */
  readonly by: string;
  /** Labels by which the alert is known to be of that fault. */
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds from the fault to the message, at the pace of the shipped files, where a lab has measured that. */
  readonly toldAfterSeconds?: number;
}

/**
 * What real faults of real systems have raised in `test/alerts/real-faults.lab.test.ts`: seconds from the fault to the
 * message, at the pace of the shipped files.
 */
export const realFaults: ReadonlyMap<string, number> = new Map([
  ['BmcPsuFailed', 151],
  ['CephOsdDown', 335],
  ['BgpTransitPeerDown', 229],
  ['OvnChassisBehind', 334],
  ['LxdMemberOffline', 91],
  ['BgpTransitLost', 74],
  ['OvnGatewayUnbound', 154],
]);

type Row = readonly [alert: string, by: string, labels?: Proof['labels'], toldAfterSeconds?: number];

const hardware: readonly Row[] = [
  ['BmcPsuFailed', 'psu-fails', { member: 'abydos', psu: 'PS2' }, 185],
  ['BmcPsuInputLost', 'psu-input-lost', { member: 'langara', psu: 'PS1' }],
  ['BmcPsuRemoved', 'psu-removed', { member: 'langara', psu: 'PS2' }],
  ['BmcPsuFailurePredicted', 'psu-expects-to-fail', { member: 'abydos', psu: 'PS1' }],
  ['BmcSensorCritical', 'overheating', { member: 'orilla', sensor: 'CPU1 Temp' }],
  ['BmcSensorWarning', 'too-warm', { member: 'langara', sensor: 'System Temp' }],
  ['BmcChassisFault', 'cooling-fault', { member: 'abydos', fault: 'cooling' }],
  ['BmcPoweredOff', 'member-dies', { member: 'langara' }],
  ['BmcDriveUnhealthy', 'drive-expects-to-fail', { member: 'orilla', drive: 'Disk.Bay.2' }],
  ['BmcMemoryErrors', 'memory-errors', { member: 'abydos' }],
  ['BmcEventLogNearlyFull', 'event-log-full', { member: 'langara' }],
  ['BmcSilent', 'bmc-silent', { member: 'abydos' }],
];

const ceph: readonly Row[] = [
  ['CephQuorumLost', 'quorum-lost'],
  ['CephPgsInactive', 'copies-lost', { pool: 'lxd-hdd' }],
  ['CephFilesystemDown', 'filesystem-down', { filesystem: 'lxd-cephfs' }],
  ['CephObjectsUnfound', 'objects-unfound'],
  ['CephHealthError', 'scrub-errors'],
  ['CephSlowOps', 'osd-hangs', { daemon: 'osd.2', member: 'abydos' }],
  ['CephHealthWarning', 'osd-hangs', { check: 'SLOW_OPS' }],
  ['CephHealthReduced', 'osd-fails', { check: 'OSD_DOWN' }],
  ['CephFlagLeftSet', 'flag-left', { flag: 'norebalance' }],
  ['CephScrubDisabled', 'scrub-paused', { flag: 'noscrub' }],
  ['CephDataStale', 'quorum-lost'],
  ['CephOsdDown', 'osd-fails', { osd: '5', member: 'langara' }, 353],
  ['CephMonitorDown', 'quorum-lost', { mon: 'langara' }],
  ['CephOsdSlow', 'osd-slow', { osd: '1' }],
  ['CephPgsInconsistent', 'scrub-errors', { pool: 'lxd-ssd' }],
  ['CephOsdNearlyFull', 'osd-fills-up', { osd: '0' }],
  ['CephOsdFull', 'osd-full', { osd: '8' }],
  ['CephPoolFillingUp', 'pool-fills-up', { pool: 'lxd-ssd' }],
];

const ovn: readonly Row[] = [
  ['OvnGatewayUnbound', 'gateway-lost'],
  ['OvnDatabaseNoQuorum', 'raft-lost', { db: 'northbound' }],
  ['OvnDatabaseNoLeader', 'raft-lost', { db: 'northbound' }],
  ['OvnNorthdStuck', 'northd-stuck'],
  ['OvnPortDown', 'port-down', { project: 'web', name: 'blog' }],
  ['OvnPortMisplaced', 'port-misplaced', { project: 'infra', name: 'dns1' }],
  ['OvnDatabaseServerDown', 'raft-lost', { db: 'northbound' }],
  ['OvnDatabaseServerCutOff', 'raft-lost', { db: 'northbound' }],
  ['OvnDatabaseSplit', 'database-split', { db: 'southbound' }],
  ['OvnChassisBehind', 'controller-stuck', { member: 'orilla' }],
  ['OvnGatewayNotPreferred', 'member-dies'],
  ['OvnBackendDown', 'backend-down', { state: 'offline' }],
];

const routing: readonly Row[] = [
  ['BgpTransitLost', 'transit-lost', { afi: 'ipv4' }],
  ['VrrpMasterCount', 'vrrp-conflict', { vrid: '10' }],
  ['BgpTransitPeerDown', 'session-lost', { peer: '192.0.2.1' }, 391],
  ['BgpTransitSessionDown', 'session-lost', { router: 'frr1', peer: '192.0.2.1' }],
  ['BgpSessionDown', 'router-session-lost', { peer: '172.17.0.3' }],
  ['BgpSessionFlapping', 'session-flaps', { peer: '192.0.2.2' }],
  ['BgpPrefixLimitHit', 'prefix-limit', { peer: '2001:db8:ff::2' }],
  ['BgpShutDownForgotten', 'peer-shut', { peer: '2001:db8:ff::1' }],
  ['BfdSessionDown', 'session-lost', { peer: '192.0.2.1' }],
  ['FrrDaemonDown', 'router-daemon-dies', { router: 'frr1', daemon: 'bfdd' }],
];

const insights: readonly Row[] = [
  ['PrefixUnreachable', 'route-missing', { prefix: '203.0.113.25/32' }],
  ['RouteMissing', 'route-missing', { prefix: '203.0.113.25/32' }],
  ['RouteUnexpected', 'route-unexpected', { prefix: '203.0.113.99/32' }],
  ['RedundancyExhausted', 'member-dies', { part: 'ceph_mon' }],
  ['RedundancyBelowMinimum', 'filesystem-down', { part: 'ceph_mds' }],
  ['MemberLossNotSurvivable', 'member-dies', { resource: 'ceph_quorum' }],
  ['OsdLossNotSurvivable', 'osd-full', { member: 'orilla', device_class: 'hdd' }],
  ['JoinIncomplete', 'port-unbound', { join: 'port_chassis' }],
];

const lxd: readonly Row[] = [
  ['MemberInMaintenance', 'evacuated-member-dies', { member: 'orilla' }],
  ['LxdMemberOffline', 'member-dies', { member: 'langara' }],
  ['LxdEvacuatedMemberUnreachable', 'evacuated-member-dies', { member: 'orilla' }],
  ['LxdHealedMemberStillPowered', 'healed-alive', { member: 'langara' }],
  ['LxdMaintenanceOverrun', 'evacuated-member-dies', { member: 'orilla' }],
  ['LxdSeveralMembersInMaintenance', 'two-in-maintenance'],
  ['LxdMemberBlocked', 'member-blocked', { member: 'orilla' }],
  ['LxdMemberMemoryFull', 'memory-full', { member: 'langara' }],
  ['LxdWarningActive', 'lxd-warns', { member: 'abydos' }],
  ['LxdInstanceDown', 'instance-down', { project: 'infra', name: 'mail' }],
  ['LxdInstanceDisplaced', 'instance-stranded', { project: 'home', name: 'photos' }],
  ['LxdInstanceOutOfMemory', 'out-of-memory', { project: 'ci', name: 'runner1' }],
  ['LxdProjectQuotaNear', 'quota-near', { project: 'games', resource: 'instances' }],
  ['LxdStoragePoolNearlyFull', 'local-pool-full', { pool: 'local', member: 'abydos' }],
  ['LinkDown', 'switch-lost', { member: 'langara', device: 'bond-sw01' }],
  ['MeshLinkDown', 'mesh-lost', { member: 'orilla', device: 'bond-mesh02' }],
  ['BondLegLost', 'switch-leg-lost', { member: 'abydos', device: 'bond-sw01' }],
  ['MeshBondLegLost', 'link-lost', { member: 'abydos', device: 'bond-mesh01' }],
  ['LinkBusy', 'link-busy', { member: 'abydos', device: 'bond-mesh02' }],
];

const watching: readonly Row[] = [
  ['Watchdog', 'nothing'],
  ['RackwatchDown', 'rackwatch-stops'],
  ['RackwatchReplicaDown', 'replica-stops'],
  ['RackwatchConfigReloadFailed', 'bad-configuration'],
  ['RackwatchCollectorFailing', 'router-daemon-dies', { target: 'frr1', collector: 'bfd' }],
  ['RackwatchInsightFailing', 'insight-throws'],
  ['LxdSilent', 'all-dark'],
  ['LxdMemberSilent', 'member-dies', { member: 'langara' }],
  ['CephSilent', 'all-dark'],
  ['OvnSilent', 'all-dark'],
  ['FrrAllRoutersSilent', 'all-dark'],
  ['FrrRouterSilent', 'member-dies', { target: 'frr2' }],
  ['PrometheusRulesFailing', 'rule-fails'],
  ['AlertmanagerNotificationsFailing', 'way-out-dead', { integration: 'webhook' }],
];

/** One for every alert. What no scenario and no deed brings about has no place here: such an alert could never fire. */
export const proofs: readonly Proof[] = [hardware, ceph, ovn, routing, insights, lxd, watching]
  .flat()
  .map(([alert, by, labels = {}, toldAfterSeconds]) => ({
    ...{ alert, by, labels },
    ...(toldAfterSeconds === undefined ? {} : { toldAfterSeconds }),
  }));

export const isDeed = (name: string): name is Deed => name in deeds;

/** The fault in words; throws for a name that is neither a scenario nor a deed. */
export function describeFault(by: string): string {
  if (isDeed(by)) return deeds[by];
  const scenario = scenarios.find(({ name }) => name === by);
  if (!scenario) throw new Error(`neither a scenario nor a deed: ${by}`);
  return scenario.help;
}
