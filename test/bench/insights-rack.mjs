/** Facts of a healthy cluster, made up: 1,000 instances on 100 members, 10,000 ports, 1,000 prefixes, times `size`. */
export function createRack(size) {
  const counts = { instances: 1000 * size, members: 100 * size, ports: 10_000 * size, prefixes: 1000 * size };
  const members = list(counts.members, (i) => `member${i}`);
  const networks = list(100 * size, (i) => `lxd-net${i}`);
  const instances = list(counts.instances, (i) => describeInstance(i, members, networks, counts));
  const targets = {
    lxd: createLxd(members, instances),
    ceph: [{ target: 'ceph', facts: createCeph(members) }],
    ovn: [{ target: 'ovn', facts: createOvn(members, networks, instances) }],
    frr: list(3, (i) => ({ target: `frr${i}`, facts: createRouter(counts.prefixes) })),
    bmc: members.map((member) => ({ target: member, facts: createBmc(member) })),
  };
  // A scrape has a view of its own, and LXD's lists are new with every cycle; that of OVN's ports when one has changed.
  const view = (hasPortsChanged) => ({
    reach: ({ source }) => targets[source].map(({ target }) => ({ target, up: true })),
    of: ({ source }) =>
      targets[source].map(({ facts, target }) => {
        const fresh = {
          ...facts,
          ...(facts.instances ? { instances: [...facts.instances] } : {}),
          ...(facts.ports && hasPortsChanged ? { ports: [...facts.ports] } : {}),
        };
        return { target, up: true, ageSeconds: 1, facts: fresh };
      }),
  });
  return { counts, view };
}

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
    memoryUsedBytes: 2 ** 30,
    autostart: true,
    lastPowerRunning: true,
    pools: ['remote'],
    nics: list(perInstance, (n) => ({
      device: `eth${n}`,
      network: `network${(i + n) % networks.length}`,
      hwaddr: '00:16:3e:00:00:01',
      addresses: [`10.${n}.${i >> 8}.${i & 255}`],
      externalRoutes: n === 0 ? [prefixOf(i >> 1, prefixes)] : [],
    })),
  };
}

const prefixOf = (i, prefixes) => `203.${(i % prefixes) >> 8}.${i & 255}.1/32`;

function createLxd(members, instances) {
  const pools = [{ name: 'remote', driver: 'ceph', shared: true }];
  const projects = list(20, (i) => ({ name: `project${i}`, ownNetworks: true }));
  const described = members.map((name, i) => ({
    ...{ name, url: `https://10.0.${i >> 8}.${i & 255}:8443`, status: 'online' },
    roles: i < 3 ? ['database'] : [],
  }));
  const own = members.map((member) => ({
    target: member,
    facts: {
      host: { member, cpus: 48, memoryTotalBytes: 2 ** 38, memoryUsedBytes: 2 ** 36 },
      links: ['bond-sw01', 'bond-mesh01', 'bond-mesh02'].map((device) => ({
        ...{ member, device, role: device === 'bond-sw01' ? 'uplink' : 'mesh', up: true },
        ...{ bondLegs: 2, bondLegsUp: 2 },
      })),
    },
  }));
  const cluster = { clustered: true, serverVersion: '5.21.3', members: described, projects, pools };
  return [{ target: 'cluster', facts: cluster }, { target: 'instances', facts: { instances } }, ...own];
}

function createCeph(members) {
  const redundancy = { kind: 'replicated', size: 3 };
  return {
    staleReasons: [],
    health: { status: 'ok', checks: [], flags: [] },
    osds: members.flatMap((member, host) =>
      list(4, (slot) => ({
        ...{ id: String(host * 4 + slot), member, deviceClass: slot < 2 ? 'hdd' : 'ssd', up: true, in: true },
        ...{ sizeBytes: 8e12, usedBytes: 3e12, pgs: 90 },
      })),
    ),
    pools: list(6, (i) => ({
      ...{ name: `pool${i}`, redundancy, minSize: 2, deviceClass: i < 3 ? 'hdd' : 'ssd', failureDomain: 'host' },
      ...{ storedBytes: 1e12, usedBytes: 3e12, availableBytes: 9e12, pgs: 128, inactivePgs: 0, undersizedPgs: 0 },
    })),
    mons: {
      majority: 3,
      mons: list(5, (i) => ({ name: `mon${i}`, member: members[i], reachable: true, inQuorum: true })),
    },
    managers: list(3, (i) => ({ manager: `10.0.0.${i}:9283`, state: i === 0 ? 'active' : 'standby' })),
    mgrs: list(3, (i) => ({ name: `mgr${i}`, member: members[i], active: i === 0 })),
    mdss: list(3, (i) => ({ name: `mds${i}`, member: members[i], ...(i === 0 ? { filesystem: 'fs', rank: 0 } : {}) })),
    filesystems: ['fs'],
    images: [],
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

const createRouter = (prefixes) => ({
  version: '8.4.4',
  daemons: [],
  peers: list(4, (i) => ({
    ...{ vrf: 'default', name: `192.0.2.${i}`, remoteAs: 64500, role: 'transit', established: true },
    ...{ adminDown: false, limitHit: false, families: { ipv4: true, ipv6: true } },
  })),
  vrrp: [{ vrid: 10, afi: 'ipv4', interface: 'uplink', master: false, state: 'Backup' }],
  routes: {
    complete: ['ipv4', 'ipv6'],
    paths: new Map(
      list(prefixes, (i) => [prefixOf(i, prefixes), [{ peer: '172.17.0.11', nexthops: ['172.17.0.100'] }]]),
    ),
    want: () => undefined,
  },
});

const createBmc = (member) => ({
  ...{ member, reachable: true, powerOn: true, redundancies: [], worstSensorState: 'ok' },
  powerSupplies: ['PS1', 'PS2'].map((name) => ({ name, isPresent: true, hasFailed: false, isInputLost: false })),
  fans: list(6, (i) => ({ name: `FAN${i}`, health: 'ok' })),
});
