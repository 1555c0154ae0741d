import { expect, test } from 'vitest';
import {
  audit,
  bridge,
  dns,
  expectedOf,
  family,
  healthy,
  instance,
  lxdOf,
  network,
  running,
  uplink,
  v4,
  v6,
} from './audited.ts';

test.each<[string, readonly object[], readonly object[], string[]]>([
  [
    'a subnet without NAT, by the router of its network',
    [network('n', v4({}))],
    [],
    ['{prefix="10.1.0.0/24",nexthop="172.17.0.101",origin="network"}'],
  ],
  [
    'a subnet of IPv6, in canonical form',
    [network('n', v6())],
    [],
    ['{prefix="2001:db8:100::/64",nexthop="2001:db8:17::101",origin="network"}'],
  ],
  ['no subnet behind NAT', [network('n', v4({ nat: true }))], [], []],
  [
    'the address that NAT translates to, where it is configured',
    [network('n', v4({ nat: true, natAddress: '198.51.100.7' }))],
    [],
    ['{prefix="198.51.100.7/32",nexthop="172.17.0.101",origin="network"}'],
  ],
  [
    'no address of NAT without NAT',
    [network('n', v4({ nat: false, natAddress: '198.51.100.7' }))],
    [],
    ['{prefix="10.1.0.0/24",nexthop="172.17.0.101",origin="network"}'],
  ],
  ['nothing of a network without an uplink', [network('n', { ...v4({}), uplink: undefined })], [], []],
  ['nothing of a network without an address on the uplink', [network('n', v4({ nexthop: undefined }))], [], []],
  ['nothing of a bridge without BGP peers', [bridge('b', v4({}))], [], []],
  ['nothing of a physical network', [{ ...uplink, ...v4({}) }], [], []],
  [
    'the subnet of a bridge with BGP peers, by any next hop',
    [bridge('b', { ...v4({ nexthop: undefined }), hasBgpPeers: true })],
    [],
    ['{prefix="10.1.0.0/24",origin="network"}'],
  ],
  [
    'forwards and load balancers of both families',
    [
      network('n', {
        ...v4({ nat: true }),
        ipv6: v6().ipv6,
        forwards: [{ address: '203.0.113.66' }, { address: '2001:db8:100:ff::66', member: 'm1' }],
        loadBalancers: [{ address: '203.0.113.81' }, { address: 'rubbish' }],
      }),
    ],
    [],
    [
      '{prefix="2001:db8:100::/64",nexthop="2001:db8:17::101",origin="network"}',
      '{prefix="203.0.113.66/32",nexthop="172.17.0.101",origin="forward"}',
      '{prefix="2001:db8:100:ff::66/128",nexthop="2001:db8:17::101",origin="forward"}',
      '{prefix="203.0.113.81/32",nexthop="172.17.0.101",origin="load_balancer"}',
    ],
  ],
  [
    'a forward within the subnet, unless that is behind NAT',
    [
      network('n', { ...v4({}), forwards: [{ address: '10.1.0.9' }] }),
      network('m', {
        ipv4: family({ address: '10.2.0.1/24', nat: true, nexthop: '172.17.0.102' }),
        forwards: [{ address: '10.2.0.9' }],
        loadBalancers: [{ address: '10.2.0.10' }],
      }),
    ],
    [],
    [
      '{prefix="10.1.0.0/24",nexthop="172.17.0.101",origin="network"}',
      '{prefix="10.1.0.9/32",nexthop="172.17.0.101",origin="forward"}',
    ],
  ],
  [
    'external routes of what runs, once for all that share a next hop',
    [dns],
    [
      instance('a', 'running', ['203.0.113.53/32', '203.0.113.64/28']),
      instance('b', 'ready', ['203.0.113.53/32']),
      instance('c', 'stopped', ['203.0.113.54/32']),
      instance('d', 'error', ['203.0.113.55/32']),
      instance('e', 'frozen', ['203.0.113.56/32']),
      instance('f', 'running', ['203.0.113.57/32'], 'br0'),
    ],
    [
      '{prefix="203.0.113.53/32",nexthop="172.17.0.101",origin="instance"}',
      '{prefix="203.0.113.64/28",nexthop="172.17.0.101",origin="instance"}',
    ],
  ],
  [
    'an anycast route by each of its networks, one of which belongs to the project default',
    [dns, network('more', { project: 'default', ipv4: family({ nexthop: '172.17.0.102' }) })],
    [instance('a', 'running', ['203.0.113.53/32']), instance('b', 'running', ['203.0.113.53/32'], 'more', 'shares')],
    [
      '{prefix="203.0.113.53/32",nexthop="172.17.0.101",origin="instance"}',
      '{prefix="203.0.113.53/32",nexthop="172.17.0.102",origin="instance"}',
    ],
  ],
  [
    'the same route for two reasons, both of which are told',
    [{ ...dns, forwards: [{ address: '203.0.113.53' }] }],
    [instance('a', 'running', ['203.0.113.53/32'])],
    [
      '{prefix="203.0.113.53/32",nexthop="172.17.0.101",origin="forward"}',
      '{prefix="203.0.113.53/32",nexthop="172.17.0.101",origin="instance"}',
    ],
  ],
])('expected: %s', (_name, networks, instances, lines) => {
  expect(audit(lxdOf(networks, instances), {})).toEqual(lines.map((line) => `expected${line} 1`));
});

test('an origin that is not announced here is neither missing nor unexpected', () => {
  const lxd = lxdOf([uplink, { ...dns, forwards: [{ address: '203.0.113.66' }] }]);
  const keys = { origins: ['network', 'instance'] };
  expect(audit(lxd, { r1: {} }, keys)).toEqual([]);
  expect(audit(lxd, { r1: { paths: { '203.0.113.66/32': [healthy] } } }, keys)).toEqual([]);
});

test('a prefix to be ignored is not expected either', () => {
  expect(expectedOf(audit(running, {}, { ignore: ['203.0.113.53/32'] }))).toEqual([]);
  expect(expectedOf(audit(running, {}, { ignore: ['203.0.113.53/31', '203.0.113.54/32'] }))).toEqual([]);
  expect(expectedOf(audit(running, {}, { ignore: ['203.0.113.54/32'] }))).toHaveLength(1);
});
