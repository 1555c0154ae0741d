import fc from 'fast-check';
import type { Heard, Heards } from './targets.ts';

/**
 * Facts of racks of any health: members a, b, … with everything on them that insights read, or without some of it.
 */
const names = ['a', 'b', 'c', 'd', 'e'];

const ports = { northbound: 6641, southbound: 6642 } as const;
const flag = fc.boolean();
const bytes = fc.integer({ min: 0, max: 200 });
const few = { maxLength: 6 };

const memberFacts = (name: string) =>
  fc.record({
    name: fc.constant(name),
    url: fc.constant(`https://${name}.net:8443`),
    status: fc.constantFrom('online', 'online', 'online', 'evacuated', 'offline', 'blocked'),
    roles: fc.constantFrom(['database'], ['database-leader', 'database'], ['database-standby'], []),
  });

const instanceFacts = (place: fc.Arbitrary<string>) =>
  fc.record({
    project: fc.constant('p'),
    name: fc.string(),
    kind: fc.constantFrom('container', 'virtual-machine'),
    member: place,
    state: fc.constantFrom('running', 'stopped', 'frozen', 'error'),
    lastPowerRunning: flag,
    pools: fc.constantFrom(['remote'], ['remote', 'local']),
    nics: fc.constantFrom([], [{ device: 'eth0', addresses: [], externalRoutes: ['203.0.113.1/32'] }]),
  });

const osdFacts = (place: fc.Arbitrary<string>) =>
  fc.record({
    id: fc.string(),
    member: place,
    deviceClass: fc.constantFrom('hdd', 'ssd'),
    up: flag,
    in: flag,
    sizeBytes: fc.integer({ min: 1, max: 200 }),
    usedBytes: bytes,
  });

const poolFacts = fc.record(
  {
    name: fc.string({ minLength: 1 }),
    redundancy: fc.constantFrom(
      { kind: 'replicated', size: 3 },
      { kind: 'replicated', size: 2 },
      { kind: 'erasure', data: 2, coding: 1 },
    ),
    undersizedPgs: fc.constantFrom(0, 0, 4),
    inactivePgs: fc.constantFrom(0, 0, 0, 1),
    minSize: fc.constantFrom(1, 2),
    deviceClass: fc.constantFrom('hdd', 'ssd'),
    failureDomain: fc.constantFrom('host', 'osd'),
  },
  { requiredKeys: ['name', 'redundancy', 'undersizedPgs', 'inactivePgs'] },
);

const cephFacts = (place: fc.Arbitrary<string>) =>
  fc.record({
    staleReasons: fc.constantFrom([], [], ['no_manager']),
    osds: fc.uniqueArray(osdFacts(place), { maxLength: 12, selector: ({ id }) => id }),
    pools: fc.uniqueArray(poolFacts, { maxLength: 3, selector: ({ name }) => name }),
    filesystems: fc.constantFrom([], ['fs']),
    mdss: fc.array(
      fc.record({
        name: fc.string(),
        member: place,
        filesystem: fc.constantFrom(undefined, 'fs'),
        rank: fc.constantFrom(undefined, 0, 1),
      }),
      few,
    ),
    managers: fc.array(fc.record({ manager: place, state: fc.constantFrom('active', 'standby', 'unavailable') }), few),
    mons: fc.record({
      majority: fc.constantFrom(undefined, 2),
      mons: fc.array(
        fc.record({
          name: fc.string(),
          member: place,
          reachable: fc.constantFrom(undefined, true, false),
          inQuorum: fc.constantFrom(undefined, true, false),
        }),
        few,
      ),
    }),
  });

const databaseFacts = (db: keyof typeof ports, members: readonly string[]) =>
  fc.record({
    db: fc.constant(db),
    servers: fc.tuple(
      ...members.map((name) =>
        fc.record({
          server: fc.constant(`${name}.net:${ports[db]}`),
          up: flag,
          connected: flag,
          model: fc.constant('clustered'),
        }),
      ),
    ),
  });

const ovnFacts = (members: readonly string[]) =>
  fc.record({
    databases: fc.tuple(databaseFacts('northbound', members), databaseFacts('southbound', members)),
    northd: fc.record({ status: fc.constantFrom('active', 'standby', 'paused'), connected: flag }),
    chassis: fc.tuple(
      ...members.map((name) =>
        fc.record({
          chassis: fc.constant(name),
          member: fc.constant(name),
          encapAddresses: fc.constant([]),
          configLag: fc.constantFrom(0, 1),
          confirmedAtSeconds: fc.constantFrom(0, 100),
        }),
      ),
    ),
    gateways: fc.uniqueArray(
      fc.record({
        network: fc.constantFrom('n1', 'n2', 'n3'),
        logicalPort: fc.constant('cr'),
        candidates: fc.subarray(members.map((name) => ({ chassis: name, member: name, priority: 1 }))),
      }),
      { maxLength: 3, selector: ({ network }) => network },
    ),
  });

