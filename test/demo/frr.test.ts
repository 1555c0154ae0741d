import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFrr } from '../../src/demo/frr/index.ts';
import type { DemoPart } from '../../src/demo/part.ts';
import { RackState } from '../../src/demo/state.ts';
import { Page } from '../labs/page.ts';
import { type OpenFrr, openFrr } from '../sources/frr/open-frr.ts';

let state: RackState;
let part: DemoPart;
let frr: OpenFrr;

beforeEach(async () => {
  state = new RackState({ now: () => Date.now() });
  part = await startFrr(state);
  frr = openFrr(part.config);
});
afterEach(async () => {
  await frr.close();
  await part.close();
});

test('three routers, two by their sockets and one through LXD, with transit, hosts and one master', async () => {
  const { failures, facts, text } = await frr.scrape();
  expect(failures).toEqual({});
  const page = new Page(text);
  expect(page.labelValues('frr_info', 'router')).toEqual(['frr1', 'frr2', 'frr3']);
  for (const { peers } of facts) {
    const roles = peers?.map(({ role, established }) => (established ? role : 'down')).sort();
    expect(roles).toEqual(['host', 'host', 'host', 'internal', 'internal', ...Array(4).fill('transit')]);
  }
  expect(page.find('frr_vrrp_state', { state: 'Master', proto: 'v4' }).map(({ value }) => value)).toEqual([1, 0, 0]);
  expect(page.value('frr_bgp_prefix_paths', { router: 'frr3', prefix: '203.0.113.53/32' })).toBe(3);
  expect(page.value('frr_bgp_peer_prefixes_received_count_total', { router: 'frr1', peer: '192.0.2.1' })).toBe(1);
});

test('a provider that is lost, and a prefix that nobody announces', async () => {
  state.faults.downPeers.add('192.0.2.1');
  state.faults.withdrawnPrefixes.add('203.0.113.25/32');
  const { failures, text } = await frr.scrape();
  expect(failures).toEqual({});
  const page = new Page(text);
  expect(page.find('frr_bgp_peer_state', { peer: '192.0.2.1' }).map(({ value }) => value)).toEqual([0, 0, 0]);
  expect(page.find('frr_bfd_peer_state', { peer: '192.0.2.1' }).map(({ value }) => value)).toEqual([0, 0, 0]);
  expect(page.find('frr_bgp_prefix_paths', { prefix: '203.0.113.25/32' }).map(({ value }) => value)).toEqual([0, 0, 0]);
});

test.each(['abydos', 'orilla'])('a router dies with its member %s, and the others say so', async (member) => {
  state.kill(member);
  const dead = member === 'abydos' ? 'frr1' : 'frr3';
  const { failures, facts, text } = await frr.scrape();
  expect(Object.keys(failures).every((name) => name.startsWith(`${dead}/`))).toBe(true);
  expect(failures[`${dead}/bgp`]?.code).toBe(member === 'abydos' ? 'connect' : 'unavailable');
  const host = facts[1]?.peers?.find(({ description }) => description === member);
  expect(host).toMatchObject({ role: 'host', established: false });
  const masters = new Page(text).find('frr_vrrp_state', { state: 'Master', proto: 'v6' });
  expect(masters.filter(({ value }) => value === 1)).toHaveLength(1);
});
