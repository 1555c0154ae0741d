import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { vrrp } from '../../../../src/insights/vrrp.ts';
import { valuesOf } from '../../../insights/targets.ts';
import { allPids, type FrrVersion, pidsOf, setLink, socketsOf, startGobgp, vtysh } from '../../../labs/frr.ts';
import { until } from '../../../labs/lab.ts';
import { Page } from '../../../labs/page.ts';
import { stopPid } from '../../../labs/process.ts';
import type { OpenFrr } from '../open-frr.ts';

const core1 = { router: 'r1', peer: '192.0.2.1' };
const core2 = { router: 'r1', peer: '192.0.2.2' };

/** Faults as they happen, each followed until it is over. @param read the routers r1, r2 and r3 */
export function testEvents(version: FrrVersion, read: () => OpenFrr): void {
  const seen = (what: string, satisfies: (page: Page) => unknown, timeoutMs = 60_000): Promise<unknown> =>
    until(async () => satisfies(new Page((await read().scrape()).text)), { what, everyMs: 200, timeoutMs });
  const value = (page: Page, name: string, labels: Record<string, string>): number => page.value(name, labels) ?? -1;

  test('a session that is cleared counts as a flap', async () => {
    const before = new Page((await read().scrape()).text);
    const drops = value(before, 'frr_bgp_peer_dropped_total', core1);
    await vtysh(version, 'r1', 'clear bgp 192.0.2.1');
    await seen('one more drop', (page) => value(page, 'frr_bgp_peer_dropped_total', core1) > drops);
    await seen('core1 is back', (page) => page.value('frr_bgp_peer_state', { ...core1, afi: 'ipv4' }) === 1);
  });

  test("a provider's shutdown shows its code and not its text", async () => {
    const configure = (...lines: string[]) => vtysh(version, 'p2', 'configure terminal', 'router bgp 64500', ...lines);
    await configure('neighbor 192.0.2.11 shutdown message core2 maintenance "quoted" back\\slash');
    const labels = { ...core2, direction: 'received', code: '6', subcode: '2' };
    await seen('the notification', (page) => page.value('frr_bgp_peer_last_notification_info', labels) === 1);
    const page = new Page((await read().scrape()).text);
    expect(page.value('frr_bgp_peer_state', { ...core2, afi: 'ipv4' })).toBe(0);
    expect(page.value('frr_bgp_peer_uptime_seconds', { ...core2, afi: 'ipv4' })).toBeUndefined();
    expect(page.text).not.toContain('maintenance "');
    await configure('no neighbor 192.0.2.11 shutdown');
    await seen('core2 is back', (p) => p.value('frr_bgp_peer_state', { ...core2, afi: 'ipv4' }) === 1);
  });

  test('a lost link is seen by BFD first, and VRRP without carrier is no master', async () => {
    await setLink(version, 'tr', 'p1', 'down');
    await seen('BFD is down', (page) => page.value('frr_bfd_peer_state', core1) === 0);
    await seen('the session is down', (page) => page.value('frr_bgp_peer_state', { ...core1, afi: 'ipv4' }) === 0);
    await setLink(version, 'tr', 'p1', 'up');
    await setLink(version, 'uplink', 'r1', 'down');
    await until(
      async () => {
        const { text, facts } = await read().scrape();
        const page = new Page(text);
        const carriers = page.find('frr_vrrp_carrier', { router: 'r1' });
        const masters = facts.map(({ vrrp = [] }) => vrrp.filter(({ master }) => master).length);
        // Both routers say Master of both families.
        const counted = valuesOf(vrrp, { frr: facts.map((one, index) => ({ target: `r${index + 1}`, facts: one })) });
        expect([...counted.values()]).toEqual([1, 1]);
        return carriers.every((sample) => sample.value === 0) && masters.join() === '0,2,0';
      },
      { what: 'r2 alone is master', everyMs: 200 },
    );
    await setLink(version, 'uplink', 'r1', 'up');
    await seen('r1 has carrier', (page) => value(page, 'frr_vrrp_carrier', { router: 'r1', proto: 'v4' }) === 1);
    await seen('core1 is back', (page) => page.value('frr_bgp_peer_state', { ...core1, afi: 'ipv4' }) === 1);
  });

  test('routes that are kept over a restart of the host are stale', async () => {
    const staleness = async () => {
      const { facts } = await read().scrape();
      const paths = facts[0]?.routes?.paths.get('10.20.0.101/32') ?? [];
      return paths.find(({ peer }) => peer === '198.51.100.21')?.stale;
    };
    await until(async () => (await staleness()) === false, { what: 'the host announces its routes', everyMs: 200 });
    await stopPid(Number(readFileSync(`${socketsOf(version, 'gobgpd.pid')}`, 'utf8')), 'SIGKILL');
    await until(staleness, { what: "r1 keeps the host's routes as stale", everyMs: 200 });
    await startGobgp(version);
    await until(async () => (await staleness()) === false, { what: 'the host announces them again', everyMs: 500 });
  });

  test('a daemon that is stopped loses its own collectors, is asked once, and is not hung up on', async () => {
    const pid = pidsOf(version, 'r1')['bgpd'] as number;
    const before = allPids(version);
    process.kill(pid, 'SIGSTOP');
    try {
      for (let round = 0; round < 2; round++) {
        const { failures, samples } = await read().scrape();
        expect(Object.keys(failures).sort()).toEqual(['r1/bgp', 'r1/neighbors', 'r1/prefixes']);
        expect(failures['r1/bgp']?.code).toBe('timeout');
        expect([...samples.keys()].some((key) => key.startsWith('frr_bfd_peer_state{router="r1"'))).toBe(true);
        expect([...samples.keys()].some((key) => key.startsWith('frr_bgp_peer_state{router="r2"'))).toBe(true);
      }
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await until(async () => Object.keys((await read().scrape()).failures).length === 0, { what: 'bgpd is read again' });
    expect(allPids(version)).toEqual(before);
  });

  test('a daemon that is killed is an error until watchfrr has started it again', async () => {
    const pid = pidsOf(version, 'r1')['bgpd'] as number;
    await stopPid(pid, 'SIGKILL');
    await until(async () => (await read().scrape()).failures['r1/bgp']?.code === 'connect', {
      what: 'bgp cannot be read',
      everyMs: 50,
    });
    const restarted = () => existsSync(`${socketsOf(version, 'r1')}/bgpd.vty`) && pidsOf(version, 'r1')['bgpd'] !== pid;
    await until(restarted, { what: 'watchfrr starts bgpd', timeoutMs: 100_000 });
    await seen('core1 is back', (page) => page.value('frr_bgp_peer_state', { ...core1, afi: 'ipv4' }) === 1, 100_000);
    expect((await read().scrape()).failures).toEqual({});
  });
}
