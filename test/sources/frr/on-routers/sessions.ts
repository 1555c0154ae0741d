import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, type FrrVersion } from '../../../labs/frr.ts';
import { labRoot, run, until } from '../../../labs/lab.ts';
import { Page } from '../../../labs/page.ts';
import type { OpenFrr } from '../open-frr.ts';
import { openRouters } from './open-routers.ts';

interface Summary {
  readonly default: { readonly peers: Record<string, { readonly state: string; readonly pfxRcd: number }> };
}

/** Name, state and, while established, prefixes of every peer. */
type Peers = Record<string, [state: string, prefixes: number | undefined]>;

const toldPeers = ({ peers }: Summary['default']): Peers =>
  Object.fromEntries(
    Object.entries(peers).map(([name, { state, pfxRcd }]) => [
      name,
      [state.replace(/ .*/, ''), state === 'Established' ? pfxRcd : undefined],
    ]),
  );

function shownPeers(page: Page, labels: Record<string, string>): Peers {
  const { afi, ...session } = labels;
  return Object.fromEntries(
    page.labelValues('frr_bgp_peer_message_received_total', 'peer', labels).map((peer) => {
      const states = page.find('frr_bgp_peer_session_state', { ...session, peer }).filter(({ value }) => value === 1);
      const prefixes = page.value('frr_bgp_peer_prefixes_received_count_total', { ...labels, peer });
      const uptime = page.value('frr_bgp_peer_uptime_seconds', { ...labels, peer });
      const state = states[0]?.labels['state'] ?? 'none';
      expect(uptime !== undefined, `${peer} ${afi} has an uptime`).toBe(state === 'Established');
      return [peer, [state, prefixes]];
    }),
  );
}

