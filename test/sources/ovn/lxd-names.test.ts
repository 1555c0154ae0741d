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

test('a member is called by the short name of its host', () => {
  expect(memberOf('abydos.example.net')).toBe('abydos');
  expect(memberOf('abydos')).toBe('abydos');
});
