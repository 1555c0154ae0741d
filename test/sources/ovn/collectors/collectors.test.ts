import { expect, test } from 'vitest';
import { chassis, collect, map, set, uuid } from '../collect.ts';
import { clientOf } from '../replicas.ts';

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
      hostname: 'abydos.example.net',
      encapAddresses: ['10.0.0.11', '10.0.0.11'],
      configLag: 2,
      confirmedAtSeconds: 1_795_329_610.555,
    },
    { chassis: 'sys-2', member: 'langara', hostname: 'langara', encapAddresses: ['10.0.0.12'], configLag: 20 },
  ]);
});

test('a chassis belongs to the member that the configuration says, by its own name or its host’s', async () => {
  const members = new Map([
    ['abydos.example.net', 'a1'],
    ['sys-2', 'l1'],
  ]);
  const { facts } = await collect('chassis', clientOf({ southbound: chassis }), members);
  expect(facts.chassis?.map(({ member }) => member)).toEqual(['a1', 'l1']);
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
