import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask, frrVersions, livePids, socketsOf, startLargeFrr, stopFrr } from '../../labs/frr.ts';
import { describeLab, until } from '../../labs/lab.ts';
import { Page } from '../../labs/page.ts';
import { startVtyRelay, type VtyPace, type VtyRelay } from '../../labs/vty-relay.ts';
import { type OpenFrr, openFrr } from './open-frr.ts';

const HARMLESS_BYTES = 128 * 1024;
/** A reply of a summary takes about half a second. */
const dawdling: VtyPace = { bytes: 4096, pauseMs: 20 };

describeLab('frr', () => {
  describe.each(frrVersions)('FRR %s with 200 neighbours and 50,000 routes', (version) => {
    let pids: readonly string[] = [];
    const open: { close(): Promise<void> }[] = [];
    /** A rackwatch whose every byte to and from the daemons is seen. */
    const watch = async (settings: object, pace?: VtyPace): Promise<{ frr: OpenFrr; relays: VtyRelay[] }> => {
      const paths = ['bgpd', 'zebra'].map((daemon) => join(socketsOf(version, 's'), `${daemon}.vty`));
      const relays = await Promise.all(paths.map((path) => startVtyRelay(path, pace)));
      const sockets = { bgpd: relays[0]?.path, zebra: relays[1]?.path };
      const frr = openFrr({ timeout: '20s', routers: [{ name: 's', sockets }], ...settings });
      open.push(frr, ...relays);
      return { frr, relays };
    };

    beforeAll(() => startLargeFrr(version), 400_000);
    afterAll(() => stopFrr(version));
    beforeEach(() => {
      pids = livePids(version, ['s', 't']);
      expect(pids).toHaveLength(4);
    });
    afterEach(async () => {
      for (const one of open.splice(0)) await one.close();
      expect(livePids(version, ['s', 't'])).toEqual(pids);
    });

    test('every neighbour is shown, and no reply is one that could hurt', async () => {
      const { frr, relays } = await watch({ prefixes: ['100.64.0.0/30', '203.0.113.0/24'] });
      let page = new Page('');
      const established = async () => {
        const { failures, text } = await frr.scrape();
        expect(failures).toEqual({});
        page = new Page(text);
        return ['ipv4', 'ipv6'].every(
          (afi) => page.find('frr_bgp_peer_state', { afi }).filter(({ value }) => value === 1).length === 200,
        );
      };
      await until(established, { what: 'the details of all were read, 32 a cycle' });
      expect(page.labelValues('frr_bgp_peer_info', 'description')).toHaveLength(200);
      const first = { peer: '10.9.0.1', afi: 'ipv4' };
      expect(page.value('frr_bgp_peer_prefixes_received_count_total', first)).toBe(50_000);
      expect(page.value('frr_bgp_rib_count_total', { afi: 'ipv4' })).toBeGreaterThanOrEqual(50_000);
      const { routesTotal } = await ask<{ routesTotal: number }>(version, 's', 'show ip route summary json');
      expect(page.value('frr_route_total', { afi: 'ipv4' })).toBe(routesTotal);
      // Of a large table only what was asked for is read.
      expect(page.value('frr_bgp_prefix_paths', { prefix: '100.64.0.0/30' })).toBe(2);
      expect(page.value('frr_bgp_prefix_paths', { prefix: '203.0.113.0/24' })).toBe(0);
      const replies = relays.flatMap((relay) => relay.replies);
      expect(replies.filter(({ bytes }) => bytes > HARMLESS_BYTES)).toEqual([]);
      // The summaries are the largest: seen, and not far from the bound.
      expect(Math.max(...replies.map(({ bytes }) => bytes))).toBeGreaterThan(HARMLESS_BYTES / 2);
      expect(relays.map(({ hangUps }) => hangUps)).toEqual([0, 0]);
    });

    test('a client that reads slowly gets it all, and nobody else waits for it', async () => {
      const { frr: slow } = await watch({}, dawdling);
      const { frr: other } = await watch({});
      let isOver = false;
      const slowly = slow.scrape().finally(() => {
        isOver = true;
      });
      let meanwhile = 0;
      while (!isOver) {
        const { failures, samples } = await other.scrape();
        expect(failures).toEqual({});
        expect(samples.size).toBeGreaterThan(4000);
        if (!isOver) meanwhile++;
      }
      const { failures, samples } = await slowly;
      expect(failures).toEqual({});
      expect(meanwhile).toBeGreaterThan(0);
      const names = ['frr_bgp_peer_prefixes_received_count_total', 'frr_bgp_peer_established_total'];
      const shown = (all: ReadonlyMap<string, number>) =>
        [...all].filter(([series]) => names.some((name) => series.startsWith(name))).sort();
      expect(shown(samples)).toHaveLength(3 * 200);
      expect(shown(samples)).toEqual(shown((await other.scrape()).samples));
    });

    test('a reply that comes too late is read to its end, and nothing is asked meanwhile', async () => {
      const { frr, relays } = await watch({ timeout: '300ms' }, { bytes: 4096, pauseMs: 40 });
      const [bgpd] = relays as [VtyRelay];
      const lost = async () => (await frr.scrape()).failures['s/bgp']?.code === 'timeout';
      await until(lost, { what: 'a cycle runs out of time' });
      const seen = bgpd.replies.length;
      await until(() => bgpd.replies.length > seen, { what: 'the late reply has come whole' });
      expect(bgpd.hangUps).toBe(0);
    });
  });
});
