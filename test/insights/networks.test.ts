import { expect, test } from 'vitest';
import { networks, ports } from '../../src/insights/networks.ts';
import { derive } from './facts.ts';

const dns = 'ce811c54-3a6f-4382-8d64-bff4ddea7b6d';
const www = '6013eb99-68ae-4391-a85f-9f7c0f747101';
const stranger = '00000000-0000-4000-8000-000000000000';

const instance = (project: string, name: string, uuid: string, member: string, network: string) => ({
  project,
  name,
  uuid,
  member,
  kind: 'container',
  state: 'running',
  lastPowerRunning: true,
  nics: [{ device: 'eth0', network, addresses: [], externalRoutes: [] }],
  pools: [],
});

const lxd = {
  projects: [
    { name: 'infra', ownNetworks: true },
    { name: 'web', ownNetworks: false },
  ],
  instances: [instance('infra', 'dns1', dns, 'abydos', 'anycast'), instance('web', 'www1', www, 'langara', 'shared')],
};

const port = (network: string, instanceUuid: string, more: object = {}) => ({
  network,
  instanceUuid,
  device: 'eth0',
  state: 'up',
  chassis: 'c',
  member: 'abydos',
  ...more,
});

const ovn = {
  networks: [{ network: 'lxd-net4' }, { network: 'lxd-net5' }, { network: 'lxd-net9' }, { network: 'other' }],
  ports: [
    port('lxd-net4', dns),
    port('lxd-net5', www, { state: 'down' }),
    port('lxd-net9', stranger, { member: undefined, chassis: undefined, state: undefined }),
  ],
};

test('a network is named through an instance that is on both sides; one that shares networks uses the default project', () => {
  expect(derive(networks, { lxd, ovn })).toEqual([
    'ovn_network_info{network="lxd-net4",lxd_network="anycast",project="infra"} 1',
    'ovn_network_info{network="lxd-net5",lxd_network="shared",project="default"} 1',
    'ovn_network_info{network="lxd-net9",lxd_network="lxd-net9"} 1',
  ]);
});

test('without a northbound database, ports and gateways tell which networks there are', () => {
  const gateways = ['lxd-net4', 'lxd-net6', 'lxd-net6-lr-lrp-peer-net4', 'uplink'].map((network) => ({ network }));
  expect(derive(networks, { lxd, ovn: { ports: ovn.ports.slice(0, 2), gateways } })).toEqual([
    'ovn_network_info{network="lxd-net4",lxd_network="anycast",project="infra"} 1',
    'ovn_network_info{network="lxd-net5",lxd_network="shared",project="default"} 1',
    'ovn_network_info{network="lxd-net6",lxd_network="lxd-net6"} 1',
  ]);
});

test('a port is up or down, and where LXD says or not; what is unknown has no sample', () => {
  expect(derive(ports, { lxd, ovn })).toEqual([
    'ovn_port_location_mismatch{project="infra",name="dns1",device="eth0",network="anycast",member="abydos"} 0',
    'ovn_port_location_mismatch{project="web",name="www1",device="eth0",network="shared",member="abydos"} 1',
    'ovn_port_up{project="infra",name="dns1",device="eth0",network="anycast",member="abydos"} 1',
    'ovn_port_up{project="web",name="www1",device="eth0",network="shared",member="abydos"} 0',
  ]);
});

test('without LXD the names are those of the database, and nothing is called misplaced', () => {
  expect(derive(networks, { ovn })).toContain('ovn_network_info{network="lxd-net4",lxd_network="lxd-net4"} 1');
  expect(derive(ports, { ovn })).toEqual([
    `ovn_port_up{name="${dns}",device="eth0",network="lxd-net4",member="abydos"} 1`,
    `ovn_port_up{name="${www}",device="eth0",network="lxd-net5",member="abydos"} 0`,
  ]);
});

test('without OVN there is nothing', () => {
  expect(derive(networks, { lxd })).toEqual([]);
  expect(derive(ports, { lxd })).toEqual([]);
});

test.each([
  ['an instance moves', { ...lxd, instances: [{ ...lxd.instances[0], member: 'orilla' }, lxd.instances[1]] }],
  ['an instance is renamed', { ...lxd, instances: [{ ...lxd.instances[0], name: 'dns9' }, lxd.instances[1]] }],
  [
    'a network is renamed',
    { ...lxd, instances: [instance('infra', 'dns1', dns, 'abydos', 'other'), lxd.instances[1]] },
  ],
  ['a project gets networks of its own', { ...lxd, projects: [] }],
])('ports that have not changed are shown anew when %s', (_name, changed) => {
  const before = derive(ports, { lxd, ovn });
  expect(derive(ports, { lxd: { ...lxd, instances: [...lxd.instances] }, ovn })).toEqual(before);
  const after = derive(ports, { lxd: changed, ovn });
  // The same ports in another list are not the same to it, so that these are derived without a memory.
  expect(after).toEqual(derive(ports, { lxd: changed, ovn: { ...ovn, ports: [...ovn.ports] } }));
  expect(derive(ports, { lxd, ovn })).toEqual(before);
});
