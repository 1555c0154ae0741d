import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/problems.ts';
import { configSchema as wholeConfig } from '../../src/config/schema.ts';
import { expose } from '../../src/core/exposition.ts';
import { type FactsView, runInsight } from '../../src/core/insight.ts';
import { routes } from '../../src/insights/routes.ts';

const family = (more: object = {}) => ({ nat: false, routes: [], ...more });

const network = (name: string, more: object = {}) => ({
  project: 'p',
  name,
  kind: 'ovn',
  uplink: 'UPLINK',
  ipv4: family(),
  ipv6: family(),
  hasBgpPeers: false,
  forwards: [],
  loadBalancers: [],
  ...more,
});

const bridge = (name: string, more: object = {}) => network(name, { kind: 'bridge', uplink: undefined, ...more });

const uplink = network('UPLINK', {
  project: 'default',
  kind: 'physical',
  uplink: undefined,
  ipv4: family({ routes: ['203.0.113.0/24', 'rubbish'] }),
  ipv6: family({ routes: ['2001:db8:100::/40'] }),
});

const dns = network('dns', { ipv4: family({ address: '10.1.0.1/24', nat: true, nexthop: '172.17.0.101' }) });

const instance = (name: string, state: string, routesOf: readonly string[], on = 'dns', project = 'p') => ({
  project,
  name,
  kind: 'container',
  member: 'm1',
  state,
  lastPowerRunning: true,
  pools: [],
  nics: [{ device: 'eth0', network: on, addresses: [], externalRoutes: routesOf }],
});

const member = { name: 'm1', url: 'https://10.0.0.11:8443', status: 'online', roles: [] };

const lxdOf = (networks: readonly object[], instances: readonly object[] = []) => ({
  networks,
  members: [member],
  instances,
});

interface PathSpec {
  readonly peer?: string;
  readonly internal?: boolean;
  readonly nexthops: readonly string[];
  readonly stale?: boolean;
  readonly valid?: boolean;
}

const path = (...nexthops: string[]): PathSpec => ({ nexthops });

interface RouterSpec {
  readonly paths?: Readonly<Record<string, readonly PathSpec[]>>;
  readonly complete?: readonly string[];
  readonly up?: boolean;
  readonly peers?: readonly object[];
  readonly asked?: string[];
  /** Wraps every path. */
  readonly wrap?: (path: object) => object;
}

function router({ asked, complete = ['ipv4', 'ipv6'], paths = {}, peers = [], wrap = (one) => one }: RouterSpec) {
  const full = Object.entries(paths).map(([prefix, list]) => [
    prefix,
    list.map((one) => wrap({ peer: '10.0.0.11', best: true, valid: true, stale: false, ...one })),
  ]);
  const want = (prefixes: readonly string[]) => void asked?.push(...prefixes);
  return { peers, routes: { complete, paths: new Map(full as never), want } };
}

/** Sample lines without the prefix that all have. */
function samplesOf(
  lxd: object | undefined,
  routers: Readonly<Record<string, RouterSpec>>,
  keys: object = {},
): readonly string[] {
  const target = (name: string, facts: object, up = true) => ({ target: name, up, ageSeconds: 0, facts });
  const bySource: Record<string, object[]> = {
    lxd: lxd ? [target('cluster', lxd)] : [],
    frr: Object.entries(routers).map(([name, spec]) => target(name, router(spec), spec.up)),
  };
  const facts = { of: ({ source }: { source: string }) => bySource[source] ?? [], reach: () => [] } as FactsView;
  const { families, outcome } = runInsight(routes, { facts, nowMs: 0, config: routes.configSchema?.parse(keys) });
  expect(outcome).toMatchObject({ repeats: 0 });
  expect(outcome.failure).toBeUndefined();
  const page = Buffer.concat(expose(families ? [families] : [])).toString();
  return page.split('\n').filter((line) => line && !line.startsWith('#'));
}

