import pino from 'pino';
import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/core/clock.ts';
import { runCycle } from '../../../../src/core/cycle.ts';
import { expose } from '../../../../src/core/exposition.ts';
import type { OvnClient } from '../../../../src/sources/ovn/client/client.ts';
import type { OvnFacts } from '../../../../src/sources/ovn/facts.ts';
import { ovn } from '../../../../src/sources/ovn/index.ts';
import { clientOf, type Rows } from '../replicas.ts';

async function collect(name: string, client: OvnClient) {
  const snapshot = await runCycle({
    source: 'ovn',
    target: 'ovn',
    collectors: ovn.collectors.filter((collector) => collector.name === name),
    client,
    config: {},
    timeoutMs: 10_000,
    log: pino({ enabled: false }),
    clock: systemClock,
  });
  expect(snapshot.outcomes).toEqual([{ collector: name, durationSeconds: expect.any(Number), repeats: 0 }]);
  const lines = Buffer.concat(expose(snapshot.stages)).toString().split('\n');
  return {
    lines: lines.filter((line) => line !== '' && !line.startsWith('#')),
    facts: snapshot.facts as Partial<OvnFacts>,
  };
}

const set = (...uuids: string[]) => ['set', uuids.map((uuid) => ['uuid', uuid])];
const uuid = (text: string) => ['uuid', text];
const map = (pairs: Record<string, string>) => ['map', Object.entries(pairs)];

const chassis: Rows = {
  Chassis: {
    c1: { name: 'sys-1', hostname: 'abydos.example.net', encaps: set('e1', 'e2') },
    c2: { name: 'sys-2', hostname: 'langara', encaps: uuid('e3') },
  },
  Encap: {
    e1: { type: 'geneve', ip: '10.0.0.11' },
    e2: { type: 'vxlan', ip: '10.0.0.11' },
    e3: { type: 'geneve', ip: '10.0.0.12' },
  },
};

test('a chassis that lags, and one that never confirmed', async () => {
  const southbound = {
    ...chassis,
    SB_Global: { g: { nb_cfg: 20 } },
    Chassis_Private: { p1: { name: 'sys-1', nb_cfg: 18, nb_cfg_timestamp: 1_795_329_610_555 }, p2: { name: 'sys-2' } },
  };
  const { facts, lines } = await collect('chassis', clientOf({ southbound }));
  expect(lines).toEqual([
    'ovn_chassis_info{chassis="sys-1",member="abydos",encap="geneve",ip="10.0.0.11"} 1',
    'ovn_chassis_info{chassis="sys-1",member="abydos",encap="vxlan",ip="10.0.0.11"} 1',
    'ovn_chassis_info{chassis="sys-2",member="langara",encap="geneve",ip="10.0.0.12"} 1',
    'ovn_chassis_nb_cfg_lag{chassis="sys-1",member="abydos"} 2',
    'ovn_chassis_nb_cfg_lag{chassis="sys-2",member="langara"} 20',
    'ovn_chassis_nb_cfg_timestamp_seconds{chassis="sys-1",member="abydos"} 1795329610.555',
  ]);
  expect(facts.chassis).toEqual([
    {
      chassis: 'sys-1',
      member: 'abydos',
      encapAddresses: ['10.0.0.11', '10.0.0.11'],
      configLag: 2,
      confirmedAtSeconds: 1_795_329_610.555,
    },
    { chassis: 'sys-2', member: 'langara', encapAddresses: ['10.0.0.12'], configLag: 20 },
  ]);
});

test('a delay is shown only of the newest configuration, and never below 0', async () => {
  const northbound = {
    NB_Global: {
      g: {
        nb_cfg: 20,
        nb_cfg_timestamp: 1_000_500,
        sb_cfg: 20,
        sb_cfg_timestamp: 1_000_493,
        hv_cfg: 19,
        hv_cfg_timestamp: 1_000_600,
      },
    },
  };
  const southbound = {
    ...chassis,
    Chassis_Private: {
      p1: { name: 'sys-1', nb_cfg: 20, nb_cfg_timestamp: 1_000_750 },
      p2: { name: 'sys-2', nb_cfg: 19, nb_cfg_timestamp: 1_000_600 },
      p3: { name: 'sys-gone', nb_cfg: 20, nb_cfg_timestamp: 1_000_600 },
    },
  };
  expect((await collect('propagation', clientOf({ northbound, southbound }))).lines).toEqual([
    'ovn_chassis_delay_seconds{chassis="sys-1",member="abydos"} 0.25',
    'ovn_hv_cfg 19',
    'ovn_hv_cfg_timestamp_seconds 1000.6',
    'ovn_nb_cfg 20',
    'ovn_nb_cfg_timestamp_seconds 1000.5',
    'ovn_northd_delay_seconds 0',
    'ovn_sb_cfg 20',
    'ovn_sb_cfg_timestamp_seconds 1000.493',
  ]);
});

