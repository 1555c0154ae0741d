import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeLab, until } from '../../labs/lab.ts';
import {
  ask,
  type CertificateKind,
  killServer,
  lxc,
  lxdSource,
  moveInstances,
  type Server,
  startCluster,
  stopCluster,
} from '../../labs/lxd.ts';
import type { Page } from '../../labs/page.ts';
import { dump, type Rackwatch, startRackwatch } from '../../labs/rackwatch.ts';
import { watch } from './drill.ts';

const config = (kind: CertificateKind = 'client') => ({
  scrape_timeout: '20s',
  sources: { lxd: { ...lxdSource(['m1', 'm2'], kind), min_age: '0s', timeout: '20s' } },
});

const DRILL_MS = 180_000;

const maintenanceOf = (page: Page) => page.value('rackwatch_member_maintenance', { member: 'm3' });
const startOf = (page: Page) =>
  page.value('rackwatch_member_maintenance_start_timestamp_seconds', { member: 'm3' }) ?? 0;
const reachable = (page: Page, member: string) => page.value('rackwatch_member_reachable', { member });
const phaseOf = (page: Page) =>
  page.find('rackwatch_member_maintenance_phase', { member: 'm3' }).find(({ value }) => value === 1)?.labels.phase;
const count = (page: Page, action: string) => page.value('rackwatch_lifecycle_events_total', { action }) ?? Number.NaN;
const connected = (page: Page) => page.value('lxd_events_connected');

/** Does not wait for the end: LXD's client waits for an event that it may miss while a member is away. */
const restart = (server: Server, instance: string): Promise<string> =>
  lxc(server, 'query', '-X', 'PUT', '-d', '{"action":"restart","force":true}', `/1.0/instances/${instance}/state`);

interface RunningOperation {
  readonly description: string;
  readonly created_at: string;
}

/** The operation under way of that description, by LXD's own word. */
async function running(description: string): Promise<RunningOperation | undefined> {
  const operations = await ask<{ running?: RunningOperation[] }>('m1', '/1.0/operations?recursion=1');
  return operations.running?.find((operation) => operation.description === description);
}

