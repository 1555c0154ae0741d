import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeLab, until } from '../../labs/lab.ts';
import {
  ask,
  clusterMembers,
  cutNetwork,
  freezeServer,
  healNetwork,
  killServer,
  lxdSource,
  moveInstances,
  ownMetrics,
  type Server,
  startCluster,
  stopCluster,
  thawServer,
} from '../../labs/lxd.ts';
import type { Page } from '../../labs/page.ts';
import { type Rackwatch, startRackwatch } from '../../labs/rackwatch.ts';
import { expectComplete, instanceKey, seriesOfMembers, steadySeries, watch, watchRecovery } from './drill.ts';

interface Listed {
  readonly name: string;
  readonly project: string;
  readonly location: string;
}

const config = (settings: object = {}) => ({
  sources: { lxd: { ...lxdSource(['m1', 'm2']), min_age: '1s', timeout: '20s', ...settings } },
});

const DRILL_MS = 400_000;

describeLab('lxd', () => {
  let rackwatch: Rackwatch;
  let healthy: Page;

  beforeAll(async () => {
    await startCluster();
    rackwatch = await startRackwatch(config());
    const isWhole = (page: Page) =>
      page.find('rackwatch_collector_success').every(({ value }) => value === 1) &&
      page.labelValues('lxd_procs_total', 'name').length === 6 &&
      page.find('lxd_instance_processes').length === 6;
    healthy = await rackwatch.scrapeUntil('a page of the whole cluster', isWhole);
  });

  // Whatever the test before has left behind is over before the next one begins.
  beforeEach(() => watchRecovery(rackwatch, steadySeries(healthy)), DRILL_MS);

  afterAll(async () => {
    await rackwatch?.stop();
    await stopCluster();
  });

  test('shows every instance of every member exactly once', async () => {
    const listed = await ask<Listed[]>('m1', '/1.0/instances?recursion=1&all-projects=true');
    const expected = listed.map(({ location, name, project }) => `${project}/${name} on ${location}`).sort();
    expect(expected).toHaveLength(6);
    const shown = (family: string) =>
      healthy.find(family).map(({ labels }) => `${instanceKey(labels)} on ${labels.member}`);
    expect(shown('lxd_instance_info').sort()).toEqual(expected);
    // From each member's own metrics; a repeated series would not have passed the reading of the page.
    expect(shown('lxd_procs_total').sort()).toEqual(expected);
  });

  test('shows what each member serves itself, series by series, with its name added', async () => {
    for (const member of clusterMembers) {
      const lines = (await ownMetrics(member)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      const own = new Set(
        lines.map((line) => line.slice(0, line.lastIndexOf(' ')).replace(/\}$/, `,member="${member}"}`)),
      );
      const native = healthy.text.split('\n').filter((line) => /^lxd_\w+\{.*,type="container",member=/.test(line));
      const filesystems = healthy.text.split('\n').filter((line) => line.startsWith('lxd_filesystem_'));
      const shown = [...native, ...filesystems].map((line) => line.slice(0, line.lastIndexOf(' ')));
      expect(new Set(shown.filter((series) => series.endsWith(`,member="${member}"}`)))).toEqual(own);
    }
  });

  test('names the members, their states and their roles', async () => {
    expect(healthy.labelValues('lxd_cluster_member_info', 'member')).toEqual(['m1', 'm2', 'm3']);
    expect(healthy.find('lxd_cluster_member_role', { role: 'database-leader' })).toHaveLength(1);
    expect(healthy.find('lxd_cluster_member_role', { role: 'database' })).toHaveLength(3);
    for (const member of clusterMembers) {
      const states = healthy.find('lxd_cluster_member_status', { member });
      expect(Object.fromEntries(states.map(({ labels, value }) => [labels.status, value]))).toEqual({
        online: 1,
        offline: 0,
        evacuated: 0,
        blocked: 0,
      });
    }
  });

  /** One member goes away: the others stay complete, it is told to be gone, and all is well once it is back. */
  async function drill(victim: Server, strike: () => unknown, recover: () => unknown, codes: RegExp): Promise<void> {
    const others = clusterMembers.filter((member) => member !== victim);
    const expected = seriesOfMembers(healthy, others);
    try {
      await strike();
      const page = await watch(rackwatch, {
        what: `${victim} is seen to be offline`,
        always: (shown) => expectComplete(shown, expected, ['cluster', ...others]),
        done: (shown) =>
          shown.value('rackwatch_target_up', { target: victim }) === 0 &&
          shown.value('lxd_cluster_member_status', { member: victim, status: 'offline' }) === 1 &&
          shown.value('lxd_instance_state', { name: `a${victim.slice(1)}`, state: 'error' }) === 1,
      });
      expect(page.value('lxd_cluster_member_status', { member: victim, status: 'online' })).toBe(0);
      expect(page.labelValues('rackwatch_collector_errors_total', 'code', { target: victim }).join()).toMatch(codes);
      for (const member of others) {
        expect(page.value('rackwatch_target_up', { target: member })).toBe(1);
        expect(page.value('lxd_cluster_member_status', { member, status: 'online' })).toBe(1);
      }
    } finally {
      await recover();
    }
    await watchRecovery(rackwatch, steadySeries(healthy), (shown) =>
      expectComplete(shown, expected, ['cluster', ...others]),
    );
  }

  test(
    'a member is killed: the first endpoint, and the leader of the database',
    () => drill('m1', () => killServer('m1'), startCluster, /connect/),
    DRILL_MS,
  );

  /** A member without which the database need not choose a leader, for which all the others would have to wait. */
  async function follower(): Promise<Server> {
    const page = await rackwatch.scrape();
    const leader = page.labelValues('lxd_cluster_member_role', 'member', { role: 'database-leader' });
    return clusterMembers.find((member) => !leader.includes(member)) ?? 'm3';
  }

  test(
    'a member hangs: it takes connections and never answers',
    async () => {
      const victim = await follower();
      await drill(
        victim,
        () => freezeServer(victim),
        () => thawServer(victim),
        /timeout/,
      );
    },
    DRILL_MS,
  );

  test(
    'a member is cut off the network',
    async () => {
      const victim = await follower();
      await drill(
        victim,
        () => cutNetwork(victim),
        () => healNetwork(victim),
        /connect|timeout/,
      );
    },
    DRILL_MS,
  );

  test(
    'a member is evacuated and restored',
    async () => {
      const expected = seriesOfMembers(healthy, ['m1', 'm2']);
      const instances = healthy.find('lxd_instance_info').map(({ labels }) => instanceKey(labels));
      const always = (page: Page) => {
        expectComplete(page, expected, ['cluster', ...clusterMembers]);
        const shown = page.find('lxd_instance_info').map(({ labels }) => instanceKey(labels));
        // Between removing the instance and renaming its twin, LXD lists the twin alone: then it is not shown.
        expect(shown.filter((key) => !instances.includes(key))).toEqual([]);
        expect(shown).toHaveLength(new Set(shown).size);
      };
      await moveInstances('m3', 'evacuate');
      await watch(rackwatch, {
        what: 'm3 is evacuated, and its instances run elsewhere',
        always,
        done: (page) =>
          page.value('lxd_cluster_member_status', { member: 'm3', status: 'evacuated' }) === 1 &&
          page.find('lxd_instance_info', { member: 'm3' }).length === 0 &&
          page.find('lxd_procs_total', { member: 'm3' }).length === 0 &&
          page.find('lxd_procs_total').length === 6,
      });
      // Refused for as long as LXD still tidies up after the evacuation.
      await until(() => moveInstances('m3', 'restore'), { what: 'LXD takes the order to restore m3' });
      await watchRecovery(rackwatch, steadySeries(healthy), always);
    },
    DRILL_MS,
  );

  test(
    'the quorum is lost: nothing is claimed any more, and all comes back with it',
    async () => {
      rackwatch.configure(config({ stale_after: '20s' }));
      expect(await rackwatch.reload()).toMatchObject({ status: 200 });
      await watchRecovery(rackwatch, steadySeries(healthy));
      await killServer('m2');
      await killServer('m3');
      const page = await watch(rackwatch, {
        what: 'the states of the members are withdrawn',
        always: (shown) => {
          for (const { value } of shown.find('rackwatch_snapshot_age_seconds')) expect(value).toBeLessThan(20);
        },
        done: (shown) =>
          shown.value('rackwatch_target_up', { target: 'cluster' }) === 0 &&
          shown.find('lxd_cluster_member_status').length === 0 &&
          shown.find('lxd_instance_state').length === 0 &&
          shown.value('rackwatch_collector_success', { target: 'm1', collector: 'native' }) === 0,
      });
      expect(page.value('rackwatch_target_up', { target: 'm2' })).toBe(0);
      expect(page.value('rackwatch_target_up', { target: 'm3' })).toBe(0);
      await startCluster();
      await watchRecovery(rackwatch, steadySeries(healthy));
    },
    DRILL_MS,
  );
});