/** The samples of a metric's name that begins so, without that. */
const startingWith = (start: string, samples: readonly string[]): string[] =>
  samples.flatMap((line) => (line.startsWith(start) ? [line.slice(start.length)] : []));

const audit = (...given: Parameters<typeof samplesOf>): string[] =>
  startingWith('rackwatch_route_', samplesOf(...given));

const expectedOf = (lines: readonly string[]) => lines.filter((line) => line.startsWith('expected{'));

const v4 = (more: object) => ({ ipv4: family({ address: '10.1.0.1/24', nexthop: '172.17.0.101', ...more }) });
const v6 = (more: object = {}) => ({
  ipv6: family({ address: '2001:DB8:100:0::1/64', nexthop: '2001:DB8:17::0101', ...more }),
});

test.each<[string, readonly object[], readonly object[], string[]]>([
  [
    'a subnet without NAT, by the router of its network',
    [network('n', v4({}))],
    [],
    ['{prefix="10.1.0.0/24",nexthop="172.17.0.101",origin="network"}'],
  ],
  [
    'a subnet of IPv6, in canonical form',
    [network('n', v6())],
    [],
    ['{prefix="2001:db8:100::/64",nexthop="2001:db8:17::101",origin="network"}'],
  ],
  ['no subnet behind NAT', [network('n', v4({ nat: true }))], [], []],
  [
    'the address that NAT translates to, where it is configured',
    [network('n', v4({ nat: true, natAddress: '198.51.100.7' }))],
    [],
    ['{prefix="198.51.100.7/32",nexthop="172.17.0.101",origin="network"}'],
  ],
  [
    'no address of NAT without NAT',
    [network('n', v4({ nat: false, natAddress: '198.51.100.7' }))],
    [],
    ['{prefix="10.1.0.0/24",nexthop="172.17.0.101",origin="network"}'],
  ],
  ['nothing of a network without an uplink', [network('n', { ...v4({}), uplink: undefined })], [], []],
  ['nothing of a network without an address on the uplink', [network('n', v4({ nexthop: undefined }))], [], []],
  ['nothing of a bridge without BGP peers', [bridge('b', v4({}))], [], []],
  ['nothing of a physical network', [{ ...uplink, ...v4({}) }], [], []],
  [
    'the subnet of a bridge with BGP peers, by any next hop',
    [bridge('b', { ...v4({ nexthop: undefined }), hasBgpPeers: true })],
    [],
    ['{prefix="10.1.0.0/24",origin="network"}'],
  ],
  [
    'forwards and load balancers of both families',
    [
      network('n', {
        ...v4({ nat: true }),
        ipv6: v6().ipv6,
        forwards: [{ address: '203.0.113.66' }, { address: '2001:db8:100:ff::66', member: 'm1' }],
        loadBalancers: [{ address: '203.0.113.81' }, { address: 'rubbish' }],
      }),
    ],
    [],
    [
      '{prefix="2001:db8:100::/64",nexthop="2001:db8:17::101",origin="network"}',
      '{prefix="203.0.113.66/32",nexthop="172.17.0.101",origin="forward"}',
      '{prefix="2001:db8:100:ff::66/128",nexthop="2001:db8:17::101",origin="forward"}',
      '{prefix="203.0.113.81/32",nexthop="172.17.0.101",origin="load_balancer"}',
    ],
  ],
  [
    'a forward within the subnet, unless that is behind NAT',
    [
      network('n', { ...v4({}), forwards: [{ address: '10.1.0.9' }] }),
      network('m', {
        ipv4: family({ address: '10.2.0.1/24', nat: true, nexthop: '172.17.0.102' }),
        forwards: [{ address: '10.2.0.9' }],
        loadBalancers: [{ address: '10.2.0.10' }],
      }),
    ],
    [],
    [
      '{prefix="10.1.0.0/24",nexthop="172.17.0.101",origin="network"}',
      '{prefix="10.1.0.9/32",nexthop="172.17.0.101",origin="forward"}',
    ],
  ],
  [
    'external routes of what runs, once for all that share a next hop',
    [dns],
    [
      instance('a', 'running', ['203.0.113.53/32', '203.0.113.64/28']),
      instance('b', 'ready', ['203.0.113.53/32']),
      instance('c', 'stopped', ['203.0.113.54/32']),
      instance('d', 'error', ['203.0.113.55/32']),
      instance('e', 'frozen', ['203.0.113.56/32']),
      instance('f', 'running', ['203.0.113.57/32'], 'br0'),
    ],
    [
      '{prefix="203.0.113.53/32",nexthop="172.17.0.101",origin="instance"}',
      '{prefix="203.0.113.64/28",nexthop="172.17.0.101",origin="instance"}',
    ],
  ],
  [
    'an anycast route by each of its networks, one of which belongs to the project default',
    [dns, network('more', { project: 'default', ipv4: family({ nexthop: '172.17.0.102' }) })],
    [instance('a', 'running', ['203.0.113.53/32']), instance('b', 'running', ['203.0.113.53/32'], 'more', 'shares')],
    [
      '{prefix="203.0.113.53/32",nexthop="172.17.0.101",origin="instance"}',
      '{prefix="203.0.113.53/32",nexthop="172.17.0.102",origin="instance"}',
    ],
  ],
  [
    'the same route for two reasons, both of which are told',
    [{ ...dns, forwards: [{ address: '203.0.113.53' }] }],
    [instance('a', 'running', ['203.0.113.53/32'])],
    [
      '{prefix="203.0.113.53/32",nexthop="172.17.0.101",origin="forward"}',
      '{prefix="203.0.113.53/32",nexthop="172.17.0.101",origin="instance"}',
    ],
  ],
])('expected: %s', (_name, networks, instances, lines) => {
  expect(audit(lxdOf(networks, instances), {})).toEqual(lines.map((line) => `expected${line} 1`));
});

