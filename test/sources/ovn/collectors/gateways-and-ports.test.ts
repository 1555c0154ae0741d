import { expect, test } from 'vitest';
import { chassis, collect, map, set, uuid } from '../collect.ts';
import { clientOf } from '../replicas.ts';

test('gateways: on the preferred chassis, on another, and nowhere', async () => {
  const gateway = (port: string, group: string, on?: string) => ({
    logical_port: `cr-${port}`,
    type: 'chassisredirect',
    ha_chassis_group: uuid(group),
    ...(on ? { chassis: uuid(on) } : {}),
  });
  const southbound = {
    ...chassis,
    Port_Binding: {
      p1: gateway('lxd-net2-lr-lrp-ext', 'g1', 'c1'),
      p2: gateway('lxd-net3-lr-lrp-ext', 'g2', 'c2'),
      p3: gateway('lxd-net4-lr-lrp-ext', 'g3'),
      p4: { ...gateway('own-router-port', 'none', 'c2') },
      p5: { logical_port: 'lxd-net2-lr-lrp-ext', type: 'patch' },
    },
    HA_Chassis_Group: {
      g1: { name: 'lxd-net2', ha_chassis: set('h1', 'h2') },
      g2: { name: 'lxd-net3', ha_chassis: set('h2', 'h3') },
      g3: { name: 'lxd-net4', ha_chassis: uuid('h3') },
    },
    HA_Chassis: {
      h1: { chassis: uuid('c1'), priority: 100 },
      h2: { chassis: uuid('c2'), priority: 50 },
      h3: { priority: 70, external_ids: map({ 'chassis-name': 'sys-gone' }) },
    },
  };
  const { facts, lines } = await collect('gateways', clientOf({ southbound }));
  expect(lines.filter((line) => !line.includes('_moves_total'))).toEqual([
    'ovn_gateway_active{network="lxd-net2",chassis="sys-1",member="abydos"} 1',
    'ovn_gateway_active{network="lxd-net2",chassis="sys-2",member="langara"} 0',
    'ovn_gateway_active{network="lxd-net3",chassis="sys-gone"} 0',
    'ovn_gateway_active{network="lxd-net3",chassis="sys-2",member="langara"} 1',
    'ovn_gateway_active{network="lxd-net4",chassis="sys-gone"} 0',
    'ovn_gateway_active{network="own-router-port",chassis="sys-2",member="langara"} 1',
    'ovn_gateway_on_preferred_chassis{network="lxd-net2"} 1',
    'ovn_gateway_on_preferred_chassis{network="lxd-net3"} 0',
    'ovn_gateway_on_preferred_chassis{network="lxd-net4"} 0',
    'ovn_gateway_priority{network="lxd-net2",chassis="sys-1",member="abydos"} 100',
    'ovn_gateway_priority{network="lxd-net2",chassis="sys-2",member="langara"} 50',
    'ovn_gateway_priority{network="lxd-net3",chassis="sys-gone"} 70',
    'ovn_gateway_priority{network="lxd-net3",chassis="sys-2",member="langara"} 50',
    'ovn_gateway_priority{network="lxd-net4",chassis="sys-gone"} 70',
    'ovn_gateway_unbound{network="lxd-net2"} 0',
    'ovn_gateway_unbound{network="lxd-net3"} 0',
    'ovn_gateway_unbound{network="lxd-net4"} 1',
    'ovn_gateway_unbound{network="own-router-port"} 0',
  ]);
  expect(facts.gateways?.map(({ active, network }) => [network, active?.member])).toEqual([
    ['lxd-net2', 'abydos'],
    ['lxd-net3', 'langara'],
    ['lxd-net4', undefined],
    ['own-router-port', 'langara'],
  ]);
});

test('only the ports of instances count, and those that are switched off count apart', async () => {
  const port = (instance: number, row: object) => ({
    logical_port: `lxd-net2-instance-00000000-0000-4000-8000-00000000000${instance}-eth0`,
    ...row,
  });
  const at = (location: string) => ({ external_ids: map({ lxd_location: location }) });
  const southbound = {
    ...chassis,
    Port_Binding: {
      p1: port(1, { up: true, chassis: uuid('c1'), ...at('abydos') }),
      p2: port(2, { up: false, ...at('abydos') }),
      p3: port(3, { up: true, chassis: uuid('c1') }),
      p4: port(4, { up: true, chassis: uuid('c2'), ...at('abydos') }),
      p5: port(5, {}),
      p6: { logical_port: 'lxd-net2-ls-int-lsp-router', type: 'patch', up: true },
      p7: { logical_port: 'lxd-net2-ls-ext-lsp-provider', type: 'localnet', up: false },
      p8: { logical_port: 'somebody-elses', up: false },
    },
  };
  const disabled = { l3: { name: port(3, {}).logical_port, enabled: false } };
  const client = clientOf({ southbound, northbound: { Logical_Switch_Port: disabled } });
  const { facts, lines } = await collect('ports', client);
  expect(lines).toEqual([
    'ovn_network_ports{network="lxd-net2",state="up"} 2',
    'ovn_network_ports{network="lxd-net2",state="down"} 1',
    'ovn_network_ports{network="lxd-net2",state="disabled"} 1',
    'ovn_network_ports_misplaced{network="lxd-net2"} 1',
  ]);
  const common = { network: 'lxd-net2', device: 'eth0' };
  expect(facts.ports).toEqual([
    {
      ...common,
      instanceUuid: '00000000-0000-4000-8000-000000000001',
      state: 'up',
      chassis: 'sys-1',
      member: 'abydos',
      location: 'abydos',
    },
    { ...common, instanceUuid: '00000000-0000-4000-8000-000000000002', state: 'down', location: 'abydos' },
    {
      ...common,
      instanceUuid: '00000000-0000-4000-8000-000000000003',
      state: 'disabled',
      chassis: 'sys-1',
      member: 'abydos',
    },
    {
      ...common,
      instanceUuid: '00000000-0000-4000-8000-000000000004',
      state: 'up',
      chassis: 'sys-2',
      member: 'langara',
      location: 'abydos',
    },
    { ...common, instanceUuid: '00000000-0000-4000-8000-000000000005' },
  ]);
  expect((await collect('ports', client)).facts.ports).toBe(facts.ports);
});
