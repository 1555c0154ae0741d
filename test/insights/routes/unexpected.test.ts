import { expect, test } from 'vitest';
import {
  dns,
  family,
  healthy,
  host,
  instance,
  lxdOf,
  network,
  type PathSpec,
  path,
  strays,
  uplink,
} from './audited.ts';

const provider = { name: '192.0.2.1', role: 'transit' };

test.each<[string, string, PathSpec, boolean, object?]>([
  ["nobody's, by a router of LXD", '203.0.113.9/32', healthy, true],
  ["nobody's, by a member", '203.0.113.9/32', path('10.0.0.11'), true],
  ["nobody's, by a peer that is a host", '203.0.113.9/32', path('10.0.0.99'), true],
  ["the provider's", '203.0.113.9/32', path('192.0.2.1'), false],
  ['outside of what LXD may announce', '8.8.8.0/24', healthy, false],
  ['wider than what LXD may announce', '203.0.112.0/23', healthy, false],
  ['what LXD may announce, whole', '203.0.113.0/24', healthy, true],
  ['within the routes of IPv6', '2001:db8:1ff::1/128', healthy, true],
  ['left over of a restart', '203.0.113.9/32', { ...healthy, stale: true }, false],
  ['unreachable', '203.0.113.9/32', { ...healthy, valid: false }, true],
  ["of an instance's, by another router of LXD", '203.0.113.53/32', path('172.17.0.102'), true],
  ["a stopped instance's", '203.0.113.54/32', healthy, true],
  ["a frozen instance's", '203.0.113.56/32', healthy, false],
  ['of an instance whose member does not answer', '203.0.113.55/32', healthy, false],
  ['a subnet behind NAT', '10.1.0.0/24', healthy, true],
  ['within a subnet behind NAT', '10.1.0.7/32', healthy, true],
  ['ignored', '203.0.113.9/32', healthy, false, { ignore: ['203.0.113.0/28'] }],
  ['what is configured', '203.0.113.9/32', healthy, false, { expect: [{ prefix: '203.0.113.9/32' }] }],
  ['no prefix', 'rubbish', healthy, false],
])('a route that is %s: unexpected or not', (_name, prefix, one, isStray, keys = {}) => {
  const more = network('more', { ipv4: family({ nexthop: '172.17.0.102' }) });
  const instances = [
    instance('a', 'running', ['203.0.113.53/32']),
    instance('b', 'stopped', ['203.0.113.54/32']),
    instance('c', 'error', ['203.0.113.55/32']),
    instance('d', 'frozen', ['203.0.113.56/32']),
  ];
  const lines = strays(
    lxdOf([uplink, dns, more], instances),
    { paths: { [prefix]: [one, one] }, peers: [host, provider] },
    keys,
  );
  const line = `unexpected{router="r1",prefix="${prefix}",nexthop="${one.nexthops[0]}"} 1`;
  expect(lines).toEqual(isStray ? [line] : []);
});

test('an uplink that nothing uses, and a network of that name in another project, guard nothing', () => {
  const spec = { paths: { '203.0.113.9/32': [path('10.0.0.11')] } };
  expect(strays(lxdOf([uplink]), spec)).toEqual([]);
  expect(strays(lxdOf([{ ...uplink, project: 'p' }, dns]), spec)).toEqual([]);
  expect(strays(lxdOf([uplink, dns]), spec)).toHaveLength(1);
});