const running = lxdOf([uplink, dns], [instance('a', 'running', ['203.0.113.53/32'])]);
const key = 'router="r1",prefix="203.0.113.53/32",nexthop="172.17.0.101"';
const healthy = path('172.17.0.101');

test.each<[string, RouterSpec, string[]]>([
  ['is there', { paths: { '203.0.113.53/32': [healthy] } }, ['missing 0', 'origins 1', 'received 1']],
  [
    'is there by one of several next hops',
    { paths: { '203.0.113.53/32': [path('192.0.2.1'), path('192.0.2.2', '172.17.0.101')] } },
    ['missing 0', 'origins 3', 'received 1'],
  ],
  ['is not there', {}, ['missing 1', 'origins 0', 'received 0']],
  [
    'is there by another next hop',
    { paths: { '203.0.113.53/32': [path('192.0.2.1')] } },
    ['missing 1', 'origins 1', 'received 0'],
  ],
  [
    'is left over of a restart',
    { paths: { '203.0.113.53/32': [{ ...healthy, stale: true }] } },
    ['missing 0', 'origins 1', 'received 1'],
  ],
  [
    'is there and its next hop cannot be reached',
    { paths: { '203.0.113.53/32': [{ ...healthy, valid: false }] } },
    ['missing 1', 'origins 0', 'received 1'],
  ],
  ['has not been asked for', { complete: ['ipv6'] }, []],
  [
    'has been asked for and is not there',
    { complete: [], paths: { '203.0.113.53/32': [] } },
    ['missing 1', 'origins 0', 'received 0'],
  ],
  ['is not known, because the router is silent', { paths: { '203.0.113.53/32': [healthy] }, up: false }, []],
])('a route that %s', (_name, spec, values) => {
  const lines = audit(running, { r1: spec }).filter((line) => !line.startsWith('expected'));
  const full = values.map((value) => {
    const [metric, number] = value.split(' ');
    return `${metric}{${metric === 'origins' ? 'prefix="203.0.113.53/32"' : key}} ${number}`;
  });
  expect(lines).toEqual(full);
});

