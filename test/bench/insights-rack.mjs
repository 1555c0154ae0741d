/** Prefixes that a router with a large table is asked for in one cycle; of the others it keeps the answers. */
const PREFIXES_PER_CYCLE = 100;

/**
 * Facts of a healthy cluster, made up: 1,000 instances on 100 members, 10,000 ports, 1,000 prefixes, times `size`, as the
 * sources hand them out at every scrape. What LXD, Ceph and the routers answer is read anew in every cycle, most of it
 * the same as before: how much memory is used, and how full and how busy Ceph is, has changed. What OVN's replica has
 * made of its tables stays the same until one of them changes; a BMC is read once a minute, in the background.
 */
export function createRack(size) {
  const counts = { instances: 1000 * size, members: 100 * size, ports: 10_000 * size, prefixes: 1000 * size };
  const members = list(counts.members, (i) => `member${i}`);
  const networks = list(100 * size, (i) => `lxd-net${i}`);
  const instances = list(counts.instances, (i) => describeInstance(i, members, networks, counts));
  const ovn = createOvn(members, networks, instances);
  const bmc = members.map((member) => ({ target: member, facts: createBmc(member) }));
  const routers = list(3, () => createRouter(networks, counts.prefixes));
  let cycle = 0;
  return {
    counts,
    /** So many ports change their state. */
    flap(count) {
      const flapping = new Set(list(count, (i) => (cycle * count + i * 997) % counts.ports));
      const turn = (state) => (state === 'up' ? 'down' : 'up');
      ovn.ports = ovn.ports.map((port, i) => (flapping.has(i) ? { ...port, state: turn(port.state) } : port));
    },
    /** So many instances are moved to another member, with their ports. */
    move(count) {
      const perInstance = counts.ports / counts.instances;
      const moving = new Set(list(count, (i) => (cycle * count + i * 97) % counts.instances));
      for (const i of moving) instances[i].member = at(members, members.indexOf(instances[i].member) + 1);
      ovn.ports = ovn.ports.map((port, i) => {
        const { member } = instances[Math.floor(i / perInstance)];
        return moving.has(Math.floor(i / perInstance)) ? { ...port, chassis: member, member } : port;
      });
    },
    /** So many instances, with their ports, stop or start: their routes come and go. */
    turn(count) {
      const perInstance = counts.ports / counts.instances;
      const turning = new Set(list(count, (i) => (cycle * count + i * 97) % counts.instances));
      for (const i of turning) instances[i].state = instances[i].state === 'running' ? 'stopped' : 'running';
      ovn.ports = ovn.ports.map((port, i) => {
        const { state } = instances[Math.floor(i / perInstance)];
        return turning.has(Math.floor(i / perInstance))
          ? { ...port, state: state === 'running' ? 'up' : 'down' }
          : port;
      });
    },
    /** What the cycles of a scrape give, by source. */
    read() {
      cycle++;
      return {
        lxd: readAgain(createLxd(members, networks, instances, cycle)),
        ceph: readAgain([{ target: 'ceph', facts: createCeph(members, instances, cycle) }]),
        ovn: [{ target: 'ovn', facts: { ...ovn, ...readAgain({ databases: ovn.databases, chassis: ovn.chassis }) } }],
        frr: routers.map((router, i) => ({ target: `frr${i}`, facts: askRouter(router, cycle) })),
        bmc,
      };
    },
  };
}

/** New objects and new texts, as JSON that has come over a connection gives them. */
const readAgain = (facts) => JSON.parse(JSON.stringify(facts));

