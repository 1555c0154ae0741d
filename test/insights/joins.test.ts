import { expect, test } from 'vitest';
import { measureJoins } from '../../src/insights/joins/misses.ts';
import { joins } from '../../src/insights/joins.ts';
import { derive, factsOf } from './facts.ts';

const dns = 'ce811c54-3a6f-4382-8d64-bff4ddea7b6d';
const www = '6013eb99-68ae-4391-a85f-9f7c0f747101';
const stranger = '00000000-0000-4000-8000-000000000000';

const instance = (name: string, uuid: string, member: string, state = 'running') => ({
  project: 'infra',
  name,
  uuid,
  member,
  state,
  nics: [],
  pools: [],
});

const lxd = {
  members: [{ name: 'abydos' }, { name: 'langara' }],
  instances: [instance('dns1', dns, 'abydos'), instance('www1', www, 'langara')],
};

const port = (instanceUuid: string, more: object = {}) => ({
  network: 'lxd-net4',
  instanceUuid,
  device: 'eth0',
  chassis: 'sys-1',
  member: 'abydos',
  ...more,
});

const ovn = {
  chassis: [
    { chassis: 'sys-1', member: 'abydos', hostname: 'abydos.example.net' },
    { chassis: 'sys-2', member: 'langara', hostname: 'langara' },
  ],
  ports: [port(dns), port(www, { chassis: 'sys-2' })],
};

const image = (name: string, kind = 'container') => ({
  pool: 'lxd-ssd',
  image: `${kind}_infra_${name}`,
  volume: { kind, project: 'infra', name },
});

const ceph = {
  osds: [
    { id: '0', member: 'abydos', host: 'node1' },
    { id: '1', member: 'langara', host: 'langara' },
  ],
  images: [image('dns1'), image('www1'), image('backup', 'custom'), { pool: 'lxd-ssd', image: 'image_1' }],
};

const bmc = { member: 'abydos', address: '10.0.2.11', reachable: true };

const coverage = (bySource: Readonly<Record<string, object>>): Record<string, number> =>
  Object.fromEntries(
    derive(joins, bySource)
      .filter((line) => line.startsWith('rackwatch_join_coverage_ratio'))
      .map((line) => [/join="(.*)"/.exec(line)?.[1] ?? '', Number(line.split(' ').at(-1))]),
  );

test('a member is known by all of its names, and what nothing was joined with has none', () => {
  expect(derive(joins, { lxd, ovn, ceph, bmc }).filter((line) => line.includes('_info'))).toEqual([
    'rackwatch_member_info{member="abydos",hostname="abydos.example.net",chassis="sys-1",bmc="10.0.2.11",ceph_host="node1"} 1',
    'rackwatch_member_info{member="langara",hostname="langara",chassis="sys-2",ceph_host="langara"} 1',
  ]);
});

test("a host without OSDs is known by Ceph's monitors and managers", () => {
  const daemons = {
    mons: { majority: 2, mons: [{ name: 'a', member: 'abydos', host: 'mon1' }] },
    mgrs: [{ name: 'b', member: 'langara', host: 'mgr1', active: true }],
  };
  const lines = derive(joins, { lxd, ceph: daemons });
  expect(lines).toContain('rackwatch_member_info{member="abydos",ceph_host="mon1"} 1');
  expect(lines).toContain('rackwatch_member_info{member="langara",ceph_host="mgr1"} 1');
});

test('all of everything joined is 1', () => {
  expect(coverage({ lxd, ovn, ceph, bmc })).toEqual({
    instance_port: 1,
    port_chassis: 1,
    chassis_member: 1,
    osd_member: 1,
    bmc_member: 1,
    image_instance: 1,
    instance_member: 1,
  });
});

