import { expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/problems.ts';
import { configSchema as wholeConfig } from '../../../src/config/schema.ts';
import { routes } from '../../../src/insights/routes.ts';
import {
  audit,
  bridge,
  dns,
  healthy,
  host,
  instance,
  lxdOf,
  member,
  network,
  path,
  running,
  samplesOf,
  startingWith,
  strays,
  uplink,
} from './audited.ts';

test('without the list of instances nothing is unexpected, and what the networks announce is audited all the same', () => {
  const one = { ...dns, forwards: [{ address: '203.0.113.66' }] };
  const spec = { paths: { '203.0.113.53/32': [healthy], '203.0.113.66/32': [healthy] } };
  expect(audit({ networks: [uplink, one], members: [member] }, { r1: spec })).toEqual([
    'expected{prefix="203.0.113.66/32",nexthop="172.17.0.101",origin="forward"} 1',
    'missing{router="r1",prefix="203.0.113.66/32",nexthop="172.17.0.101"} 0',
    'origins{prefix="203.0.113.66/32"} 1',
    'received{router="r1",prefix="203.0.113.66/32",nexthop="172.17.0.101"} 1',
  ]);
  expect(strays(lxdOf([uplink, one], []), spec)).toHaveLength(1);
});

test('without LXD there is nothing but what is configured; without routers there is what is expected', () => {
  const spec = { paths: { '203.0.113.53/32': [healthy] }, peers: [host] };
  expect(audit(undefined, { r1: spec })).toEqual([]);
  expect(audit({}, { r1: spec })).toEqual([]);
  expect(audit(undefined, { r1: spec }, { expect: [{ prefix: '0.0.0.0/0', nexthop: '192.0.2.1' }] })).toEqual([
    'expected{prefix="0.0.0.0/0",nexthop="192.0.2.1",origin="config"} 1',
    'missing{router="r1",prefix="0.0.0.0/0",nexthop="192.0.2.1"} 1',
    'origins{prefix="0.0.0.0/0"} 0',
    'received{router="r1",prefix="0.0.0.0/0",nexthop="192.0.2.1"} 0',
  ]);
  expect(audit(running, {})).toHaveLength(1);
});

test('of each instance its own routes are told, whether it runs or not', () => {
  const twice = { device: 'eth1', network: 'dns', addresses: [], externalRoutes: ['203.0.113.53/32'] };
  const [a, b] = [
    instance('a', 'running', ['203.0.113.53/32', '2001:DB8:100:0::53/128']),
    instance('b', 'stopped', []),
  ];
  const instances = [
    { ...a, nics: [...a.nics, twice] },
    { ...b, nics: [twice] },
    instance('c', 'error', ['203.0.113.54/32'], 'wild'),
    instance('d', 'running', ['203.0.113.55/32'], 'alone'),
    instance('e', 'running', ['rubbish']),
  ];
  const networks = [uplink, dns, bridge('wild', { hasBgpPeers: true }), network('alone', { uplink: undefined })];
  expect(startingWith('rackwatch_instance_route_info', samplesOf(lxdOf(networks, instances), {}))).toEqual([
    '{project="p",name="a",prefix="203.0.113.53/32",nexthop="172.17.0.101"} 1',
    '{project="p",name="a",prefix="2001:db8:100::53/128"} 1',
    '{project="p",name="b",prefix="203.0.113.53/32",nexthop="172.17.0.101"} 1',
    '{project="p",name="c",prefix="203.0.113.54/32"} 1',
  ]);
  const unknown = { networks, members: [member] };
  expect(startingWith('rackwatch_instance_route_info', samplesOf(unknown, {}))).toEqual([]);
});

const problem = (text: string) => () =>
  parseConfig(wholeConfig([], [routes]), `insights:\n  routes:\n    ${text}\n`, 'f.yaml');

test.each([
  ['ignore: [10.0.0.0]', 'f.yaml:3:14: insights.routes.ignore.0: not a prefix such as 192.0.2.0/24'],
  ['ignore: [10.0.0.0/33]', 'f.yaml:3:14: insights.routes.ignore.0: not a prefix such as 192.0.2.0/24'],
  ['expect: [{ prefix: 10.0.0.0/8, nexthop: r1 }]', 'f.yaml:3:45: insights.routes.expect.0.nexthop: not an address'],
])('%s is refused with its place', (text, message) => {
  expect(problem(text)).toThrow(message);
});

test('every fact is read so many times, however many there are', () => {
  const reads = (count: number) => {
    let read = 0;
    const counted = <T extends object>(thing: T): T =>
      new Proxy(thing, {
        get: (of, name) => {
          read++;
          return Reflect.get(of, name);
        },
      });
    const list = Array.from({ length: count }, (_, n) => `198.18.${n >> 8}.${n & 255}/32`);
    const instances = list.map((prefix, n) => counted(instance(`i${n}`, 'running', counted([prefix]))));
    const paths = Object.fromEntries(list.map((prefix) => [prefix, [healthy, path('10.0.0.11')]]));
    const spec = { paths, wrap: counted };
    const lines = audit(lxdOf([uplink, dns], instances), { r1: spec, r2: spec });
    expect(lines).toHaveLength(count * (1 + 1 + 2 * 2));
    return read;
  };
  const [one, two, three] = [reads(1000), reads(2000), reads(3000)];
  expect(three - two).toBe(two - one);
});