test('a database that was never written has no timestamps and no delay', async () => {
  const { lines } = await collect('propagation', clientOf({ northbound: { NB_Global: { g: {} } } }));
  expect(lines).toEqual(['ovn_hv_cfg 0', 'ovn_nb_cfg 0', 'ovn_sb_cfg 0']);
});

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

test('the rules of an LXD ACL count on every network that uses it', async () => {
  const northbound = {
    Logical_Switch: { s1: { name: 'lxd-net2-ls-int', acls: uuid('a1') }, s2: { name: 'by-hand', acls: uuid('a2') } },
    Port_Group: {
      g1: { name: 'lxd_net2', acls: uuid('a3') },
      g2: { name: 'lxd_acl7', acls: set('a4', 'a5') },
      g3: { name: 'lxd_acl7_net2' },
      g4: { name: 'lxd_acl7_net3' },
    },
    ACL: {
      a1: { action: 'allow' },
      a2: { action: 'drop' },
      a3: { action: 'reject' },
      a4: { action: 'allow-related' },
      a5: { action: 'pass' },
    },
  };
  const { lines } = await collect('networks', clientOf({ northbound }));
  expect(lines.filter((line) => line.startsWith('ovn_network_acls') && !line.endsWith(' 0'))).toEqual([
    'ovn_network_acls{network="lxd-net2",action="allow"} 1',
    'ovn_network_acls{network="lxd-net2",action="allow-related"} 1',
    'ovn_network_acls{network="lxd-net2",action="reject"} 1',
    'ovn_network_acls{network="lxd-net2",action="pass"} 1',
    'ovn_network_acls{network="other",action="drop"} 1',
    'ovn_network_acls{network="lxd-net3",action="allow-related"} 1',
    'ovn_network_acls{network="lxd-net3",action="pass"} 1',
  ]);
});

test('learned addresses by network', async () => {
  const southbound = {
    MAC_Binding: { m1: { logical_port: 'lxd-net2-lr-lrp-ext' }, m2: { logical_port: 'by-hand' } },
    FDB: { f1: { dp_key: 7 }, f2: { dp_key: 99 } },
    Datapath_Binding: { d1: { tunnel_key: 7, external_ids: map({ name: 'lxd-net3-ls-ext' }) } },
  };
  const { lines } = await collect('bindings', clientOf({ southbound }));
  expect(lines).toEqual([
    'ovn_network_fdb_entries{network="lxd-net3"} 1',
    'ovn_network_fdb_entries{network="lxd-net2"} 0',
    'ovn_network_fdb_entries{network="other"} 1',
    'ovn_network_mac_bindings{network="lxd-net3"} 0',
    'ovn_network_mac_bindings{network="lxd-net2"} 1',
    'ovn_network_mac_bindings{network="other"} 1',
  ]);
});

test('of several BFD sessions between the same two the worst is shown', async () => {
  const session = (status: string) => ({ logical_port: 'lxd-net2-lr-lrp-ext', dst_ip: '192.0.2.1', status });
  const southbound = { BFD: { b1: session('up'), b2: session('down'), b3: session('up') } };
  expect((await collect('bfd', clientOf({ southbound }))).lines).toEqual([
    'ovn_bfd_state{network="lxd-net2",port="lxd-net2-lr-lrp-ext",peer="192.0.2.1",state="up"} 0',
    'ovn_bfd_state{network="lxd-net2",port="lxd-net2-lr-lrp-ext",peer="192.0.2.1",state="init"} 0',
    'ovn_bfd_state{network="lxd-net2",port="lxd-net2-lr-lrp-ext",peer="192.0.2.1",state="down"} 1',
    'ovn_bfd_state{network="lxd-net2",port="lxd-net2-lr-lrp-ext",peer="192.0.2.1",state="admin_down"} 0',
  ]);
});

test('a backend that was not checked yet is not shown', async () => {
  const row = { logical_port: 'lxd-net2-instance-00000000-0000-4000-8000-000000000001-eth0', port: 80 };
  const southbound = {
    Service_Monitor: {
      m1: { ...row, ip: '10.2.0.2', protocol: 'tcp' },
      m2: { ...row, ip: '10.2.0.3', protocol: 'udp', status: 'error' },
      m3: { ...row, ip: 'fd42::3', status: 'online' },
      m4: { ...row, ip: 'fd42::3', status: 'offline' },
    },
  };
  const { lines } = await collect('service-monitors', clientOf({ southbound }));
  expect(lines.filter((line) => line.endsWith(' 1'))).toEqual([
    'ovn_service_monitor_state{network="lxd-net2",backend="10.2.0.3:80",protocol="udp",state="error"} 1',
    'ovn_service_monitor_state{network="lxd-net2",backend="[fd42::3]:80",protocol="tcp",state="offline"} 1',
  ]);
  expect(lines).toHaveLength(6);
});

test.each(['chassis', 'gateways', 'ports', 'bindings', 'bfd', 'service-monitors', 'networks', 'propagation'])(
  '%s says nothing of a database that is not configured',
  async (name) => {
    expect(await collect(name, clientOf({}))).toEqual({ lines: [], facts: {} });
  },
);
