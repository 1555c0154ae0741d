import { expect, test } from 'vitest';
import { memberLosses } from './losses.ts';

const members = (names: string, url = (name: string) => `https://${name}.example.net:8443`) =>
  [...names].map((name) => ({ name, url: url(name), status: 'online', roles: ['database'] }));
const cluster = (list: readonly object[]) => [{ target: 'cluster', facts: { clustered: true, members: list } }];

test('voters: three stand the loss of one, two of none', () => {
  expect(memberLosses({ lxd: cluster(members('abc')) })).toEqual({
    'a lxd_quorum': [1],
    'b lxd_quorum': [1],
    'c lxd_quorum': [1],
  });
  expect(memberLosses({ lxd: [...cluster(members('abc')), { target: 'c', up: false, facts: {} }] })).toEqual({
    'a lxd_quorum': [0],
    'b lxd_quorum': [0],
    'c lxd_quorum': [1],
  });
});

const mons = (...places: string[]) => ({
  ceph: [{ facts: { mons: { majority: 2, mons: places.map((member) => ({ name: 'm', member, reachable: true })) } } }],
});

test.each([
  ['one on each', mons('a', 'b', 'c'), { 'a ceph_quorum': [1], 'b ceph_quorum': [1], 'c ceph_quorum': [1] }],
  ['two on one', mons('a', 'a', 'b'), { 'a ceph_quorum': [0], 'b ceph_quorum': [1] }],
  ['one is nobody knows where', mons('a', 'b', ''), {}],
])('monitors: %s', (_name, heards, expected) => {
  expect(memberLosses(heards)).toEqual(expected);
});

test('monitors: a member without one is lost without harm', () => {
  const { 'd ceph_quorum': line } = memberLosses({ ...mons('a', 'b'), lxd: cluster(members('d')) });
  expect(line).toEqual([1]);
});

const server = (address: string) => ({ server: address, up: true, connected: true, model: 'clustered' });
const database = (...addresses: string[]) => ({ databases: [{ db: 'southbound', servers: addresses.map(server) }] });
const perMember = (line: number[]) => ({ 'a ovn_sb_quorum': line, 'b ovn_sb_quorum': line, 'c ovn_sb_quorum': line });
const found = (facts: object, lxd: readonly object[], keys: object = {}) =>
  Object.fromEntries(
    Object.entries(memberLosses({ ovn: [{ facts }], lxd: lxd as never }, { keys })).filter(([name]) =>
      name.includes(' ovn_'),
    ),
  );

const threeServers = database('10.0.0.1:6642', '10.0.0.2:6642', '[2001:db8::3]:6642');
const urls: Record<string, string> = {
  a: 'https://10.0.0.1:8443',
  b: 'https://10.0.0.2:8443',
  c: 'https://[2001:db8::3]:8443',
};
const located = cluster(members('abc', (name) => urls[name] as string));

test('database servers are found by the address of LXD', () => {
  expect(found(threeServers, located)).toEqual(perMember([1]));
});

test('database servers are found by the address of the tunnels', () => {
  const chassis = [
    { chassis: '1', member: 'a', encapAddresses: ['10.0.0.1'] },
    { chassis: '2', member: 'b', encapAddresses: ['10.0.0.9', '10.0.0.2'] },
    { chassis: '3', member: 'c', encapAddresses: ['2001:db8::3'] },
  ];
  expect(found({ ...threeServers, chassis }, [])).toEqual(perMember([1]));
});

test('database servers are found as configured, with port or without', () => {
  const servers = { '10.0.0.1': 'a', '10.0.0.2:6642': 'b', '2001:db8::3': 'b' };
  expect(found(threeServers, [], { servers })).toEqual({ 'a ovn_sb_quorum': [1], 'b ovn_sb_quorum': [0] });
});

test.each([
  ['whose address two members have', cluster(members('abc', () => 'https://10.0.0.1:8443'))],
  ['whose address nobody has', cluster(members('abc'))],
  ['behind a unix socket', cluster(members('a', () => 'unix:///var/lib/lxd/unix.socket'))],
])('nothing is said of a server %s', (_name, lxd) => {
  expect(found(threeServers, lxd)).toEqual({});
});

test('nothing is said of a database of which nobody answers', () => {
  const servers = [{ server: '10.0.0.1:6642', up: false }];
  expect(found({ databases: [{ db: 'northbound', servers }] }, located)).toEqual({});
});

const gateway = (network: string, ...names: string[]) => ({
  ...{ network, logicalPort: network },
  candidates: names.map((name) => ({ chassis: name, member: name, priority: 1 })),
});
const gateways = (...list: object[]) => ({ ovn: [{ facts: { gateways: list } }] });

test.each([
  [
    'each network has another',
    gateways(gateway('n1', 'a', 'b'), gateway('n2', 'b', 'c')),
    { 'a gateways': [1], 'b gateways': [1], 'c gateways': [1] },
  ],
  [
    'one network has none but it',
    gateways(gateway('n1', 'a', 'b'), gateway('n2', 'b')),
    { 'a gateways': [1], 'b gateways': [0] },
  ],
  [
    'one network has none now',
    gateways(gateway('n1', 'a', 'b'), gateway('n2')),
    { 'a gateways': [0], 'b gateways': [0] },
  ],
  ['there are no networks', gateways(), {}],
])('gateways: %s', (_name, heards, expected) => {
  expect(memberLosses(heards)).toEqual(expected);
});
