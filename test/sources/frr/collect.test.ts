import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeVty, startFakeVty, type VtyAnswer } from '../../fakes/vty-server.ts';
import { Page } from '../../labs/page.ts';
import { type OpenFrr, openFrr } from './open-frr.ts';

const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/frr/8.4.4/${name}`, import.meta.url)), 'utf8');

const files: Readonly<Record<string, string>> = {
  'show watchfrr': 'watchfrr.txt',
  'show bgp vrfs json': 'bgp-vrfs.json',
  'show bgp vrf all ipv4 unicast summary json': 'bgp-summary-ipv4.json',
  'show bgp vrf all ipv6 unicast summary json': 'bgp-summary-ipv6.json',
  'show ip route summary json': 'route-summary-ipv4.json',
  'show ipv6 route summary json': 'route-summary-ipv6.json',
  'show bfd peers json': 'bfd-peers.json',
  'show bfd peers counters json': 'bfd-counters.json',
  'show vrrp json': 'vrrp.json',
};
const neighbors = JSON.parse(read('bgp-neighbors.json')) as Record<string, unknown>;
const uplink = '{"uplink":{"operationalStatus":"down"}}';

function answer(command: string): VtyAnswer {
  const file = files[command];
  if (file !== undefined) return [read(file), 0];
  const peer = /^show bgp vrf default neighbors (\S+) json$/.exec(command)?.[1];
  if (peer !== undefined) return [JSON.stringify({ [peer]: neighbors[peer] }), 0];
  if (command === 'show interface uplink json') return [uplink, 0];
  if (command === 'enable' || command === 'show vrf') return ['', 0];
  if (/^show bgp ipv[46] unicast json$/.test(command)) return ['{"routes":{}}', 0];
  return [`% Unknown command: ${command}\n`, 2];
}

const names = ['watchfrr', 'zebra', 'bgpd', 'bfdd', 'vrrpd'];
const socketsOf = (all: readonly FakeVty[]) =>
  Object.fromEntries(all.map(({ folder }, index) => [names[index], `${folder}/${names[index]}.vty`]));

let daemons: FakeVty[];
let frr: OpenFrr;
let answering: (command: string) => VtyAnswer;
beforeEach(async () => {
  answering = answer;
  daemons = await Promise.all(
    names.map((name) => startFakeVty(name, (command) => answering(command), { chunkBytes: 999 })),
  );
  const sockets = socketsOf(daemons);
  const roles = { transit: [64500], host: ['HOSTS'] };
  const clock = { now: () => 1_795_330_100_000 };
  frr = openFrr({ routers: [{ name: 'r1', sockets }], roles, neighbors_per_cycle: 12, timeout: '5s' }, { clock });
});
afterEach(async () => {
  await frr.close();
  await Promise.all(daemons.map((daemon) => daemon.close()));
});

test('the page of a router with everything in it', async () => {
  const { failures, text } = await frr.scrape();
  expect(failures).toEqual({});
  await expect(text).toMatchFileSnapshot('golden/r1-8.4.4.prom');
});

test('the values that mislead', async () => {
  const page = new Page((await frr.scrape()).text);
  expect(page.value('frr_bgp_peer_state', { peer: '192.0.2.1', afi: 'ipv4' })).toBe(1);
  expect(page.value('frr_bgp_peer_state', { peer: '192.0.2.1', afi: 'ipv6' })).toBe(0);
  expect(page.value('frr_bgp_peer_uptime_seconds', { peer: '192.0.2.250', afi: 'ipv4' })).toBeUndefined();
  expect(page.value('frr_vrrp_state', { proto: 'v4', state: 'Master' })).toBe(1);
  expect(page.value('frr_vrrp_carrier', { proto: 'v4' })).toBe(0);
  expect((await frr.scrape()).facts[0]?.vrrp?.map(({ master }) => master)).toEqual([false, false]);
});

test('a command is asked once a cycle, enable goes to bfdd alone, and connections are kept', async () => {
  await frr.scrape();
  await frr.scrape();
  const [watchfrr, zebra, bgpd, bfdd] = daemons as [FakeVty, FakeVty, FakeVty, FakeVty];
  const asked = watchfrr.commands.filter((command) => command !== 'show version');
  expect(asked).toEqual(['show watchfrr', 'show watchfrr']);
  expect(daemons.map(({ accepted }) => accepted)).toEqual([1, 1, 1, 1, 1]);
  expect(daemons.flatMap(({ commands }) => commands).filter((command) => command === 'enable')).toEqual(['enable']);
  expect(bfdd.commands.slice(0, 2)).toEqual(['show version', 'enable']);
  const summaries = (command: string) => command === 'show bgp vrf all ipv4 unicast summary json';
  expect(bgpd.commands.filter(summaries)).toHaveLength(2);
  // Of this version no size is dangerous, so nobody asks how large it will be.
  expect(bgpd.commands).not.toContain('show bgp vrfs json');
  expect(zebra.commands.every((command) => command.startsWith('show '))).toBe(true);
});

test('more peers than one cycle asks for take turns', async () => {
  await frr.close();
  const sockets = socketsOf(daemons);
  frr = openFrr({ routers: [{ name: 'r1', sockets }], neighbors_per_cycle: 5 });
  const shown = [];
  for (let cycle = 0; cycle < 3; cycle++)
    shown.push(new Page((await frr.scrape()).text).find('frr_bgp_peer_info').length);
  expect(shown).toEqual([5, 10, 12]);
});

test.each([
  ['not JSON', ['<html>', 0] as const, 'protocol'],
  ['an unknown command', ['% Unknown command', 2] as const, 'unsupported'],
  ['hanging up', 'hang up' as const, 'connect'],
])('a daemon that answers with %s loses its own values only', async (_, odd, code) => {
  answering = (command) => (command === 'show vrrp json' ? odd : answer(command));
  const { failures, samples } = await frr.scrape();
  expect(failures).toMatchObject({ 'r1/vrrp': { code } });
  expect(Object.keys(failures)).toHaveLength(1);
  expect(samples.size).toBeGreaterThan(400);
});

test('what grows with the peers is not asked of a version that would die of it', async () => {
  const many = JSON.stringify({ vrfs: { default: { numConfiguredPeers: 300 } } });
  const version = Buffer.concat([Buffer.from('FRRouting 10.3 (x) on Linux(6.12).\n'), Buffer.alloc(4)]);
  const bgpd = await startFakeVty(
    'bgpd',
    (command) => (command === 'show bgp vrfs json' ? [many, 0] : answer(command)),
    {
      version,
    },
  );
  const old = openFrr({ routers: [{ name: 'edge', sockets: { bgpd: `${bgpd.folder}/bgpd.vty` } }] });
  const { failures } = await old.scrape();
  await old.close();
  expect(failures['edge/bgp']).toMatchObject({ code: 'unsupported', message: expect.stringContaining('dies') });
  expect(bgpd.commands.filter((command) => command.includes('summary'))).toEqual([]);
  await bgpd.close();
});
