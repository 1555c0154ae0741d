import { expect, test } from 'vitest';
import { ledgerOf } from './ledger.ts';

const ovn = (facts: object) => ({ ovn: [{ facts }] });
const server = (up: boolean, connected?: boolean, model = 'clustered') =>
  up ? { server: 's', up, connected, model } : { server: 's', up };
const database = (...servers: object[]) => ovn({ databases: [{ db: 'northbound', servers }] });

test.each([
  ['three', [server(true, true), server(true, true), server(true, true)], [3, 3, 2, 1]],
  ['one gone', [server(false), server(true, true), server(true, true)], [2, 3, 2, 0]],
  ['the one that is left is cut off', [server(false), server(false), server(true, false)], [0, 3, 2, -2]],
  ['one that is not clustered', [server(true, true, 'standalone')], [1, 1, 1, 0]],
  ['two of which one serves', [server(true, true, 'standalone'), server(false)], [1, 2, 1, 0]],
  ['a relay has no vote', [server(true, true), server(true, true, 'relay')], [1, 1, 1, 0]],
])('database servers: %s', (_name, servers, line) => {
  expect(ledgerOf(database(...servers))).toEqual({ ovn_nb: line });
});

test('the southbound database has a line of its own, and none when nobody answers', () => {
  const southbound = { db: 'southbound', servers: [server(true, true)] };
  expect(ledgerOf(ovn({ databases: [southbound] }))).toEqual({ ovn_sb: [1, 1, 1, 0] });
  expect(ledgerOf(database(server(false), server(false)))).toEqual({});
});

test.each([
  ['standby', true, { ovn_northd: [2, 2, 1, 1] }],
  ['standby', false, { ovn_northd: [1, 2, 1, 0] }],
  ['active', false, { ovn_northd: [0, 2, 1, -1] }],
  ['active', true, {}],
  ['paused', true, {}],
])('northd of this host is %s, connected: %s', (status, connected, lines) => {
  expect(ledgerOf(ovn({ northd: { status, connected } }))).toEqual(lines);
});

const AT = 1_800_000_000;
const chassis = (name: string, configLag = 0, confirmedAtSeconds = AT) => {
  return { chassis: name, member: name, encapAddresses: [], configLag, confirmedAtSeconds };
};
const candidate = (name: string, isRegistered = true) => {
  return { chassis: name, priority: 1, ...(isRegistered ? { member: name } : {}) };
};
const gateway = (...candidates: object[]) => ({ network: 'lxd-net4', logicalPort: 'cr', candidates });
const three = [candidate('a'), candidate('b'), candidate('c')];
const later = { nowMs: (AT + 60) * 1000 };

test.each([
  ['all alive', [chassis('a'), chassis('b'), chassis('c')], three, later, [3, 3, 1, 2]],
  [
    'one is not registered',
    [chassis('a'), chassis('b')],
    [...three.slice(0, 2), candidate('c', false)],
    later,
    [2, 3, 1, 1],
  ],
  ['one is behind', [chassis('a'), chassis('b'), chassis('c', 1)], three, later, [2, 3, 1, 1]],
  [
    'one has had no time yet',
    [chassis('a'), chassis('b'), chassis('c', 1)],
    three,
    { nowMs: (AT + 5) * 1000 },
    [3, 3, 1, 2],
  ],
  [
    'all are behind, nobody to compare with',
    [chassis('a', 1), chassis('b', 1), chassis('c', 1)],
    three,
    later,
    [3, 3, 1, 2],
  ],
  ['a single one', [chassis('a')], [candidate('a')], later, [1, 1, 1, 0]],
  ['none', [chassis('a')], [], later, [0, 1, 1, -1]],
  ['chassis are not read', undefined, three, later, [3, 3, 1, 2]],
])('gateways: %s', (_name, list, candidates, options, line) => {
  const facts = { ...(list ? { chassis: list } : {}), gateways: [gateway(...candidates)] };
  expect(ledgerOf(ovn(facts), options)).toEqual({ 'ovn_gateway lxd-net4': line });
});

test('a gateway without candidates is where it is', () => {
  const facts = { gateways: [{ ...gateway(), active: { chassis: 'a', member: 'a' } }] };
  expect(ledgerOf(ovn(facts))).toEqual({ 'ovn_gateway lxd-net4': [1, 1, 1, 0] });
});

test('the chassis of a member that does not answer is dead before OVN knows it', () => {
  const members = ['a', 'b', 'c'].map((name) => ({ name, url: '', status: 'online', roles: [] }));
  const lxd = [
    { target: 'cluster', facts: { clustered: true, members } },
    { target: 'c', up: false, facts: {} },
  ];
  const heards = { ...ovn({ gateways: [gateway(...three)] }), lxd };
  expect(ledgerOf(heards)).toEqual({ 'ovn_gateway lxd-net4': [2, 3, 1, 1] });
});
