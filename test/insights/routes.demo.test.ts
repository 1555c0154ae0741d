import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { App } from '../../src/app.ts';
import { parseConfig } from '../../src/config/problems.ts';
import { configSchema } from '../../src/config/schema.ts';
import { startFrr } from '../../src/demo/frr/index.ts';
import { startLxd } from '../../src/demo/lxd/index.ts';
import type { DemoPart } from '../../src/demo/part.ts';
import { type DemoInstance, instances, members } from '../../src/demo/rack.ts';
import { RackState } from '../../src/demo/state.ts';
import { routes } from '../../src/insights/routes.ts';
import { frr } from '../../src/sources/frr/index.ts';
import { lxd } from '../../src/sources/lxd/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createClock } from '../demo/manual-clock.ts';

const clock = createClock();
const mail = instances.find(({ name }) => name === 'mail') as DemoInstance;
/** `mail` is on the network "anycast"; its router on the uplink is the next hop. */
const mailRoute = 'prefix="203.0.113.25/32",nexthop="172.17.0.101"';

let state: RackState;
let parts: DemoPart[];
let app: App;

beforeEach(async () => {
  state = new RackState(clock);
  parts = await Promise.all([startLxd(state, 50), startFrr(state)]);
  const settings = { min_age: '0s', timeout: '60s' };
  const collectors = { native: false, hosts: false, 'local-storage': false, links: false };
  const text = stringify({
    scrape_timeout: '60s',
    sources: { lxd: { ...parts[0]?.config, ...settings, collectors }, frr: { ...parts[1]?.config, ...settings } },
  });
  const sources = [lxd, frr];
  const config = parseConfig(configSchema(sources, [routes]), text, 'demo');
  app = new App({ config, sources, insights: [routes], log: createLogger('silent') });
});
afterEach(async () => {
  await app?.close();
  await Promise.all(parts.map((part) => part.close()));
});

/** The audit's samples by metric, each without its prefix `rackwatch_route_`. */
async function audit() {
  const page = Buffer.concat(await app.scrape(app.deadline())).toString();
  const all = page.split('\n');
  const lines = all.filter((line) => line.startsWith('rackwatch_route_'));
  const owned = all.filter((line) => line.startsWith('rackwatch_instance_route_info{'));
  const of = (metric: string) => lines.filter((line) => line.startsWith(`rackwatch_route_${metric}{`));
  const missing = of('missing').filter((line) => line.endsWith(' 1'));
  return {
    expected: of('expected'),
    judged: of('missing').length,
    missing,
    unexpected: of('unexpected'),
    lines,
    owned,
  };
}

const routers = ['frr1', 'frr2', 'frr3'];
const missingOn = (names: readonly string[], route: string) =>
  names.map((router) => `rackwatch_route_missing{router="${router}",${route}} 1`);

test('all is well while all is well, and also during and after an evacuation', async () => {
  const healthy = await audit();
  // Three instances each share the addresses of DNS, time and the proxy.
  expect(healthy.owned).toHaveLength(10);
  expect(healthy.owned).toContain(
    `rackwatch_instance_route_info{project="${mail.project}",name="mail",${mailRoute}} 1`,
  );
  // 12 subnets of IPv6 and 3 of IPv4, 7 routes of instances by the networks they are on, 2 forwards, 1 load balancer.
  expect(healthy.expected).toHaveLength(25);
  expect(healthy).toMatchObject({ judged: 25 * 3, missing: [], unexpected: [] });
  expect(healthy.lines).toContain(`rackwatch_route_expected{${mailRoute},origin="instance"} 1`);
  expect(healthy.lines).toContain('rackwatch_route_origins{prefix="203.0.113.81/32"} 1');
  state.evacuate(mail.home);
  for (const afterMs of [1000, 30_000, 120_000]) {
    clock.advance(afterMs);
    expect(await audit()).toMatchObject({ missing: [], unexpected: [] });
  }
  expect(state.placementOf(mail).location).not.toBe(mail.home);
  expect((await audit()).lines).toContain(`rackwatch_route_expected{${mailRoute},origin="instance"} 1`);
});

test('a route that nobody announces is missing on every router, and nothing else is', async () => {
  state.faults.withdrawnPrefixes.add('203.0.113.66/32');
  const { lines, missing, unexpected } = await audit();
  expect(missing).toEqual(missingOn(routers, 'prefix="203.0.113.66/32",nexthop="172.17.0.107"'));
  expect(unexpected).toEqual([]);
  expect(lines).toContain('rackwatch_route_origins{prefix="203.0.113.66/32"} 0');
});

test('without the session to its member, what runs there alone is missing and what others announce as well is not', async () => {
  state.faults.downPeers.add(`172.17.0.${11 + members.findIndex(({ name }) => name === mail.home)}`);
  const { missing, unexpected } = await audit();
  expect(missing).toEqual(missingOn(routers, mailRoute));
  expect(unexpected).toEqual([]);
});

test('an instance that stops takes its route with it', async () => {
  state.stop(mail);
  const { judged, lines, missing, unexpected } = await audit();
  expect({ judged, missing, unexpected }).toEqual({ judged: 24 * 3, missing: [], unexpected: [] });
  expect(lines.filter((line) => line.includes('203.0.113.25/32'))).toEqual([]);
});

test('of a router that dies nothing is said any more, nor of what its member leaves in error', async () => {
  await audit();
  const frr1 = instances.find(({ name }) => name === 'frr1') as DemoInstance;
  state.kill(frr1.home);
  const { lines, missing, unexpected } = await audit();
  expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] });
  expect(lines.filter((line) => line.includes('router="frr1"'))).toEqual([]);
  expect(lines.filter((line) => line.includes('router="frr2"')).length).toBeGreaterThan(0);
});
