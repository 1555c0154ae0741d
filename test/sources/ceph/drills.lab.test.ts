import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  adminSockets,
  cephCommand,
  cephConf,
  daemonPid,
  killDaemon,
  managerUrls,
  monitors,
  startCeph,
  startDaemon,
  stopCeph,
} from '../../labs/ceph.ts';
import { describeLab, run, until } from '../../labs/lab.ts';
import { start } from '../../labs/process.ts';
import type { Page, WatchedCeph } from './page.ts';
import { watchCeph } from './page.ts';

/*
 * Something breaks in a real cluster, and the page must tell the truth about it. The drills go from the harmless to the
 * deadly, and each leaves the cluster as the next one needs it.
 */
describeLab('ceph', () => {
  let watched: WatchedCeph;
  /** The active manager, and the one that stands by. */
  let active: 'x' | 'y' = 'x';
  const standby = () => (active === 'x' ? 'y' : 'x');

  beforeAll(async () => {
    await startCeph();
    watched = watchCeph({ managers: Object.values(managerUrls), monitors, frozen_after: '15s' });
  }, 300_000);

  afterAll(async () => {
    await watched?.close();
    await stopCeph();
  });

  const scrapeUntil = (what: string, condition: (page: Page) => boolean): Promise<Page> =>
    until(
      async () => {
        const page = await watched.scrape();
        return condition(page) ? page : undefined;
      },
      { what, everyMs: 300, timeoutMs: 100_000 },
    );

  const isRaised = (page: Page, check: string, level = 'warn') =>
    page.value(`rackwatch_ceph_health_check_active{check="${check}",level="${level}"}`) === 1;
  const isOk = (page: Page) => page.value('rackwatch_ceph_health_state{state="ok"}') === 1;
  const isStale = (page: Page, reason: string) =>
    page.value(`rackwatch_ceph_data_stale_state{state="${reason}"}`) === 1;
  const osd = (id: number) =>
    `{osd="${id}",member="${['abydos', 'langara'][id % 2]}",device_class="${id < 2 ? 'hdd' : 'ssd'}"}`;

  test('an OSD that is stopped is down, and its data are degraded', async () => {
    await run('rados', [
      '-c',
      cephConf,
      'bench',
      '-p',
      'rbd_hdd',
      '1',
      'write',
      '-b',
      '65536',
      '-t',
      '4',
      '--no-cleanup',
    ]);
    await killDaemon('osd.0', 'SIGTERM');
    const page = await scrapeUntil(
      'OSD_DOWN and PG_DEGRADED are raised',
      (now) => isRaised(now, 'OSD_DOWN') && isRaised(now, 'PG_DEGRADED'),
    );
    expect(page.value(`rackwatch_ceph_osd_up${osd(0)}`)).toBe(0);
    expect(page.value(`rackwatch_ceph_osd_up${osd(1)}`)).toBe(1);
    expect(page.value('rackwatch_ceph_health_state{state="warn"}')).toBe(1);
    expect(page.value('rackwatch_ceph_objects_degraded')).toBeGreaterThan(0);
    expect(page.value('rackwatch_ceph_pool_pgs_state{pool="rbd_hdd",state="undersized"}')).toBeGreaterThan(0);
    expect(page.value('ceph_health_detail{name="OSD_DOWN",severity="HEALTH_WARN"}')).toBe(1);
    expect(page.value('rackwatch_ceph_data_fresh')).toBe(1);
    await startDaemon('osd.0');
    const healed = await scrapeUntil('all is well again', isOk);
    expect(healed.value(`rackwatch_ceph_osd_up${osd(0)}`)).toBe(1);
    expect(healed.family('rackwatch_ceph_health_check_active')).toEqual([]);
  });

  test('an OSD that hangs has slow operations, and then is down', async () => {
    // Many at once: an operation whose primary is the hung OSD is slow as well, but nobody is there to say so.
    const args = ['-c', cephConf, 'bench', '-p', 'rbd_hdd', '120', 'write', '-b', '4096', '-t', '16'];
    const written = 'rackwatch_ceph_pool_operations_total{pool="rbd_hdd",operation="write"}';
    const before = (await watched.scrape()).value(written) ?? 0;
    const load = start('ceph-load', 'rados', args);
    await scrapeUntil('somebody writes', (page) => (page.value(written) ?? 0) > before);
    process.kill(daemonPid('osd.1'), 'SIGSTOP');
    try {
      await scrapeUntil('some daemon has slow operations', (page) =>
        page.family('rackwatch_ceph_daemon_slow_ops').some(([, count]) => count > 0),
      );
      await load.stop();
      await scrapeUntil('the OSD is down', (page) => page.value(`rackwatch_ceph_osd_up${osd(1)}`) === 0);
    } finally {
      process.kill(daemonPid('osd.1'), 'SIGCONT');
      await load.stop();
    }
    await scrapeUntil('the OSD is up again', (page) => page.value(`rackwatch_ceph_osd_up${osd(1)}`) === 1);
  });

  test('a crash that was posted is recent, until it is archived', async () => {
    const now = new Date().toISOString().replace('Z', '000Z');
    const id = `${now.replace('T', '_')}_${randomUUID()}`;
    const meta = {
      crash_id: id,
      timestamp: now,
      process_name: 'ceph-osd',
      entity_name: 'osd.0',
      ceph_version: '16.2.15',
    };
    writeFileSync(
      `${adminSockets}/crash.json`,
      JSON.stringify({ ...meta, backtrace: ['(main()+0x1)'], utsname_hostname: 'abydos' }),
    );
    await cephCommand('crash', 'post', '-i', `${adminSockets}/crash.json`);
    const page = await scrapeUntil('RECENT_CRASH is raised', (each) => isRaised(each, 'RECENT_CRASH'));
    expect(page.value('rackwatch_ceph_recent_crash')).toBe(1);
    await cephCommand('crash', 'archive-all');
    await scrapeUntil('there is no crash', (each) => each.value('rackwatch_ceph_recent_crash') === 0);
  });

  test('a pool that is over its quota is full', async () => {
    await cephCommand('osd', 'pool', 'set-quota', 'rbd_hdd', 'max_bytes', '1048576');
    const page = await scrapeUntil('POOL_FULL is raised', (now) => isRaised(now, 'POOL_FULL'));
    expect(page.value('rackwatch_ceph_pool_quota_bytes{pool="rbd_hdd"}')).toBe(2 ** 20);
    expect(page.value('rackwatch_ceph_pool_quota_bytes{pool="rbd_ssd"}')).toBeUndefined();
    await cephCommand('osd', 'pool', 'set-quota', 'rbd_hdd', 'max_bytes', '0');
    await scrapeUntil('the pool is not full', (now) => !isRaised(now, 'POOL_FULL'));
  });

  test('noout is a flag', async () => {
    await cephCommand('osd', 'set', 'noout');
    await scrapeUntil('noout is set', (page) => page.value('rackwatch_ceph_flag_set{flag="noout"}') === 1);
    expect(watched.facts().health).toMatchObject({ flags: ['noout'] });
    await cephCommand('osd', 'unset', 'noout');
    await scrapeUntil('all is well again', isOk);
  });

  test('after ceph mgr fail the other manager is read, and nothing is lost on the way', async () => {
    const manager = (name: 'x' | 'y', state: string) =>
      `rackwatch_ceph_manager_state{manager="${new URL(managerUrls[name]).host}",state="${state}"}`;
    await cephCommand('mgr', 'fail', active);
    await scrapeUntil('the standby has taken over', (page) => {
      // Old data are shown meanwhile, and said to be old.
      expect(page.value('rackwatch_ceph_cluster_size_bytes')).toBe(2 ** 32);
      expect(page.value('rackwatch_ceph_data_fresh')).toBe(isStale(page, 'no_manager') ? 0 : 1);
      return page.value(manager(standby(), 'active')) === 1;
    });
    active = standby();
    const page = await scrapeUntil('the old one stands by', (now) => now.value(manager(standby(), 'standby')) === 1);
    expect(page.value('rackwatch_ceph_data_fresh')).toBe(1);
    await scrapeUntil('all is well again', isOk);
  });

  test('when the active manager is killed, the gap is shown as what it is', async () => {
    await killDaemon(`mgr.${active}`, 'SIGKILL');
    // The other one goes on as a standby until the monitors miss the dead one: half a minute in real life.
    const gap = await watched.scrape();
    expect(gap.value('rackwatch_ceph_data_fresh')).toBe(0);
    expect(isStale(gap, 'no_manager')).toBe(true);
    expect(isStale(gap, 'no_quorum')).toBe(false);
    expect(gap.value('rackwatch_ceph_mons_reachable')).toBe(3);
    expect(gap.value('rackwatch_ceph_cluster_size_bytes')).toBe(2 ** 32);
    expect(watched.failures()).toEqual({});
    active = standby();
    await scrapeUntil('the standby has taken over', (page) => page.value('rackwatch_ceph_data_fresh') === 1);
    await scrapeUntil('the manager tells of one manager', (page) => page.value('rackwatch_ceph_mgrs_standby') === 0);
  });

  test('without any manager the last data go when they are too old', async () => {
    await killDaemon(`mgr.${active}`, 'SIGKILL');
    expect((await watched.scrape()).value('rackwatch_ceph_data_fresh')).toBe(0);
    watched.advance(3 * 60_000);
    const page = await watched.scrape();
    expect([...page.families].filter((name) => name.startsWith('ceph_'))).toEqual([]);
    expect(page.value('rackwatch_ceph_cluster_size_bytes')).toBeUndefined();
    expect(page.family('rackwatch_ceph_health_state')).toEqual([]);
    expect(page.value('rackwatch_ceph_mon_reachable{mon="a",member="abydos"}')).toBe(1);
    expect(isStale(page, 'no_manager')).toBe(true);
    expect(watched.failures()).toMatchObject({ health: expect.stringMatching(/^unavailable: no manager/) });
    await startDaemon('mgr.x');
    await startDaemon('mgr.y');
    await scrapeUntil('all is well again', (now) => isOk(now) && now.value('rackwatch_ceph_mgrs_standby') === 1);
  });

  test('monitors that answer and do not reach each other are no quorum', async () => {
    const deafen = async (isDeaf: boolean) => {
      for (const { name } of monitors) {
        const socket = `${adminSockets}/ceph-mon.${name}.asok`;
        await run('ceph', ['--admin-daemon', socket, 'config', 'set', 'ms_blackhole_mon', String(isDeaf)]);
      }
    };
    await deafen(true);
    const page = await scrapeUntil('it shows', (now) => isStale(now, 'no_quorum'));
    expect(page.value('rackwatch_ceph_mons_reachable')).toBe(3);
    expect(isStale(page, 'frozen')).toBe(false);
    expect(page.family('rackwatch_ceph_health_state')).toEqual([]);
    expect(page.value('ceph_health_status')).toBeUndefined();
    expect(await servedByManagers()).toMatch(/^ceph_health_status 0/m);
    await deafen(false);
    await scrapeUntil('all is well again', (now) => now.value('rackwatch_ceph_data_fresh') === 1 && isOk(now));
  });

  test('one monitor of three that is down is seen at once, and the data stay fresh', async () => {
    await killDaemon('mon.c', 'SIGTERM');
    const page = await watched.scrape();
    expect(page.value('rackwatch_ceph_mon_reachable{mon="c",member="orilla"}')).toBe(0);
    expect(page.value('rackwatch_ceph_mons_reachable')).toBe(2);
    expect(page.value('rackwatch_ceph_data_fresh')).toBe(1);
    const told = await scrapeUntil('MON_DOWN is raised', (now) => isRaised(now, 'MON_DOWN'));
    expect(told.value('rackwatch_ceph_mons_in_quorum')).toBe(2);
    expect(told.value('rackwatch_ceph_mon_in_quorum{mon="c",member="orilla"}')).toBe(0);
  });

  test('without a quorum nothing says HEALTH_OK, or anything else about health', async () => {
    await killDaemon('mon.b', 'SIGKILL');
    for (const page of [await watched.scrape(), await watched.scrape()]) {
      expect(page.value('rackwatch_ceph_data_fresh')).toBe(0);
      expect(isStale(page, 'no_quorum')).toBe(true);
      expect(page.family('rackwatch_ceph_health_state')).toEqual([]);
      expect(page.value('ceph_health_status')).toBeUndefined();
      expect(page.family('ceph_mon_quorum_status')).toEqual([]);
      expect(page.family('rackwatch_ceph_mon_in_quorum')).toEqual([]);
      expect(page.value('rackwatch_ceph_mons_reachable')).toBe(1);
      expect(page.value('rackwatch_ceph_cluster_size_bytes')).toBe(2 ** 32);
    }
    // The managers have not noticed, and will not.
    expect(await servedByManagers()).toMatch(/^ceph_health_status [01]/m);
    watched.advance(3 * 60_000);
    const later = await watched.scrape();
    expect([...later.families].filter((name) => name.startsWith('ceph_'))).toEqual([]);
  });

  test('with all monitors dead the managers stop collecting, which shows as well', async () => {
    await killDaemon('mon.a', 'SIGKILL');
    // A second one looks at the managers only: without monitors the counter is the only sign.
    const blind = watchCeph({ managers: Object.values(managerUrls), frozen_after: '15s' });
    await until(async () => isStale(await blind.scrape(), 'frozen'), {
      what: 'the counter stands still',
      everyMs: 500,
    });
    expect((await blind.scrape()).value('ceph_health_status')).toBeUndefined();
    expect((await watched.scrape()).value('rackwatch_ceph_mons_reachable')).toBe(0);
    await blind.close();
  });

  test('when the monitors are back, so are the data', async () => {
    for (const mon of ['mon.a', 'mon.b', 'mon.c']) await startDaemon(mon);
    const page = await scrapeUntil('the data are fresh', (now) => now.value('rackwatch_ceph_data_fresh') === 1);
    expect(page.value('rackwatch_ceph_mons_reachable')).toBeGreaterThanOrEqual(2);
    await scrapeUntil('all is well again', isOk);
  });
});

/** What the managers say themselves. A standby may just be starting anew, and says nothing then. */
async function servedByManagers(): Promise<string> {
  const ask = async (url: string) => (await fetch(`${url}/metrics`)).text();
  return (await Promise.all(Object.values(managerUrls).map((url) => ask(url).catch(() => '')))).join('');
}
