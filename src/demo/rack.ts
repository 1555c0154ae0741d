import { createHash } from 'node:crypto';

/**
 * The inventory of the simulated reference cluster: three servers, nine projects, 63 instances on twelve OVN networks,
 * twelve OSDs, three routers. Every simulated part of the demo reads it, so that the layers agree with one another.
 */
export interface DemoMember {
  readonly name: string;
  readonly address: string;
  readonly bmcAddress: string;
  readonly failureDomain: string;
}

export interface DemoNetwork {
  /** LXD's name of the network. */
  readonly name: string;
  /** LXD's database id: OVN objects are called `lxd-net<id>-…`. */
  readonly id: number;
  readonly project: string;
  readonly ipv4: string;
  readonly ipv6: string;
  /** Whether the IPv4 subnet is announced instead of translated. */
  readonly routed: boolean;
  /** Address of the network's router on the uplink. */
  readonly uplinkIpv4: string;
  readonly uplinkIpv6: string;
}

export interface DemoInstance {
  readonly project: string;
  readonly name: string;
  readonly kind: 'container' | 'virtual-machine';
  readonly uuid: string;
  /** Where it is placed while all is well. */
  readonly home: string;
  readonly network: string;
  readonly mac: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly stopped: boolean;
  /** One of those that run once on every member: it stops with its member and is not moved. */
  readonly pinned: boolean;
  /** A /32 that is announced for this instance while it runs: an anycast service or a public address. */
  readonly externalRoute?: string;
}

/** An address on the uplink that a network hands to one instance (a forward) or to several (a load balancer). */
export interface DemoListener {
  readonly network: string;
  readonly listenAddress: string;
  readonly port: number;
  /** Names of the instances behind it. */
  readonly backends: readonly string[];
}

export interface DemoOsd {
  readonly id: number;
  readonly member: string;
  readonly deviceClass: 'hdd' | 'ssd';
  readonly sizeBytes: number;
}

export const members: readonly DemoMember[] = ['abydos', 'langara', 'orilla'].map((name, index) => ({
  name,
  address: `10.0.0.${11 + index}`,
  bmcAddress: `10.0.2.${11 + index}`,
  failureDomain: `pdu${index + 1}`,
}));

const memberName = (index: number): string => (members[index % members.length] as DemoMember).name;

/** Names of the instances of each project; a name that ends in `*` runs once on every member. */
const population: Readonly<Record<string, readonly string[]>> = {
  infra: ['frr*', 'dns*', 'ntp*', 'ldap1', 'ldap2', 'vault', 'mirror', 'mail', 'bastion', 'netbox', 'backup'],
  web: ['haproxy*', 'www1', 'www2', 'blog', 'wiki', 'cdn1', 'cdn2'],
  db: ['pg*', 'redis1', 'redis2', 'mariadb'],
  ci: ['runner1', 'runner2', 'runner3', 'runner4', 'cache', 'registry'],
  monitoring: ['prometheus', 'alertmanager', 'grafana', 'rackwatch'],
  chat: ['matrix', 'turn1', 'turn2', 'irc'],
  games: ['minecraft', 'factorio', 'arena'],
  home: ['nas', 'photos', 'hass', 'media', 'sync'],
  lab: ['vm-win', 'vm-bsd', 'k8s1', 'k8s2', 'k8s3', 'sandbox', 'fuzz', 'scratch', 'old'],
};

export const projects: readonly string[] = Object.keys(population);

const networkNames: readonly (readonly [project: string, name: string])[] = [
  ['infra', 'infra'],
  ['infra', 'anycast'],
  ['web', 'web'],
  ['web', 'cdn'],
  ['db', 'db'],
  ['ci', 'ci'],
  ['monitoring', 'monitoring'],
  ['chat', 'chat'],
  ['games', 'games'],
  ['home', 'home'],
  ['lab', 'lab'],
  ['lab', 'k8s'],
];

