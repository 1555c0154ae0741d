import { expect, test } from 'vitest';
import { ledgerOf } from './ledger.ts';

const virtual = (state: string, master = state === 'Master') => {
  return { vrid: 10, afi: 'ipv4', interface: 'uplink', master, state };
};
const routers = (...list: readonly (readonly [up: boolean, facts: object])[]) => ({
  frr: list.map(([up, facts], i) => ({ target: `frr${i + 1}`, up, facts })),
});
const vrrp = (...list: readonly (readonly [up: boolean, ...routers: object[]])[]) =>
  routers(...list.map(([up, ...all]) => [up, { vrrp: all }] as const));

const master = virtual('Master');
const backup = virtual('Backup');

test.each([
  ['a master and two backups', vrrp([true, master], [true, backup], [true, backup]), [3, 3, 1, 2]],
  ['one is silent', vrrp([true, master], [true, backup], [false, backup]), [2, 3, 1, 1]],
  ['a master without carrier', vrrp([true, virtual('Master', false)], [true, backup]), [1, 2, 1, 0]],
  ['one is starting', vrrp([true, master], [true, virtual('Initialize')]), [1, 2, 1, 0]],
  ['the last one is gone', vrrp([true, virtual('Initialize')]), [0, 1, 1, -1]],
  ['one of two interfaces of a router', vrrp([true, master, virtual('Initialize')], [true, backup]), [1, 2, 1, 0]],
])('VRRP: %s', (_name, heards, line) => {
  expect(ledgerOf(heards)).toEqual({ 'vrrp_backup 10/ipv4': line });
});

const peer = (name: string, families: object, more: object = {}) => {
  return { vrf: 'default', name, remoteAs: 1, role: 'transit', adminDown: false, families, ...more };
};
const up = { ipv4: true };
const down = { ipv4: false };

test.each([
  [
    'two peers on two routers',
    [
      [peer('1', up), peer('2', up)],
      [peer('1', up), peer('2', up)],
    ],
    [2, 2, 1, 1],
  ],
  [
    'a session less, and no peer',
    [
      [peer('1', up), peer('2', down)],
      [peer('1', up), peer('2', up)],
    ],
    [2, 2, 1, 1],
  ],
  [
    'a peer less',
    [
      [peer('1', up), peer('2', down)],
      [peer('1', up), peer('2', down)],
    ],
    [1, 2, 1, 0],
  ],
  ['none left', [[peer('1', down)]], [0, 1, 1, -1]],
  ['one that was shut down', [[peer('1', up), peer('2', down, { adminDown: true })]], [1, 1, 1, 0]],
  ['others than transit', [[peer('1', up), peer('2', up, { role: 'host' })]], [1, 1, 1, 0]],
])('transit: %s', (_name, lists, line) => {
  expect(ledgerOf(routers(...lists.map((peers) => [true, { peers }] as const)))).toEqual({ 'bgp_transit ipv4': line });
});

test('transit: each family has a line, and sessions of a silent router do not count', () => {
  const both = { peers: [peer('1', { ipv4: true, ipv6: true }), peer('2', { ipv6: false })] };
  expect(ledgerOf(routers([true, { peers: [peer('1', up)] }], [false, both]))).toEqual({
    'bgp_transit ipv4': [1, 1, 1, 0],
    'bgp_transit ipv6': [0, 2, 1, -1],
  });
});

test('of routers that are all silent nothing is said', () => {
  expect(ledgerOf(routers([false, { peers: [peer('1', up)], vrrp: [master] }]))).toEqual({});
});

const instance = (name: string, member: string, state: string, ...externalRoutes: string[]) => {
  return {
    project: 'infra',
    name,
    member,
    state,
    nics: [{ device: 'eth0', addresses: [], externalRoutes }],
    pools: [],
  };
};

test('anycast: prefixes of several instances, by those that run on members that answer', () => {
  const members = ['a', 'b', 'c', 'd'].map((name) => ({ name, url: '', status: 'online', roles: [] }));
  const instances = [
    instance('dns1', 'a', 'running', '203.0.113.53/32', '2001:db8::53/128'),
    instance('dns2', 'b', 'ready', '203.0.113.53/32'),
    instance('dns3', 'c', 'running', '203.0.113.53/32'),
    instance('dns4', 'd', 'stopped', '203.0.113.53/32'),
    instance('mail', 'a', 'running', '203.0.113.25/32'),
  ];
  const lxd = [
    { target: 'cluster', facts: { members } },
    { target: 'instances', facts: { instances } },
    { target: 'c', up: false, facts: {} },
  ];
  expect(ledgerOf({ lxd })).toEqual({ 'anycast_origin 203.0.113.53/32': [2, 4, 1, 1] });
});
