import { expect, test } from 'vitest';
import {
  audit,
  bridge,
  dns,
  healthy,
  instance,
  key,
  lxdOf,
  type PathSpec,
  path,
  type RouterSpec,
  running,
  uplink,
  v4,
} from './audited.ts';

test.each<[string, RouterSpec, string[]]>([
  ['is there', { paths: { '203.0.113.53/32': [healthy] } }, ['missing 0', 'origins 1', 'received 1']],
  [
    'is there by one of several next hops',
    { paths: { '203.0.113.53/32': [path('192.0.2.1'), path('192.0.2.2', '172.17.0.101')] } },
    ['missing 0', 'origins 3', 'received 1'],
  ],
  ['is not there', {}, ['missing 1', 'origins 0', 'received 0']],
  [
    'is there by another next hop',
    { paths: { '203.0.113.53/32': [path('192.0.2.1')] } },
    ['missing 1', 'origins 1', 'received 0'],
  ],
  [
    'is left over of a restart',
    { paths: { '203.0.113.53/32': [{ ...healthy, stale: true }] } },
    ['missing 0', 'origins 1', 'received 1'],
  ],
  [
    'is there and its next hop cannot be reached',
    { paths: { '203.0.113.53/32': [{ ...healthy, valid: false }] } },
    ['missing 1', 'origins 0', 'received 1'],
  ],
  ['has not been asked for', { complete: ['ipv6'] }, []],
  [
    'has been asked for and is not there',
    { complete: [], paths: { '203.0.113.53/32': [] } },
    ['missing 1', 'origins 0', 'received 0'],
  ],
  ['is not known, because the router is silent', { paths: { '203.0.113.53/32': [healthy] }, up: false }, []],
])('a route that %s', (_name, spec, values) => {
  const lines = audit(running, { r1: spec }).filter((line) => !line.startsWith('expected'));
  const full = values.map((value) => {
    const [metric, number] = value.split(' ');
    return `${metric}{${metric === 'origins' ? 'prefix="203.0.113.53/32"' : key}} ${number}`;
  });
  expect(lines).toEqual(full);
});

test('origins are those of the router that has most; a router that has not been asked does not count', () => {
  const lines = audit(running, {
    r1: { paths: { '203.0.113.53/32': [healthy] } },
    r2: { paths: { '203.0.113.53/32': [healthy, path('172.17.0.102')] } },
    r3: { complete: [] },
  });
  expect(lines.filter((line) => line.startsWith('origins'))).toEqual(['origins{prefix="203.0.113.53/32"} 2']);
});

const internal = true;

test.each<[string, PathSpec[], number]>([
  ['a router that names itself, beside the origin', [healthy, { ...path('10.0.0.3'), peer: '10.0.0.3', internal }], 1],
  ['a router on an unnumbered session', [healthy, { ...path('fe80::2'), peer: 'to-r2', internal }], 1],
  ['routers alone', ['10.0.0.3', '10.0.0.4'].map((peer) => ({ ...path(peer), peer, internal })), 2],
  ['an origin that a router names', [healthy, { ...path('172.17.0.102'), peer: '10.0.0.3', internal }], 2],
  ['a host that names itself', [healthy, { ...path('10.0.0.99'), peer: '10.0.0.99' }], 2],
])('origins: %s', (_name, paths, count) => {
  const lines = audit(running, { r1: { paths: { '203.0.113.53/32': paths } } });
  expect(lines.filter((line) => line.startsWith('origins'))).toEqual([`origins{prefix="203.0.113.53/32"} ${count}`]);
});

test('any next hop will do for a bridge', () => {
  const lxd = lxdOf([bridge('b', { ...v4({ nexthop: undefined }), hasBgpPeers: true })]);
  const lines = audit(lxd, { r1: { paths: { '10.1.0.0/24': [path('10.0.0.11')] } } });
  expect(lines.filter((line) => !line.startsWith('expected'))).toEqual([
    'missing{router="r1",prefix="10.1.0.0/24"} 0',
    'origins{prefix="10.1.0.0/24"} 1',
    'received{router="r1",prefix="10.1.0.0/24"} 1',
  ]);
});

test('a router is asked for what it does not show, also for what should not be there', () => {
  const asked: Record<string, string[]> = { r1: [], r2: [], r3: [] };
  const instances = [
    instance('a', 'running', ['203.0.113.53/32', '2001:db8:100::53/128']),
    instance('b', 'running', ['203.0.113.53/32']),
    instance('c', 'stopped', ['203.0.113.54/32']),
  ];
  audit(lxdOf([uplink, dns], instances), {
    r1: { complete: [], asked: asked.r1 as string[] },
    r2: { complete: ['ipv4'], asked: asked.r2 as string[] },
    r3: { asked: asked.r3 as string[] },
  });
  expect(asked).toEqual({
    r1: ['10.1.0.0/24', '203.0.113.53/32', '2001:db8:100::53/128', '203.0.113.54/32'],
    r2: ['2001:db8:100::53/128'],
    r3: [],
  });
});