test('origins are those of the router that has most; a router that has not been asked does not count', () => {
  const lines = audit(running, {
    r1: { paths: { '203.0.113.53/32': [healthy] } },
    r2: { paths: { '203.0.113.53/32': [healthy, path('172.17.0.102')] } },
    r3: { complete: [] },
  });
  expect(lines.filter((line) => line.startsWith('origins'))).toEqual(['origins{prefix="203.0.113.53/32"} 2']);
});

const internal = true;

test.each<[string, PathSpec[], number]>([
  ['a router that names itself, beside the origin', [healthy, { ...path('10.0.0.3'), peer: '10.0.0.3', internal }], 1],
  ['a router on an unnumbered session', [healthy, { ...path('fe80::2'), peer: 'to-r2', internal }], 1],
  ['routers alone', ['10.0.0.3', '10.0.0.4'].map((peer) => ({ ...path(peer), peer, internal })), 2],
  ['an origin that a router names', [healthy, { ...path('172.17.0.102'), peer: '10.0.0.3', internal }], 2],
  ['a host that names itself', [healthy, { ...path('10.0.0.99'), peer: '10.0.0.99' }], 2],
])('origins: %s', (_name, paths, count) => {
  const lines = audit(running, { r1: { paths: { '203.0.113.53/32': paths } } });
  expect(lines.filter((line) => line.startsWith('origins'))).toEqual([`origins{prefix="203.0.113.53/32"} ${count}`]);
});

test('any next hop will do for a bridge', () => {
  const lxd = lxdOf([bridge('b', { ...v4({ nexthop: undefined }), hasBgpPeers: true })]);
  const lines = audit(lxd, { r1: { paths: { '10.1.0.0/24': [path('10.0.0.11')] } } });
  expect(lines.filter((line) => !line.startsWith('expected'))).toEqual([
    'missing{router="r1",prefix="10.1.0.0/24"} 0',
    'origins{prefix="10.1.0.0/24"} 1',
    'received{router="r1",prefix="10.1.0.0/24"} 1',
  ]);
});

const strays = (lxd: object | undefined, spec: RouterSpec, keys: object = {}) =>
  audit(lxd, { r1: spec }, keys).filter((line) => line.startsWith('unexpected'));

const host = { name: '10.0.0.99', role: 'host' };
const provider = { name: '192.0.2.1', role: 'transit' };

test.each<[string, string, PathSpec, boolean, object?]>([
  ["nobody's, by a router of LXD", '203.0.113.9/32', healthy, true],
  ["nobody's, by a member", '203.0.113.9/32', path('10.0.0.11'), true],
  ["nobody's, by a peer that is a host", '203.0.113.9/32', path('10.0.0.99'), true],
  ["the provider's", '203.0.113.9/32', path('192.0.2.1'), false],
  ['outside of what LXD may announce', '8.8.8.0/24', healthy, false],
  ['wider than what LXD may announce', '203.0.112.0/23', healthy, false],
  ['what LXD may announce, whole', '203.0.113.0/24', healthy, true],
  ['within the routes of IPv6', '2001:db8:1ff::1/128', healthy, true],
  ['left over of a restart', '203.0.113.9/32', { ...healthy, stale: true }, false],
  ['unreachable', '203.0.113.9/32', { ...healthy, valid: false }, true],
  ["of an instance's, by another router of LXD", '203.0.113.53/32', path('172.17.0.102'), true],
  ["a stopped instance's", '203.0.113.54/32', healthy, true],
  ["a frozen instance's", '203.0.113.56/32', healthy, false],
  ['of an instance whose member does not answer', '203.0.113.55/32', healthy, false],
  ['a subnet behind NAT', '10.1.0.0/24', healthy, true],
  ['within a subnet behind NAT', '10.1.0.7/32', healthy, true],
  ['ignored', '203.0.113.9/32', healthy, false, { ignore: ['203.0.113.0/28'] }],
  ['what is configured', '203.0.113.9/32', healthy, false, { expect: [{ prefix: '203.0.113.9/32' }] }],
  ['no prefix', 'rubbish', healthy, false],
])('a route that is %s: unexpected or not', (_name, prefix, one, isStray, keys = {}) => {
  const more = network('more', { ipv4: family({ nexthop: '172.17.0.102' }) });
  const instances = [
    instance('a', 'running', ['203.0.113.53/32']),
    instance('b', 'stopped', ['203.0.113.54/32']),
    instance('c', 'error', ['203.0.113.55/32']),
    instance('d', 'frozen', ['203.0.113.56/32']),
  ];
  const lines = strays(
    lxdOf([uplink, dns, more], instances),
    { paths: { [prefix]: [one, one] }, peers: [host, provider] },
    keys,
  );
  const line = `unexpected{router="r1",prefix="${prefix}",nexthop="${one.nexthops[0]}"} 1`;
  expect(lines).toEqual(isStray ? [line] : []);
});

