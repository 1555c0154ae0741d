import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { allPids, frrVersions, startFrr, stopFrr } from '../../labs/frr.ts';
import { describeLab, until } from '../../labs/lab.ts';
import { Page } from '../../labs/page.ts';
import { testComparison } from './on-routers/comparison.ts';
import { testEvents } from './on-routers/events.ts';
import { openRouters } from './on-routers/open-routers.ts';
import { testSessions } from './on-routers/sessions.ts';
import { testSsh } from './on-routers/ssh.ts';
import type { OpenFrr } from './open-frr.ts';

describeLab('frr', () => {
  describe.each(frrVersions)('FRR %s', (version) => {
    let frr: OpenFrr;

    beforeAll(async () => {
      await startFrr(version);
      frr = openRouters(version, ['r1', 'r2', 'r3'], { timeout: '5s' });
      const limitHit = async () =>
        new Page((await frr.scrape()).text).value('frr_bgp_peer_prefix_limit_hit', { router: 'r3', peer: '192.0.2.2' });
      await until(limitHit, { what: 'r3 has shut p2 down for its prefixes', everyMs: 500 });
    }, 500_000);
    afterAll(async () => {
      await frr?.close();
      await stopFrr(version);
    });

    describe('observing does not break routing', () => {
      let pids: readonly string[] = [];
      beforeEach(() => {
        pids = allPids(version);
      });
      afterEach(() => expect(allPids(version)).toEqual(pids));
      testSessions(version, () => frr);
      testComparison(version, () => frr);
      if (version === '10') testSsh(() => frr);
    });
    describe('events', () => testEvents(version, () => frr));
  });
});