test.each([
  [
    'a port of an instance that LXD does not list',
    { lxd, ovn: { ...ovn, ports: [port(dns), port(stranger)] } },
    'instance_port',
    0.5,
    [`port eth0 of instance ${stranger} on lxd-net4`],
  ],
  [
    'a port of a running instance that is bound nowhere',
    { lxd, ovn: { ...ovn, ports: [port(dns), port(www, { chassis: undefined })] } },
    'port_chassis',
    0.5,
    ['port eth0 of instance infra/www1 on lxd-net4'],
  ],
  [
    'a port that is bound nowhere, without LXD',
    { ovn: { ports: [port(www, { chassis: undefined })] } },
    'port_chassis',
    0,
    [`port eth0 of instance ${www} on lxd-net4`],
  ],
  [
    'a chassis of no member',
    { lxd, ovn: { chassis: [{ chassis: 'sys-9', member: 'node9', hostname: 'node9.example.net' }] } },
    'chassis_member',
    0,
    ['chassis sys-9 on host node9.example.net'],
  ],
  [
    'OSDs of a host that is called otherwise',
    { lxd, ceph: { osds: [...ceph.osds, { id: '2', member: 'node2', host: 'node2' }, { id: '3', member: '' }] } },
    'osd_member',
    0.5,
    ['osd.2 on host node2', 'osd.3 on an unknown host'],
  ],
  ['a BMC of no member', { lxd, bmc: { ...bmc, member: 'abydoss' } }, 'bmc_member', 0, ['BMC of abydoss']],
  [
    'an image of an instance that LXD does not list',
    { lxd, ceph: { images: [...ceph.images, image('gone'), image('gone2', 'virtual-machine')] } },
    'image_instance',
    0.5,
    ['image lxd-ssd/container_infra_gone', 'image lxd-ssd/virtual-machine_infra_gone2'],
  ],
  [
    'an instance on a member that LXD does not list',
    { lxd: { ...lxd, instances: [instance('dns1', dns, 'orilla')] } },
    'instance_member',
    0,
    ['instance infra/dns1 on orilla'],
  ],
] as const)('%s is counted and named', (_what, bySource, join, ratio, names) => {
  expect(coverage(bySource)[join]).toBe(ratio);
  const measured = measureJoins(factsOf(bySource)).find((one) => one.join === join);
  expect(measured).toMatchObject({ missed: names.length, names });
});

test.each([
  ['a stopped instance', lxd.instances.map((one) => ({ ...one, state: 'stopped' })), {}],
  ['an instance whose member does not answer', lxd.instances.map((one) => ({ ...one, state: 'error' })), {}],
  ['a port that is switched off', lxd.instances, { state: 'disabled' }],
])('%s needs no chassis', (_what, instances, more) => {
  const ports = [port(dns, { chassis: undefined, ...more })];
  expect(coverage({ lxd: { ...lxd, instances }, ovn: { ports } }).port_chassis ?? 1).toBe(1);
});

test.each([
  ['nothing', {}, []],
  ['LXD alone', { lxd }, ['instance_member']],
  ['Ceph and the BMCs alone', { ceph, bmc }, []],
  ['OVN alone', { ovn }, ['port_chassis']],
  [
    'LXD without its list of members',
    { lxd: { instances: lxd.instances }, ovn, ceph, bmc },
    ['instance_port', 'port_chassis', 'image_instance'],
  ],
  [
    'LXD without its list of instances',
    { lxd: { members: lxd.members }, ovn, ceph, bmc },
    ['port_chassis', 'chassis_member', 'osd_member', 'bmc_member'],
  ],
  [
    'empty lists',
    { lxd: { members: [], instances: [] }, ovn: { ports: [], chassis: [] }, ceph: { osds: [], images: [] } },
    [],
  ],
])('%s: what is silent or empty is not called missed', (_what, bySource, expected) => {
  expect(Object.keys(coverage(bySource)).sort()).toEqual([...expected].sort());
});

test('many misses are counted all and named some', () => {
  const osds = Array.from({ length: 500 }, (_, id) => ({ id: String(id), member: 'x', host: 'x' }));
  const [measured] = measureJoins(factsOf({ lxd: { members: lxd.members }, ceph: { osds } }));
  expect(measured).toMatchObject({ join: 'osd_member', total: 500, missed: 500 });
  expect(measured?.names).toHaveLength(20);
});
