import { afterAll, beforeAll, expect, test } from 'vitest';
import { addClusterRouter } from '../../labs/frr-lxd.ts';
import { describeLab, until } from '../../labs/lab.ts';
import {
  ask,
  cutNetwork,
  freezeServer,
  healNetwork,
  lxc,
  lxdSource,
  type Server,
  startCluster,
  stopCluster,
  thawServer,
} from '../../labs/lxd.ts';
import { Page } from '../../labs/page.ts';
import { type OpenFrr, openFrr } from './open-frr.ts';

const TEST_MS = 200_000;

/** A router that is an instance of a cluster, read through members that it is not on. */
describeLab(['frr', 'lxd'], () => {
  let frr: OpenFrr;
  const open = (endpoints: readonly Server[]): OpenFrr =>
    openFrr({
      timeout: '8s',
      lxd: lxdSource(endpoints),
      routers: [{ name: 'frr01', lxd: { project: 'infra', instance: 'router' } }],
    });
  const isRead = async (from: OpenFrr): Promise<boolean> => {
    const { failures, text } = await from.scrape();
    expect(failures).toEqual({});
    return new Page(text).value('frr_bgp_peer_admin_down', { router: 'frr01', peer: '10.99.0.2' }) === 1;
  };
  const readAgain = (from: OpenFrr): Promise<unknown> =>
    until(() => isRead(from), { what: 'the router is read', everyMs: 500, timeoutMs: 120_000 });
  const location = async (): Promise<string> =>
    (await ask<{ location: string }>('m2', '/1.0/instances/router?project=infra')).location;

  beforeAll(async () => {
    await startCluster();
    await addClusterRouter();
    frr = open(['m2', 'm3']);
  }, 350_000);
  afterAll(async () => {
    await frr?.close();
    await stopCluster();
  });

  test('it is read through any member, and after it has moved, without a change', { timeout: TEST_MS }, async () => {
    expect(await location()).toBe('m1');
    await readAgain(frr);
    await lxc('m1', '--project', 'infra', 'stop', '--force', 'router');
    expect((await frr.scrape()).failures['frr01/bgp']?.code).toBe('unavailable');
    await lxc('m1', '--project', 'infra', 'move', 'router', '--target', 'm3');
    await lxc('m1', '--project', 'infra', 'start', 'router');
    expect(await location()).toBe('m3');
    await readAgain(frr);
  });

  test('while its member is away it is an error, and afterwards it is read again', { timeout: TEST_MS }, async () => {
    const through = open(['m1', 'm2']);
    await readAgain(through);
    await cutNetwork('m3');
    try {
      for (let round = 0; round < 2; round++) {
        const { failures, samples } = await through.scrape();
        expect(['timeout', 'unavailable']).toContain(failures['frr01/bgp']?.code);
        expect([...samples.keys()].filter((series) => series.startsWith('frr_bgp'))).toEqual([]);
      }
    } finally {
      await healNetwork('m3');
    }
    await readAgain(through);
    await through.close();
  });

  test.each([
    ['unreachable', cutNetwork, healNetwork],
    ['frozen', freezeServer, thawServer],
  ] as const)('an endpoint that is %s is left for another', { timeout: TEST_MS }, async (_, harm, heal) => {
    const through = open(['m2', 'm1']);
    await readAgain(through);
    await harm('m2');
    try {
      // A frozen member may be the cluster's leader: then another one is elected first.
      await readAgain(through);
    } finally {
      await heal('m2');
    }
    await readAgain(through);
    await through.close();
  });
});