test('an uplink that nothing uses, and a network of that name in another project, guard nothing', () => {
  const spec = { paths: { '203.0.113.9/32': [path('10.0.0.11')] } };
  expect(strays(lxdOf([uplink]), spec)).toEqual([]);
  expect(strays(lxdOf([{ ...uplink, project: 'p' }, dns]), spec)).toEqual([]);
  expect(strays(lxdOf([uplink, dns]), spec)).toHaveLength(1);
});

test('without the list of instances nothing is unexpected, and what the networks announce is audited all the same', () => {
  const one = { ...dns, forwards: [{ address: '203.0.113.66' }] };
  const spec = { paths: { '203.0.113.53/32': [healthy], '203.0.113.66/32': [healthy] } };
  expect(audit({ networks: [uplink, one], members: [member] }, { r1: spec })).toEqual([
    'expected{prefix="203.0.113.66/32",nexthop="172.17.0.101",origin="forward"} 1',
    'missing{router="r1",prefix="203.0.113.66/32",nexthop="172.17.0.101"} 0',
    'origins{prefix="203.0.113.66/32"} 1',
    'received{router="r1",prefix="203.0.113.66/32",nexthop="172.17.0.101"} 1',
  ]);
  expect(strays(lxdOf([uplink, one], []), spec)).toHaveLength(1);
});

test('without LXD there is nothing but what is configured; without routers there is what is expected', () => {
  const spec = { paths: { '203.0.113.53/32': [healthy] }, peers: [host] };
  expect(audit(undefined, { r1: spec })).toEqual([]);
  expect(audit({}, { r1: spec })).toEqual([]);
  expect(audit(undefined, { r1: spec }, { expect: [{ prefix: '0.0.0.0/0', nexthop: '192.0.2.1' }] })).toEqual([
    'expected{prefix="0.0.0.0/0",nexthop="192.0.2.1",origin="config"} 1',
    'missing{router="r1",prefix="0.0.0.0/0",nexthop="192.0.2.1"} 1',
    'origins{prefix="0.0.0.0/0"} 0',
    'received{router="r1",prefix="0.0.0.0/0",nexthop="192.0.2.1"} 0',
  ]);
  expect(audit(running, {})).toHaveLength(1);
});

test('an origin that is not announced here is neither missing nor unexpected', () => {
  const lxd = lxdOf([uplink, { ...dns, forwards: [{ address: '203.0.113.66' }] }]);
  const keys = { origins: ['network', 'instance'] };
  expect(audit(lxd, { r1: {} }, keys)).toEqual([]);
  expect(audit(lxd, { r1: { paths: { '203.0.113.66/32': [healthy] } } }, keys)).toEqual([]);
});

test('a prefix to be ignored is not expected either', () => {
  expect(expectedOf(audit(running, {}, { ignore: ['203.0.113.53/32'] }))).toEqual([]);
  expect(expectedOf(audit(running, {}, { ignore: ['203.0.113.53/31', '203.0.113.54/32'] }))).toEqual([]);
  expect(expectedOf(audit(running, {}, { ignore: ['203.0.113.54/32'] }))).toHaveLength(1);
});