/** Documentation prefixes (RFC 5737, RFC 3849) stand for the public ones; the uplink is 172.17.0.0/24. */
export const networks: readonly DemoNetwork[] = networkNames.map(([project, name], index) => ({
  name,
  id: index + 4,
  project,
  ipv4: `10.${100 + index}.0.0/24`,
  ipv6: `2001:db8:${(0x100 + index).toString(16)}::/64`,
  routed: index % 4 === 0,
  uplinkIpv4: `172.17.0.${100 + index}`,
  uplinkIpv6: `2001:db8:17::${(0x100 + index).toString(16)}`,
}));

const externalRoutes: Readonly<Record<string, string>> = {
  dns1: '203.0.113.53/32',
  dns2: '203.0.113.53/32',
  dns3: '203.0.113.53/32',
  ntp1: '203.0.113.123/32',
  ntp2: '203.0.113.123/32',
  ntp3: '203.0.113.123/32',
  haproxy1: '203.0.113.80/32',
  haproxy2: '203.0.113.80/32',
  haproxy3: '203.0.113.80/32',
  mail: '203.0.113.25/32',
};

export const instances: readonly DemoInstance[] = projects.flatMap((project) =>
  (population[project] as readonly string[])
    .flatMap((name) => (name.endsWith('*') ? [1, 2, 3].map((n) => `${name.slice(0, -1)}${n}`) : [name]))
    .map((name, index) => createInstance(project, name, index)),
);

export const forwards: readonly DemoListener[] = [
  { network: 'games', listenAddress: '203.0.113.65', port: 25565, backends: ['minecraft'] },
  { network: 'chat', listenAddress: '203.0.113.66', port: 6697, backends: ['irc'] },
];

export const loadBalancers: readonly DemoListener[] = [
  { network: 'cdn', listenAddress: '203.0.113.81', port: 443, backends: ['www1', 'cdn1'] },
];

export const osds: readonly DemoOsd[] = members.flatMap((member, host) =>
  [0, 1, 2, 3].map((slot) => ({
    id: host * 4 + slot,
    member: member.name,
    deviceClass: slot < 2 ? ('hdd' as const) : ('ssd' as const),
    sizeBytes: slot < 2 ? 8e12 : 2e12,
  })),
);

function createInstance(project: string, name: string, index: number): DemoInstance {
  const seed = createHash('sha256').update(`${project}/${name}`).digest();
  const own = networks.filter((network) => network.project === project);
  const network = own[index % own.length] as DemoNetwork;
  const ordinal = /^(?:frr|dns|ntp|haproxy|pg)(\d)$/.exec(name)?.[1];
  const host = 10 + index;
  const externalRoute = externalRoutes[name];
  return {
    project,
    name,
    kind: name.startsWith('vm-') ? 'virtual-machine' : 'container',
    uuid: formatUuid(seed),
    home: ordinal ? memberName(Number(ordinal) - 1) : memberName(seed[0] as number),
    network: network.name,
    mac: `00:16:3e:${seed
      .subarray(1, 4)
      .toString('hex')
      .replace(/(..)(..)(..)/, '$1:$2:$3')}`,
    ipv4: network.ipv4.replace('0/24', String(host)),
    ipv6: network.ipv6.replace('/64', host.toString(16)),
    cpus: 1 + ((seed[4] as number) % 8),
    memoryBytes: (1 + ((seed[5] as number) % 8)) * 2 ** 30,
    stopped: name === 'old' || name === 'scratch',
    pinned: ordinal !== undefined,
    ...(externalRoute ? { externalRoute } : {}),
  };
}

/** A version 4 UUID (RFC 9562) made of fixed bytes, so that the rack is the same at every start. */
function formatUuid(bytes: Buffer): string {
  const hex = Buffer.from(bytes.subarray(8, 24));
  hex[6] = ((hex[6] as number) & 0x0f) | 0x40;
  hex[8] = ((hex[8] as number) & 0x3f) | 0x80;
  return hex.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}
