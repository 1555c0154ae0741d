import { expect, test } from 'vitest';
import { readInstanceFacts } from '../../../../src/sources/lxd/collectors/instance-facts.ts';

const factsWith = (device: Readonly<Record<string, string>>) =>
  readInstanceFacts(
    {
      name: 'c1',
      project: 'default',
      type: 'container',
      architecture: 'x86_64',
      status: 'Running',
      location: 'm1',
      expanded_config: {},
      expanded_devices: { root: { type: 'disk', path: '/', pool: 'remote' }, extra: device },
    },
    'm1',
    () => undefined,
  );

test.each([
  ['a GPU', { type: 'gpu' }, true],
  ['a path of the host', { type: 'disk', source: '/srv', path: '/srv' }, true],
  ['a bridge that LXD does not manage', { type: 'nic', nictype: 'bridged', parent: 'br0' }, true],
  ['a managed network', { type: 'nic', network: 'web' }, undefined],
  ['an OVN port without a network', { type: 'nic', nictype: 'ovn' }, undefined],
  ['a volume of a pool', { type: 'disk', pool: 'local', source: 'v', path: '/srv' }, undefined],
  ['CephFS', { type: 'disk', source: 'cephfs:fs/path', path: '/srv' }, undefined],
  ['a TPM', { type: 'tpm' }, undefined],
  ['a device that is masked', { type: 'none' }, undefined],
])('%s ties an instance to its member, or not', (_name, device, expected) => {
  expect(factsWith(device).hasLocalDevice).toBe(expected);
});

test('what is not configured is absent', () => {
  const { evacuate, memoryLimitBytes } = factsWith({ type: 'none' });
  expect([evacuate, memoryLimitBytes]).toEqual([undefined, undefined]);
});