const list = (length, make) => Array.from({ length }, (_, i) => make(i));
const uuidOf = (i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
const at = (all, i) => all[i % all.length];

function describeInstance(i, members, networks, { instances, ports, prefixes }) {
  const perInstance = ports / instances;
  return {
    project: `project${i % 20}`,
    name: `instance${i}`,
    kind: i % 10 === 0 ? 'virtual-machine' : 'container',
    member: at(members, i),
    state: 'running',
    uuid: uuidOf(i),
    memoryLimitBytes: 2 ** 31,
    autostart: true,
    lastPowerRunning: true,
    pools: ['remote'],
    nics: list(perInstance, (n) => ({
      device: `eth${n}`,
      network: `network${(i + n) % networks.length}`,
      hwaddr: '00:16:3e:00:00:01',
      addresses: [`10.${n}.${i >> 8}.${i & 255}`],
      // One of its own, and for every tenth one that another instance has as well.
      externalRoutes:
        n > 0 ? [] : i % 10 === 0 ? [prefixOf(i, prefixes), prefixOf(i + 1, prefixes)] : [prefixOf(i, prefixes)],
    })),
  };
}

const prefixOf = (i, prefixes) => `203.${(i % prefixes) >> 8}.${(i % prefixes) & 255}.1/32`;
const nexthopOf = (network) => `172.17.${network >> 8}.${network & 255}`;

function createLxd(members, networks, instances, cycle) {
  const pools = [{ name: 'remote', driver: 'ceph', shared: true }];
  const projects = list(20, (i) => ({ name: `project${i}`, ownNetworks: false }));
  const described = members.map((name, i) => ({
    ...{ name, url: `https://10.0.${i >> 8}.${i & 255}:8443`, status: 'online' },
    roles: i < 3 ? ['database'] : [],
  }));
  const memoryUsedBytes = instances.map((_, i) => 2 ** 30 + ((i * 7919 + cycle * 4096) % 2 ** 24));
  const own = members.map((member) => ({
    target: member,
    facts: {
      host: { member, cpus: 48, memoryTotalBytes: 2 ** 38, memoryUsedBytes: 2 ** 36 + cycle * 4096 },
      links: ['bond-sw01', 'bond-mesh01', 'bond-mesh02'].map((device) => ({
        ...{ member, device, role: device === 'bond-sw01' ? 'uplink' : 'mesh', up: true },
        ...{ bondLegs: 2, bondLegsUp: 2 },
      })),
    },
  }));
  const cluster = {
    ...{ clustered: true, serverVersion: '5.21.3', members: described, projects, pools },
    ...{ maintenance: [], histories: [], silences: [], healingAfterSeconds: 0 },
    networks: networks.map((_, i) => describeNetwork(i)),
  };
  return [
    { target: 'cluster', facts: cluster },
    { target: 'instances', facts: { instances, memoryUsedBytes } },
    ...own,
  ];
}

function describeNetwork(i) {
  const ipv6 = { nat: true, routes: [] };
  return {
    ...{ project: 'default', name: `network${i}`, kind: 'ovn', uplink: 'uplink', hasBgpPeers: false, ipv6 },
    ipv4: { address: `10.${i >> 8}.${i & 255}.1/24`, nat: true, nexthop: nexthopOf(i), routes: [] },
    ...{ forwards: [], loadBalancers: [] },
  };
}

function createCeph(members, instances, cycle) {
  const redundancy = { kind: 'replicated', size: 3 };
  return {
    staleReasons: [],
    health: { status: 'ok', checks: [], flags: [] },
    osds: members.flatMap((member, host) =>
      list(4, (slot) => ({
        ...{ id: String(host * 4 + slot), member, deviceClass: slot < 2 ? 'hdd' : 'ssd', up: true, in: true },
        ...{ sizeBytes: 8e12, usedBytes: 3e12 + cycle * 4096 + slot, pgs: 90 },
      })),
    ),
    pools: list(6, (i) => ({
      ...{ name: `pool${i}`, redundancy, minSize: 2, deviceClass: i < 3 ? 'hdd' : 'ssd', failureDomain: 'host' },
      ...{
        storedBytes: 1e12 + cycle * 4096,
        usedBytes: 3e12,
        availableBytes: 9e12,
        pgs: 128,
        inactivePgs: 0,
        undersizedPgs: 0,
      },
    })),
    mons: {
      majority: 3,
      mons: list(5, (i) => ({ name: `mon${i}`, member: members[i], reachable: true, inQuorum: true })),
    },
    managers: list(3, (i) => ({ manager: `10.0.0.${i}:9283`, state: i === 0 ? 'active' : 'standby' })),
    mgrs: list(3, (i) => ({ name: `mgr${i}`, member: members[i], active: i === 0 })),
    mdss: list(3, (i) => ({ name: `mds${i}`, member: members[i], ...(i === 0 ? { filesystem: 'fs', rank: 0 } : {}) })),
    filesystems: ['fs'],
    images: instances.map(({ kind, name, project }, i) => ({
      ...{ pool: 'pool0', namespace: '', image: `${kind}_${project}_${name}`, volume: { kind, project, name } },
      ...{ read: describeIo(cycle * i), write: describeIo(cycle + i) },
    })),
  };
}

function createOvn(members, networks, instances) {
  const servers = list(3, (i) => ({
    server: `10.0.0.${i}:6641`,
    up: true,
    connected: true,
    leader: i === 0,
    model: 'clustered',
  }));
  const counts = { routers: 1, switches: 2, loadBalancers: 0, loadBalancerVips: 0, staticRoutes: 1, policies: 1 };
  return {
    databases: ['northbound', 'southbound'].map((db) => ({ db, servers })),
    chassis: members.map((member) => ({
      ...{ chassis: uuidOf(member.length), member, encapAddresses: [], configLag: 0, confirmedAtSeconds: 1 },
    })),
    gateways: networks.map((network, i) => ({
      ...{
        network,
        logicalPort: `cr-${network}-lr-lrp-ext`,
        active: { chassis: at(members, i), member: at(members, i) },
      },
      candidates: list(5, (n) => ({ chassis: at(members, i + n), member: at(members, i + n), priority: 100 - n })),
    })),
    networks: networks.map((network) => ({ network, counts, aclsByAction: new Map(), natByKind: new Map() })),
    ports: instances.flatMap(({ member, nics, uuid }) =>
      nics.map(({ device, network }) => ({
        ...{ network: network.replace('network', 'lxd-net'), instanceUuid: uuid, device, state: 'up' },
        ...{ chassis: member, member, location: member },
      })),
    ),
  };
}

const describeIo = (count) => ({ operations: count, bytes: count * 4096, latency: { sum: count / 1000, count } });

const createRouter = (networks, prefixes) => ({
  version: '8.4.4',
  daemons: [],
  peers: list(4, (i) => ({
    ...{ vrf: 'default', name: `192.0.2.${i}`, remoteAs: 64500, role: 'transit', established: true },
    ...{ adminDown: false, limitHit: false, families: { ipv4: true, ipv6: true } },
  })),
  vrrp: [{ vrid: 10, afi: 'ipv4', interface: 'uplink', master: false, state: 'Backup' }],
  paths: list(prefixes, (i) => [prefixOf(i, prefixes), pathsVia([i % 10 === 1 ? i - 1 : i, i], networks)]),
  want: () => undefined,
});

const pathsVia = (instances, networks) =>
  [...new Set(instances)].map((i) => ({
    ...{ peer: '172.17.0.11', nexthops: [nexthopOf(i % networks.length)], valid: true, best: true, stale: false },
  }));

/** Its table is too large to be read whole. */
function askRouter({ paths, want, ...router }, cycle) {
  const asked = list(PREFIXES_PER_CYCLE, (i) => (cycle * PREFIXES_PER_CYCLE + i) % paths.length);
  for (const i of asked) paths[i] = readAgain(paths[i]);
  return { ...readAgain(router), routes: { complete: [], paths: new Map(paths), want } };
}

const createBmc = (member) => ({
  ...{ member, reachable: true, powerOn: true, redundancies: [], worstSensorState: 'ok' },
  powerSupplies: ['PS1', 'PS2'].map((name) => ({ name, isPresent: true, hasFailed: false, isInputLost: false })),
  fans: list(6, (i) => ({ name: `FAN${i}`, health: 'ok' })),
});