describeLab('lxd', () => {
  let rackwatch: Rackwatch;
  let calm: Page;
  let startedAt = 0;
  let endedAt = 0;

  beforeAll(async () => {
    await startCluster();
    rackwatch = await startRackwatch(config());
    calm = await rackwatch.scrapeUntil(
      'events are followed and every member answers',
      (page) => ['m1', 'm2', 'm3'].every((member) => reachable(page, member) === 1) && connected(page) === 1,
    );
  }, DRILL_MS);

  afterAll(async () => {
    await rackwatch?.stop();
    await stopCluster();
  });

  /** The phases that pages show from now on, until the last one wanted. */
  async function phasesUntil(last: string | undefined, always: (page: Page) => void): Promise<(string | undefined)[]> {
    const seen: (string | undefined)[] = [];
    await watch(rackwatch, {
      what: `phase ${last}`,
      always: (page) => {
        if (seen.at(-1) !== phaseOf(page) || seen.length === 0) seen.push(phaseOf(page));
        always(page);
      },
      done: (page) => phaseOf(page) === last && (last !== undefined || maintenanceOf(page) === 0),
    });
    return seen;
  }

  test('nothing is in maintenance, and every instance is up', () => {
    expect(calm.find('rackwatch_member_maintenance').map(({ value }) => value)).toEqual([0, 0, 0]);
    expect(calm.find('rackwatch_member_maintenance_start_timestamp_seconds')).toEqual([]);
    expect(calm.find('rackwatch_instance_down').map(({ value }) => value)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(calm.find('rackwatch_instance_expected_running').map(({ value }) => value)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(calm.find('rackwatch_instance_displaced')).toEqual([]);
  });

  test(
    'an evacuation is seen from its first moment, with the time at which LXD began it',
    async () => {
      await lxc('m1', 'config', 'set', 'a3', 'cluster.evacuate=stop');
      await moveInstances('m3', 'evacuate');
      // LXD takes the order, and begins a moment later.
      const operation = await until(() => running('Evacuating cluster member'), {
        what: 'LXD says that it evacuates',
        everyMs: 20,
      });
      startedAt = Date.parse(operation.created_at) / 1000;
      // An answer of LXD serves all cycles of its second.
      await rackwatch.scrapeUntil('the evacuation is seen', (page) => maintenanceOf(page) === 1);
      const phases = await phasesUntil('evacuated', (page) => {
        expect(maintenanceOf(page)).toBe(1);
        expect(startOf(page)).toBeCloseTo(startedAt, 2);
        expect(reachable(page, 'm3')).toBe(1);
      });
      endedAt = Date.now() / 1000;
      expect(phases).toEqual(['evacuating', 'evacuated']);
      // The one that stays is stopped and still ought to run; the one that moved runs, and is where it should be.
      const page = await rackwatch.scrapeUntil('events have come', (one) => count(one, 'instance-started') >= 1);
      expect(count(page, 'instance-shutdown') - count(calm, 'instance-shutdown')).toBe(2);
      expect(count(page, 'instance-started') - count(calm, 'instance-started')).toBe(1);
      expect(page.value('rackwatch_instance_down', { name: 'a3', member: 'm3' })).toBe(1);
      expect(page.find('rackwatch_instance_down', { name: 'k3' }).map(({ value }) => value)).toEqual([0]);
      expect(page.find('rackwatch_instance_displaced')).toEqual([]);
    },
    DRILL_MS,
  );

  test(
    'a process that was started later knows it too, and since when at most, also with fewer rights',
    async () => {
      for (const kind of ['client', 'restricted'] as const) {
        const { page } = await dump(config(kind));
        expect(maintenanceOf(page)).toBe(1);
        expect(phaseOf(page)).toBe('evacuated');
        // The first start of what was moved: proved, and close.
        expect(startOf(page)).toBeGreaterThan(startedAt);
        expect(startOf(page)).toBeLessThanOrEqual(endedAt);
        // LXD 5.0 lets a restricted certificate follow events.
        expect(connected(page)).toBe(1);
      }
    },
    DRILL_MS,
  );

  test(
    'the evacuated member is killed: it stays in maintenance and is told to be away, then to be back',
    async () => {
      await killServer('m3');
      const always = (page: Page) => {
        expect(maintenanceOf(page)).toBe(1);
        expect(phaseOf(page)).toBe('evacuated');
        expect(startOf(page)).toBeCloseTo(startedAt, 2);
      };
      const page = await watch(rackwatch, {
        what: 'm3 is away',
        always,
        done: (one) =>
          reachable(one, 'm3') === 0 && one.value('lxd_instance_state', { name: 'a3', state: 'error' }) === 1,
      });
      expect(page.value('lxd_cluster_member_status', { member: 'm3', status: 'evacuated' })).toBe(1);
      expect(page.find('rackwatch_instance_down', { name: 'a3' })).toEqual([]);
      await startCluster();
      await watch(rackwatch, { what: 'm3 is back', always, done: (one) => reachable(one, 'm3') === 1 });
    },
    DRILL_MS,
  );

  test(
    'the stream of events breaks: another member serves it, and what happens then is counted',
    async () => {
      try {
        await killServer('m1');
        const before = await watch(rackwatch, {
          what: 'events are followed without m1',
          always: (page) => expect(maintenanceOf(page)).toBe(1),
          done: (page) => reachable(page, 'm1') === 0 && connected(page) === 1,
        });
        await until(() => restart('m2', 'a2'), { what: 'LXD takes the order to restart a2 without m1' });
        await rackwatch.scrapeUntil('the restart is counted', (page) => {
          return count(page, 'instance-restarted') > count(before, 'instance-restarted');
        });
      } finally {
        await startCluster();
      }
      await rackwatch.scrapeUntil('m1 is back', (page) => reachable(page, 'm1') === 1);
    },
    DRILL_MS,
  );

  test(
    'a restore is seen to its end, and then all is where it was',
    async () => {
      // Refused for as long as LXD still tidies up after what was done to its members.
      await until(() => moveInstances('m3', 'restore'), { what: 'LXD takes the order to restore m3' });
      let over = false;
      const phases = await phasesUntil(undefined, (page) => {
        if (over) expect(maintenanceOf(page)).toBe(0);
        over = maintenanceOf(page) === 0;
        if (!over) expect(startOf(page)).toBeCloseTo(startedAt, 2);
      });
      expect(phases.at(-2)).toBe('restoring');
      const page = await rackwatch.scrapeUntil(
        'every instance is at home and up',
        (one) =>
          one.find('lxd_instance_info', { member: 'm3' }).length === 2 &&
          one.find('rackwatch_instance_down').every(({ value }) => value === 0),
      );
      expect(page.find('rackwatch_instance_displaced')).toEqual([]);
      expect(page.find('rackwatch_member_maintenance_start_timestamp_seconds')).toEqual([]);
    },
    DRILL_MS,
  );
});
