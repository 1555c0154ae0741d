import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCycle } from '../../../src/core/cycle.ts';
import { expose } from '../../../src/core/exposition.ts';
import { factsView } from '../../../src/core/insight.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import type { OpenSource } from '../../../src/core/source.ts';
import { startOvn } from '../../../src/demo/ovn/index.ts';
import type { DemoPart } from '../../../src/demo/part.ts';
import { instances, networks } from '../../../src/demo/rack.ts';
import { RackState } from '../../../src/demo/state.ts';
import type { OvnClient } from '../../../src/sources/ovn/client/client.ts';
import { ovnConfig } from '../../../src/sources/ovn/config.ts';
import { type OvnFacts, ovnFacts } from '../../../src/sources/ovn/facts.ts';
import { ovn } from '../../../src/sources/ovn/index.ts';
import { createClock, type ManualClock } from '../../demo/manual-clock.ts';
import { Page } from '../../labs/page.ts';

const log = pino({ enabled: false });
const settings = {
  min_age: 0,
  timeout: 15_000,
  stale_after: 180_000,
  collectors: {},
  members: new Map<string, string>(),
};
let clock: ManualClock;
let state: RackState;
let rack: DemoPart;
let source: OpenSource<OvnClient>;

beforeEach(async () => {
  clock = createClock();
  state = new RackState(clock);
  rack = await startOvn(state);
  const config = ovnConfig.parse({ ...rack.config, answer_timeout: '10s' });
  source = ovn.open({ ...config, ...settings }, { log, clock });
});
afterEach(async () => {
  await source.close();
  await rack.close();
});

async function scrape(): Promise<{ page: Page; facts: OvnFacts; snapshot: Snapshot }> {
  const client = source.targets()[0]?.client as OvnClient;
  const { collectors } = ovn;
  const snapshot = await runCycle({
    source: 'ovn',
    target: 'ovn',
    collectors,
    client,
    config: settings,
    timeoutMs: 15_000,
    log,
    clock,
  });
  const page = new Page(Buffer.concat(expose(snapshot.stages)).toString());
  return { page, facts: snapshot.facts as OvnFacts, snapshot };
}

/** Addresses and the choice of a server are not the same twice. */
function steady(page: Page): string {
  const { northbound, southbound } = rack.config as Record<'northbound' | 'southbound', string[]>;
  let text = page.text;
  for (const [index, remote] of [...northbound, ...southbound].entries()) {
    text = text.replaceAll(remote.slice('tcp:'.length), `10.0.0.${11 + (index % 3)}:${index < 3 ? 6641 : 6642}`);
  }
  return text.replaceAll(/^ovn_db_feeding\{.*\n/gm, '');
}

test('the page of the rack', async () => {
  const { page, snapshot } = await scrape();
  expect(snapshot.outcomes.flatMap(({ failure }) => failure ?? [])).toEqual([]);
  expect(snapshot.outcomes.map(({ repeats }) => repeats)).toEqual(ovn.collectors.map(() => 0));
  await expect(steady(page)).toMatchFileSnapshot('golden/ovn.prom');
});

test('the first scrape waits until the databases are read', async () => {
  const { facts, page } = await scrape();
  expect(page.labelValues('ovn_gateway_unbound', 'network')).toHaveLength(networks.length);
  expect(facts.ports).toHaveLength(63);
  expect(page.find('ovn_db_feeding').filter(({ value }) => value === 1)).toHaveLength(2);
});

test('insights can read the facts', async () => {
  const { snapshot } = await scrape();
  const view = { source: 'ovn', target: 'ovn', up: true, snapshot, errorCounts: new Map() };
  const [target] = factsView([view]).of(ovnFacts);
  expect(Object.keys(target?.facts ?? {}).sort()).toEqual(['chassis', 'databases', 'gateways', 'networks', 'ports']);
  const port = target?.facts.ports?.find(({ member }) => member === 'abydos');
  expect(instances.find(({ uuid }) => uuid === port?.instanceUuid)?.home).toBe('abydos');
});

test('a member loses its power', async () => {
  await scrape();
  const network = networks.find((one) => state.gatewayOf(one) === 'abydos') as (typeof networks)[number];
  const name = `lxd-net${network.id}`;
  const { page: before } = await scrape();
  expect(before.value('ovn_gateway_active', { network: name, member: 'abydos' })).toBe(1);
  state.kill('abydos');
  clock.advance(120_000);
  const page = await vi.waitFor(
    async () => {
      const { page: now } = await scrape();
      expect(now.value('ovn_gateway_active', { network: name, member: 'abydos' })).toBe(0);
      expect(now.value('ovn_db_servers_connected', { db: 'northbound' })).toBe(2);
      expect(now.value('ovn_chassis_nb_cfg_lag', { member: 'abydos' })).toBeGreaterThan(0);
      return now;
    },
    { timeout: 15_000 },
  );
  expect(page.value('ovn_gateway_unbound', { network: name })).toBe(0);
  expect(page.value('ovn_gateway_on_preferred_chassis', { network: name })).toBe(0);
  expect(page.value('ovn_gateway_moves_total', { network: name })).toBe(1);
  expect(page.find('ovn_hv_delay_seconds')).toEqual([]);
  const up = (of: Page) => of.find('ovn_network_ports', { state: 'up' }).reduce((sum, { value }) => sum + value, 0);
  expect(up(page)).toBe(up(before));
});

test('two members lose their power: the databases are read by nobody', async () => {
  await scrape();
  state.kill('abydos');
  state.kill('langara');
  const { page } = await vi.waitFor(
    async () => {
      const now = await scrape();
      expect(now.page.value('ovn_db_servers_connected', { db: 'southbound' })).toBe(0);
      return now;
    },
    { timeout: 15_000 },
  );
  expect(page.find('ovn_db_up').filter(({ value }) => value === 1)).toHaveLength(2);
  expect(page.find('ovn_gateway_unbound')).toEqual([]);
});

test('instances that are moved are moved in OVN', async () => {
  await scrape();
  state.evacuate('orilla');
  clock.advance(600_000);
  await vi.waitFor(
    async () => {
      const { facts } = await scrape();
      expect(facts.ports.filter(({ member }) => member === 'orilla')).toEqual([]);
      expect(facts.gateways.filter(({ active }) => active?.member === 'orilla')).toEqual([]);
    },
    { timeout: 15_000 },
  );
});

test('with the southbound servers alone, what matters most is there', async () => {
  await source.close();
  const config = ovnConfig.parse({ southbound: (rack.config as { southbound: string[] }).southbound });
  source = ovn.open({ ...config, ...settings }, { log, clock });
  const { page, snapshot } = await scrape();
  expect(snapshot.outcomes.flatMap(({ failure }) => failure ?? [])).toEqual([]);
  const families = new Set(page.samples.map(({ name }) => name));
  for (const family of [
    'ovn_gateway_unbound',
    'ovn_network_ports',
    'ovn_chassis_nb_cfg_lag',
    'ovn_service_monitor_state',
  ]) {
    expect(families).toContain(family);
  }
  expect(families).not.toContain('ovn_nb_cfg');
});