test('a router is asked for what it does not show, also for what should not be there', () => {
  const asked: Record<string, string[]> = { r1: [], r2: [], r3: [] };
  const instances = [
    instance('a', 'running', ['203.0.113.53/32', '2001:db8:100::53/128']),
    instance('b', 'running', ['203.0.113.53/32']),
    instance('c', 'stopped', ['203.0.113.54/32']),
  ];
  audit(lxdOf([uplink, dns], instances), {
    r1: { complete: [], asked: asked.r1 as string[] },
    r2: { complete: ['ipv4'], asked: asked.r2 as string[] },
    r3: { asked: asked.r3 as string[] },
  });
  expect(asked).toEqual({
    r1: ['10.1.0.0/24', '203.0.113.53/32', '2001:db8:100::53/128', '203.0.113.54/32'],
    r2: ['2001:db8:100::53/128'],
    r3: [],
  });
});

test('of each instance its own routes are told, whether it runs or not', () => {
  const twice = { device: 'eth1', network: 'dns', addresses: [], externalRoutes: ['203.0.113.53/32'] };
  const [a, b] = [
    instance('a', 'running', ['203.0.113.53/32', '2001:DB8:100:0::53/128']),
    instance('b', 'stopped', []),
  ];
  const instances = [
    { ...a, nics: [...a.nics, twice] },
    { ...b, nics: [twice] },
    instance('c', 'error', ['203.0.113.54/32'], 'wild'),
    instance('d', 'running', ['203.0.113.55/32'], 'alone'),
    instance('e', 'running', ['rubbish']),
  ];
  const networks = [uplink, dns, bridge('wild', { hasBgpPeers: true }), network('alone', { uplink: undefined })];
  expect(startingWith('rackwatch_instance_route_info', samplesOf(lxdOf(networks, instances), {}))).toEqual([
    '{project="p",name="a",prefix="203.0.113.53/32",nexthop="172.17.0.101"} 1',
    '{project="p",name="a",prefix="2001:db8:100::53/128"} 1',
    '{project="p",name="b",prefix="203.0.113.53/32",nexthop="172.17.0.101"} 1',
    '{project="p",name="c",prefix="203.0.113.54/32"} 1',
  ]);
  const unknown = { networks, members: [member] };
  expect(startingWith('rackwatch_instance_route_info', samplesOf(unknown, {}))).toEqual([]);
});

const problem = (text: string) => () =>
  parseConfig(wholeConfig([], [routes]), `insights:\n  routes:\n    ${text}\n`, 'f.yaml');

test.each([
  ['ignore: [10.0.0.0]', 'f.yaml:3:14: insights.routes.ignore.0: not a prefix such as 192.0.2.0/24'],
  ['ignore: [10.0.0.0/33]', 'f.yaml:3:14: insights.routes.ignore.0: not a prefix such as 192.0.2.0/24'],
  ['expect: [{ prefix: 10.0.0.0/8, nexthop: r1 }]', 'f.yaml:3:45: insights.routes.expect.0.nexthop: not an address'],
])('%s is refused with its place', (text, message) => {
  expect(problem(text)).toThrow(message);
});

test('every fact is read so many times, however many there are', () => {
  const reads = (count: number) => {
    let read = 0;
    const counted = <T extends object>(thing: T): T =>
      new Proxy(thing, {
        get: (of, name) => {
          read++;
          return Reflect.get(of, name);
        },
      });
    const list = Array.from({ length: count }, (_, n) => `198.18.${n >> 8}.${n & 255}/32`);
    const instances = list.map((prefix, n) => counted(instance(`i${n}`, 'running', counted([prefix]))));
    const paths = Object.fromEntries(list.map((prefix) => [prefix, [healthy, path('10.0.0.11')]]));
    const spec = { paths, wrap: counted };
    const lines = audit(lxdOf([uplink, dns], instances), { r1: spec, r2: spec });
    expect(lines).toHaveLength(count * (1 + 1 + 2 * 2));
    return read;
  };
  const [one, two, three] = [reads(1000), reads(2000), reads(3000)];
  expect(three - two).toBe(two - one);
});