/** What a quiet lab must look like. @param read the routers r1, r2 and r3 */
export function testSessions(version: FrrVersion, read: () => OpenFrr): void {
  const scrape = async () => {
    const { failures, text, facts } = await read().scrape();
    expect(failures).toEqual({});
    return { page: new Page(text), facts };
  };

  test('every session is what FRR says it is', async () => {
    // Both are read one after the other, and prefixes still come in: they must agree in the end.
    for (const router of ['r1', 'r2', 'r3'])
      for (const afi of ['ipv4', 'ipv6'])
        await until(
          async () => {
            const { default: truth } = await ask<Summary>(
              version,
              router,
              `show bgp vrf all ${afi} unicast summary json`,
            );
            expect(shownPeers((await scrape()).page, { router, afi, vrf: 'default' })).toEqual(toldPeers(truth));
            return true;
          },
          { what: `the sessions of ${router}, ${afi}, are shown as they are`, everyMs: 500 },
        );
  });

  test('a family that was not negotiated is not up', async () => {
    const { page } = await scrape();
    const of = (afi: string) => ({ router: 'r1', peer: '192.0.2.1', afi });
    expect(page.value('frr_bgp_peer_state', of('ipv4'))).toBe(1);
    expect(page.value('frr_bgp_peer_negotiated', of('ipv6'))).toBe(0);
    expect(page.value('frr_bgp_peer_state', of('ipv6'))).toBe(0);
    const none = { router: 'r1', peer: '192.0.2.250', afi: 'ipv4' };
    expect(page.value('frr_bgp_peer_negotiated', none)).toBeUndefined();
    expect(page.value('frr_bgp_peer_state', none)).toBe(0);
  });

  test('every oddity of a peer is told', async () => {
    // The last of the sessions come a few seconds after the others.
    await until(
      async () => {
        const { page } = await scrape();
        const info = (router: string, peer: string) => page.find('frr_bgp_peer_info', { router, peer })[0]?.labels;
        expect(info('r1', '192.0.2.2')).toMatchObject({
          description: '{"desc":"core2 \\ quoted","type":"transit"}',
          peer_group: 'CORE',
          role: 'transit',
        });
        expect(info('r1', 'to-h2')).toMatchObject({ kind: 'unnumbered', role: 'host', peer_as: '64515' });
        expect(info('r1', 'to-h2')?.['address']).toMatch(/^fe80::/);
        expect(info('r1', 'to-r2')).toMatchObject({ kind: 'unnumbered', role: 'internal' });
        expect(info('r2', '198.51.100.21')).toMatchObject({ kind: 'dynamic', role: 'host' });
        // RFC 8950: IPv4 prefixes over a session of IPv6.
        const rfc8950 = { router: 'r1', peer: '2001:db8:100::23', afi: 'ipv4' };
        expect(page.value('frr_bgp_peer_prefixes_received_count_total', rfc8950)).toBe(2);
        expect(page.value('frr_bgp_peer_admin_down', { router: 'r1', peer: '192.0.2.251' })).toBe(1);
        expect(page.value('frr_bgp_peer_state', { router: 'r1', peer: '192.0.2.251', afi: 'ipv4' })).toBe(2);
        expect(page.value('frr_bgp_peer_state', { router: 'r1', peer: '192.0.2.252', afi: 'ipv4' })).toBe(0);
        expect(page.value('frr_bgp_peer_state', { router: 'r1', peer: '198.51.100.13', afi: 'ipv4' })).toBe(1);
        expect(page.value('frr_bgp_peer_established_total', { router: 'r3', peer: '2001:db8:ff::2' })).toBe(0);
        expect(page.value('frr_bgp_peer_prefix_limit_hit', { router: 'r3', peer: '192.0.2.2' })).toBe(1);
        expect(page.value('frr_bgp_peer_prefix_limit', { router: 'r3', peer: '192.0.2.2', afi: 'ipv4' })).toBe(5);
        const notification = page.find('frr_bgp_peer_last_notification_info', { router: 'r3', peer: '192.0.2.2' });
        // RFC 4486: Cease, maximum number of prefixes reached.
        expect(notification[0]?.labels).toMatchObject({ code: '6', subcode: '1', direction: 'sent' });
        const blue = { router: 'r2', vrf: 'BLUE', peer: '203.0.113.200' };
        expect(page.value('frr_bgp_peer_state', { ...blue, afi: 'ipv4' })).toBe(0);
        expect(page.labelValues('frr_bgp_peers_count_total', 'vrf', { router: 'r1' })).toEqual(['default']);
        return true;
      },
      { what: 'every peer is there, as it is configured', everyMs: 500 },
    );
  });

  test('BFD, VRRP, routes, daemons and the version', async () => {
    const { page, facts } = await scrape();
    expect(page.value('frr_bfd_peer_state', { router: 'r1', peer: '192.0.2.1' })).toBe(1);
    expect(page.value('frr_bfd_peer_session_up_total', { router: 'r1', peer: '192.0.2.1' })).toBeGreaterThan(0);
    expect(page.value('frr_bfd_peer_state', { router: 'r1', peer: '192.0.2.250' })).toBe(0);
    expect(page.value('frr_bfd_peer_uptime', { router: 'r1', peer: '192.0.2.250' })).toBeUndefined();
    for (const proto of ['v4', 'v6']) {
      const masters = page.find('frr_vrrp_state', { proto, state: 'Master' }).filter(({ value }) => value === 1);
      expect(masters.map(({ labels }) => labels['router'])).toEqual(['r1']);
    }
    expect(facts.map(({ vrrp }) => vrrp?.filter(({ master }) => master).length)).toEqual([2, 0, 0]);
    expect(page.value('frr_vrrp_effective_priority', { router: 'r1', proto: 'v4' })).toBe(200);
    const { routesTotal } = await ask<{ routesTotal: number }>(version, 'r1', 'show ip route summary json');
    expect(page.value('frr_route_total', { router: 'r1', afi: 'ipv4', vrf: 'default' })).toBe(routesTotal);
    expect(page.value('frr_route_fib_count', { router: 'r1', afi: 'ipv6', route_type: 'ebgp' })).toBeGreaterThan(0);
    const daemons = ['bfdd', 'bgpd', 'staticd', 'vrrpd', 'zebra'];
    expect(page.labelValues('frr_daemon_up', 'daemon', { router: 'r1' })).toEqual(expect.arrayContaining(daemons));
    expect(page.find('frr_daemon_up').every(({ value }) => value === 1)).toBe(true);
    expect(page.labelValues('frr_info', 'version')).toEqual([version === '8' ? '8.4.4' : '10.3']);
  });

  test('the facts name the peers by role, and the paths to a prefix', async () => {
    const { page, facts } = await scrape();
    const [r1] = facts;
    const transit = r1?.peers
      ?.filter(({ role }) => role === 'transit')
      .map(({ name, families }) => ({ name, families }));
    expect(transit).toEqual(
      expect.arrayContaining([
        { name: '192.0.2.1', families: { ipv4: true, ipv6: false } },
        { name: '2001:db8:ff::1', families: { ipv4: false, ipv6: true } },
      ]),
    );
    expect(transit).toHaveLength(4);
    const paths = r1?.routes?.paths.get('10.20.0.53/32') ?? [];
    expect(paths.find(({ peer }) => peer === '198.51.100.21')).toMatchObject({
      nexthops: ['198.51.100.21'],
      valid: true,
      stale: false,
    });
    expect(paths.filter(({ best }) => best)).toHaveLength(1);
    expect(r1?.routes?.complete).toEqual(['ipv4', 'ipv6']);
    expect(page.value('frr_bgp_prefix_paths', { router: 'r1', prefix: '10.20.0.53/32' })).toBe(paths.length);
    expect(page.value('frr_bgp_prefix_paths', { router: 'r1', prefix: '192.0.2.0/24' })).toBe(0);
  });

  test('a router without VRRP is read without complaint', async () => {
    const hosts = openRouters(version, ['h2']);
    const { failures, facts } = await hosts.scrape();
    await hosts.close();
    expect(failures).toEqual({});
    expect(facts[0]?.vrrp).toEqual([]);
  });

  test('ten clients at once are all served', async () => {
    const clients = Array.from({ length: 10 }, () => openRouters(version, ['r1']));
    const pages = await Promise.all(clients.map((client) => client.scrape()));
    await Promise.all(clients.map((client) => client.close()));
    expect(pages.map(({ failures }) => failures)).toEqual(clients.map(() => ({})));
  });

  test('leaving in the middle of a cycle hurts nobody', async () => {
    const routers = ['r1', 'r2', 'r3'];
    for (let round = 0; round < 10; round++) {
      const client = openRouters(version, routers);
      const cycle = client.scrape();
      await new Promise((resolve) => setTimeout(resolve, round * 3));
      await client.close();
      await cycle;
    }
    expect((await read().scrape()).failures).toEqual({});
  });

  test('no password is in the page, and promtool accepts it', async () => {
    const { page } = await scrape();
    expect(page.text).not.toMatch(/s3cret|labpw/);
    const file = join(labRoot, 'frr', 'page.prom');
    writeFileSync(file, page.text);
    expect(await run('bash', ['-c', `promtool check metrics <${file}`])).toBe('');
  });
}