const routerFacts = fc.record({
  vrrp: fc.array(
    fc.record({
      vrid: fc.constant(10),
      afi: fc.constantFrom('ipv4', 'ipv6'),
      interface: fc.constant('uplink'),
      master: flag,
      state: fc.constantFrom('Master', 'Backup', 'Initialize'),
    }),
    few,
  ),
  peers: fc.array(
    fc.record({
      name: fc.constantFrom('192.0.2.1', '192.0.2.2'),
      role: fc.constantFrom('transit', 'host'),
      adminDown: flag,
      families: fc.record({ ipv4: flag, ipv6: flag }, { requiredKeys: [] }),
    }),
    few,
  ),
});

const hardwareFacts = (member: string) =>
  fc.record({
    member: fc.constant(member),
    powerOn: flag,
    powerSupplies: fc.array(fc.record({ name: fc.string(), isPresent: flag, hasFailed: flag }), few),
    fans: fc.array(fc.record({ name: fc.string(), health: fc.constantFrom('ok', 'critical', 'absent') }), few),
  });

const ownFacts = (member: string) =>
  fc.record({
    host: fc.record({
      member: fc.constant(member),
      cpus: fc.constant(8),
      memoryTotalBytes: fc.constant(200),
      memoryUsedBytes: bytes,
    }),
    links: fc.uniqueArray(
      fc.record({
        member: fc.constant(member),
        device: fc.constantFrom('bond0', 'bond1'),
        role: fc.constantFrom('mesh', 'wan'),
        up: flag,
        bondLegs: fc.constant(2),
        bondLegsUp: fc.integer({ min: 0, max: 2 }),
      }),
      { selector: ({ device }) => device },
    ),
  });

const of = (target: string, facts: object, up = true): Heard => ({ target, facts, up });

/** Facts of a rack of two to five members, and the names of these. */
export const rackFacts = fc.integer({ min: 2, max: names.length }).chain((count) => {
  const members = names.slice(0, count);
  const place = fc.constantFrom(...members);
  return fc
    .record({
      members: fc.tuple(...members.map(memberFacts)),
      instances: fc.array(fc.tuple(instanceFacts(place), fc.option(bytes, { nil: undefined, freq: 20 })), few),
      own: fc.tuple(...members.map(ownFacts)),
      ceph: cephFacts(place),
      ovn: ovnFacts(members),
      routers: fc.tuple(...members.map(() => routerFacts)),
      hardware: fc.tuple(...members.map(hardwareFacts)),
    })
    .map(({ ceph, hardware, instances, members: list, ovn, own, routers }): { members: string[]; heards: Heards } => ({
      members,
      heards: {
        lxd: [
          of('cluster', { clustered: true, members: list, pools: [{ name: 'local', driver: 'zfs', shared: false }] }),
          of('instances', {
            instances: instances.map(([facts]) => facts),
            memoryUsedBytes: instances.map(([, used]) => used),
          }),
          ...own.map((facts, i) => of(members[i] as string, facts)),
        ],
        ceph: [of('ceph', ceph)],
        ovn: [of('ovn', ovn)],
        frr: routers.map((facts, i) => of(members[i] as string, facts)),
        bmc: hardware.map((facts, i) => of(members[i] as string, facts)),
      },
    }));
});

type Item = Record<string, unknown>;

/** What becomes of some of a list, by the member of each. */
const change = (list: unknown, is: (item: Item) => boolean, what: Item): Item[] =>
  (list as Item[]).map((item) => (is(item) ? { ...item, ...what } : item));

/** The same rack once a member has lost its power; the BMC lives on. */
export function lose({ bmc = [], ceph = [], frr = [], lxd = [], ovn = [] }: Heards, member: string): Heards {
  const here = (item: Item) => item['member'] === member;
  const silence = (heard: Heard): Heard => (heard.target === member ? { ...heard, up: false } : heard);
  return {
    bmc,
    frr: frr.map(silence),
    lxd: lxd.map(silence).map(({ facts, ...heard }) => ({ ...heard, facts: loseOfLxd(facts as Item, member) })),
    ceph: ceph.map(({ facts, ...heard }) => ({ ...heard, facts: loseOfCeph(facts as Item, member, here) })),
    ovn: ovn.map(({ facts, ...heard }) => {
      const databases = ((facts as Item)['databases'] as Item[]).map(({ servers, ...database }) => ({
        ...database,
        servers: change(servers, ({ server }) => String(server).startsWith(`${member}.`), { up: false }),
      }));
      return { ...heard, facts: { ...facts, databases } };
    }),
  };
}

function loseOfLxd(facts: Item, member: string): Item {
  const lost = { ...facts };
  if (facts['members']) {
    lost['members'] = change(facts['members'], ({ name }) => name === member, { status: 'offline' });
  }
  if (facts['instances']) {
    lost['instances'] = change(facts['instances'], (item) => item['member'] === member, { state: 'error' });
  }
  return lost;
}

function loseOfCeph(facts: Item, member: string, here: (item: Item) => boolean): Item {
  const { majority, mons } = facts['mons'] as Item;
  return {
    ...facts,
    osds: change(facts['osds'], here, { up: false }),
    pools: change(facts['pools'], () => true, { undersizedPgs: 9 }),
    mdss: (facts['mdss'] as Item[]).filter((item) => !here(item)),
    managers: change(facts['managers'], ({ manager }) => manager === member, { state: 'unavailable' }),
    mons: { majority, mons: change(mons, here, { reachable: false, inQuorum: false }) },
  };
}
