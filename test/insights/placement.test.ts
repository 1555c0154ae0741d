import { expect, test } from 'vitest';
import { placement } from '../../src/insights/placement.ts';
import { derive } from './facts.ts';

const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;

const instance = (project: string, name: string, n: number, more: object = {}) => ({
  project,
  name,
  uuid: uuid(n),
  member: 'abydos',
  nics: [
    { device: 'eth0', network: 'shared' },
    { device: 'eth1', network: 'other' },
  ],
  pools: ['ssd', 'hdd'],
  ...more,
});

const lxd = {
  projects: [
    { name: 'infra', ownNetworks: true },
    { name: 'web', ownNetworks: false },
  ],
  instances: [
    instance('default', 'www0', 1),
    instance('web', 'www1', 2),
    // Has no port while it is stopped: others name the network.
    instance('web', 'www2', 3),
    instance('infra', 'dns1', 4),
    instance('infra', 'bare', 5, { nics: [], pools: [], uuid: undefined }),
    instance('infra', 'bridged', 6, { nics: [{ device: 'eth0', network: 'lxdbr0' }] }),
  ],
};

const ports = [
  { network: 'lxd-net1', instanceUuid: uuid(1), device: 'eth0' },
  { network: 'lxd-net1', instanceUuid: uuid(2), device: 'eth0' },
  { network: 'lxd-net2', instanceUuid: uuid(4), device: 'eth0' },
];
const gateways = [
  { network: 'lxd-net1', active: { chassis: 'c', member: 'langara' }, candidates: [] },
  { network: 'lxd-net2', active: { chassis: 'd', member: 'orilla' }, candidates: [] },
];

const of = (project: string, name: string, rest: string) =>
  `rackwatch_instance_placement_info{project="${project}",name="${name}",member="abydos"${rest}} 1`;

test('the gateway is found by the project whose network it is, also of an instance that has no port', () => {
  expect(derive(placement, { lxd, ovn: { ports, gateways } })).toEqual([
    of('default', 'www0', ',network="shared",gateway_member="langara",pool="ssd"'),
    of('web', 'www1', ',network="shared",gateway_member="langara",pool="ssd"'),
    of('web', 'www2', ',network="shared",gateway_member="langara",pool="ssd"'),
    of('infra', 'dns1', ',network="shared",gateway_member="orilla",pool="ssd"'),
    of('infra', 'bare', ''),
    of('infra', 'bridged', ',network="lxdbr0",pool="ssd"'),
  ]);
});

test.each([
  ['a gateway that is nowhere', { ports, gateways: [{ network: 'lxd-net1', candidates: [] }] }],
  ['a network without a gateway', { ports, gateways: [] }],
  ['without OVN', {}],
])('%s has no member', (_what, ovn) => {
  expect(derive(placement, { lxd, ovn })[0]).toBe(of('default', 'www0', ',network="shared",pool="ssd"'));
});

test('without LXD there is nothing', () => {
  expect(derive(placement, { ovn: { ports, gateways } })).toEqual([]);
});
