import { expect, test } from 'vitest';
import { memberOf, networkOf, parseInstancePort } from '../../../src/sources/ovn/lxd-names.ts';

test.each([
  ['lxd-net5', 'lxd-net5'],
  ['lxd-net5-lr', 'lxd-net5'],
  ['lxd-net12-ls-int-lsp-router', 'lxd-net12'],
  ['lxd-net5-lb-192.0.2.60-tcp', 'lxd-net5'],
  ['lxd_net5', 'lxd-net5'],
  ['lxd_net5_routes_ip4', 'lxd-net5'],
  ['lxd_acl7_net5', 'lxd-net5'],
  ['lxd_acl7', 'other'],
  ['lxd-network', 'other'],
  ['lxd-net5x', 'other'],
  ['', 'other'],
])('%s belongs to %s', (name, network) => {
  expect(networkOf(name)).toBe(network);
});

test("takes apart the name of an instance's port", () => {
  expect(parseInstancePort('lxd-net5-instance-0a1b2c3d-0001-4002-8003-00000000abcd-eth-0.a')).toEqual({
    network: 'lxd-net5',
    instanceUuid: '0a1b2c3d-0001-4002-8003-00000000abcd',
    device: 'eth-0.a',
  });
  expect(parseInstancePort('lxd-net5-instance-0a1b2c3d-eth0')).toBeUndefined();
  expect(parseInstancePort('lxd-net5-ls-int-lsp-router')).toBeUndefined();
});

test.each([
  ['the short name of its host', {}, { name: 'sys-1', hostname: 'abydos.example.net' }, 'abydos'],
  ['the name of its host, if that is short', {}, { name: 'sys-1', hostname: 'abydos' }, 'abydos'],
  [
    'what is configured for its host',
    { 'node1.example.net': 'abydos' },
    { name: 'sys-1', hostname: 'node1.example.net' },
    'abydos',
  ],
  [
    'what is configured for the short name',
    { node1: 'abydos' },
    { name: 'sys-1', hostname: 'node1.example.net' },
    'abydos',
  ],
  [
    'what is configured for the chassis',
    { 'sys-1': 'abydos', node1: 'b' },
    { name: 'sys-1', hostname: 'node1' },
    'abydos',
  ],
  ['its host, if only others are configured', { node2: 'abydos' }, { name: 'sys-1', hostname: 'node1' }, 'node1'],
  ['a host that is called as an object calls its own', {}, { name: 'sys-1', hostname: 'constructor' }, 'constructor'],
])('a member is called by %s', (_how, members, chassis, member) => {
  expect(memberOf(new Map(Object.entries(members)), chassis)).toBe(member);
});
