import { expect } from 'vitest';
import { expose } from '../../../src/core/exposition.ts';
import { type FactsView, runInsight } from '../../../src/core/insight.ts';
import { routes } from '../../../src/insights/routes.ts';

export const family = (more: object = {}) => ({ nat: false, routes: [], ...more });

export const network = (name: string, more: object = {}) => ({
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

export const bridge = (name: string, more: object = {}) =>
  network(name, { kind: 'bridge', uplink: undefined, ...more });

export const uplink = network('UPLINK', {
  project: 'default',
  kind: 'physical',
  uplink: undefined,
  ipv4: family({ routes: ['203.0.113.0/24', 'rubbish'] }),
  ipv6: family({ routes: ['2001:db8:100::/40'] }),
});

export const dns = network('dns', { ipv4: family({ address: '10.1.0.1/24', nat: true, nexthop: '172.17.0.101' }) });

export const instance = (name: string, state: string, routesOf: readonly string[], on = 'dns', project = 'p') => ({
  project,
  name,
  kind: 'container',
  member: 'm1',
  state,
  lastPowerRunning: true,
  pools: [],
  nics: [{ device: 'eth0', network: on, addresses: [], externalRoutes: routesOf }],
});

export const member = { name: 'm1', url: 'https://10.0.0.11:8443', status: 'online', roles: [] };

export const lxdOf = (networks: readonly object[], instances: readonly object[] = []) => ({
  networks,
  members: [member],
  instances,
});

export interface PathSpec {
  readonly peer?: string;
  readonly internal?: boolean;
  readonly nexthops: readonly string[];
  readonly stale?: boolean;
  readonly valid?: boolean;
}

export const path = (...nexthops: string[]): PathSpec => ({ nexthops });

export interface RouterSpec {
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
export function samplesOf(
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
export const startingWith = (start: string, samples: readonly string[]): string[] =>
  samples.flatMap((line) => (line.startsWith(start) ? [line.slice(start.length)] : []));

export const audit = (...given: Parameters<typeof samplesOf>): string[] =>
  startingWith('rackwatch_route_', samplesOf(...given));

export const expectedOf = (lines: readonly string[]) => lines.filter((line) => line.startsWith('expected{'));

export const v4 = (more: object) => ({ ipv4: family({ address: '10.1.0.1/24', nexthop: '172.17.0.101', ...more }) });
export const v6 = (more: object = {}) => ({
  ipv6: family({ address: '2001:DB8:100:0::1/64', nexthop: '2001:DB8:17::0101', ...more }),
});

/** One instance that runs, with a route of its own. */
export const running = lxdOf([uplink, dns], [instance('a', 'running', ['203.0.113.53/32'])]);
export const key = 'router="r1",prefix="203.0.113.53/32",nexthop="172.17.0.101"';
export const healthy = path('172.17.0.101');

export const strays = (lxd: object | undefined, spec: RouterSpec, keys: object = {}) =>
  audit(lxd, { r1: spec }, keys).filter((line) => line.startsWith('unexpected'));

/** A router's peer that is a member. */
export const host = { name: '10.0.0.99', role: 'host' };
