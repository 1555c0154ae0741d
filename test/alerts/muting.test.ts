import { expect, test } from 'vitest';
import { alerts, isMuted, type LabelSet, ruleTests } from './shipped.ts';

/** The labels that each alert has in its own test while that member is in maintenance. */
const inMaintenance = ruleTests.flatMap(({ promql_expr_test }) =>
  promql_expr_test.flatMap(({ exp_samples }) => exp_samples.map(({ labels }) => readLabels(labels))),
);

function readLabels(series: string): LabelSet {
  const pairs = [...series.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return Object.fromEntries(pairs.map(([, name, value]) => [name, value]));
}

const namesMutedBy = (source: LabelSet): string[] =>
  inMaintenance.flatMap((target) => (isMuted(target, source) ? [target['alertname'] ?? ''] : [])).toSorted();

const maintenanceOf = (member: string): LabelSet => ({ alertname: 'MemberInMaintenance', severity: 'none', member });

/** What the absence of any member explains, anywhere in the cluster. */
const anywhere = [
  ...['BfdSessionDown', 'BgpSessionDown', 'CephFlagLeftSet', 'CephHealthReduced', 'FrrRouterSilent', 'JoinIncomplete'],
  ...['LinkBusy', 'LxdInstanceDisplaced', 'LxdWarningActive', 'MemberLossNotSurvivable', 'MeshBondLegLost'],
  ...['MeshLinkDown', 'OsdLossNotSurvivable', 'OvnBackendDown', 'OvnDatabaseServerCutOff', 'OvnDatabaseServerDown'],
  ...['OvnGatewayNotPreferred', 'RackwatchCollectorFailing', 'RackwatchReplicaDown', 'RedundancyExhausted'],
];

/** What the absence of a member explains of itself. */
const ofItself = [
  ...['BmcPoweredOff', 'BondLegLost', 'CephMonitorDown', 'CephOsdDown', 'LinkDown', 'LxdInstanceDown'],
  ...['LxdMemberSilent', 'OvnChassisBehind', 'OvnPortDown'],
];

test('a member in maintenance mutes what is expected of it', () => {
  expect(namesMutedBy(maintenanceOf('abydos'))).toEqual([...anywhere, ...ofItself].toSorted());
});

test('… and of another member only what any absence explains', () => {
  expect(namesMutedBy(maintenanceOf('another'))).toEqual(anywhere.toSorted());
});

test('a member that died mutes what is explained by that of itself, and nothing else', () => {
  expect(namesMutedBy({ alertname: 'LxdMemberOffline', severity: 'critical', member: 'abydos' })).toEqual(ofItself);
  expect(namesMutedBy({ alertname: 'LxdMemberOffline', severity: 'critical', member: 'another' })).toEqual([]);
});

test('a label that a target lacks mutes nothing', () => {
  const target = { alertname: 'Some', scope: 'member' };
  expect(isMuted(target, maintenanceOf('abydos'))).toBe(false);
  expect(isMuted({ ...target, member: 'abydos' }, maintenanceOf('abydos'))).toBe(true);
});

test('clusters do not mute one another', () => {
  const target = { alertname: 'Some', maintenance: 'expected', cluster: 'rack2' };
  expect(isMuted(target, { ...maintenanceOf('abydos'), cluster: 'rack1' })).toBe(false);
});

test('nothing that pages is muted by maintenance', () => {
  const critical = alerts.filter(({ labels }) => labels['severity'] === 'critical');
  expect(critical.filter(({ labels }) => labels['scope'] ?? labels['maintenance'])).toEqual([]);
});

test.each<[source: LabelSet, target: LabelSet, muted: boolean]>([
  [{ alertname: 'BgpTransitLost', afi: 'ipv4' }, { alertname: 'BgpTransitPeerDown', afi: 'ipv4' }, true],
  [{ alertname: 'BgpTransitLost', afi: 'ipv4' }, { alertname: 'BgpTransitPeerDown', afi: 'ipv6' }, false],
  [{ alertname: 'BgpTransitLost', afi: 'ipv4' }, { alertname: 'BgpSessionDown', afi: 'ipv4' }, false],
  [{ alertname: 'PrefixUnreachable', prefix: 'a' }, { alertname: 'RouteMissing', prefix: 'a' }, true],
  [{ alertname: 'PrefixUnreachable', prefix: 'a' }, { alertname: 'RouteMissing', prefix: 'b' }, false],
  [{ alertname: 'CephOsdFull', osd: '3' }, { alertname: 'CephOsdNearlyFull', osd: '3' }, true],
  [{ alertname: 'CephOsdFull', osd: '3' }, { alertname: 'CephOsdNearlyFull', osd: '4' }, false],
  [{ alertname: 'CephQuorumLost' }, { alertname: 'CephOsdDown', component: 'ceph', severity: 'warning' }, true],
  [{ alertname: 'CephQuorumLost' }, { alertname: 'CephPgsInactive', component: 'ceph', severity: 'critical' }, false],
  [{ alertname: 'CephOsdDown' }, { alertname: 'CephHealthReduced' }, true],
  [{ alertname: 'CephOsdDown' }, { alertname: 'CephHealthWarning' }, false],
])('%j and %j: muted %s', (source, target, muted) => {
  expect(isMuted(target, source)).toBe(muted);
});
