import { afterAll, beforeAll, expect, test } from 'vitest';
import { killDaemon, managerUrls, monitors, startCeph, startDaemon, stopCeph } from '../labs/ceph.ts';
import { describeLab } from '../labs/lab.ts';
import {
  type Host,
  hosts,
  kill,
  ovnSource,
  populate,
  serverName,
  serverPid,
  socketPath,
  startDatabases,
  stopOvn,
} from '../labs/ovn.ts';
import type { Page } from '../labs/page.ts';
import { type Rackwatch, startRackwatch } from '../labs/rackwatch.ts';

const kinds = ['current', 'expected', 'minimum', 'faults_tolerated'];

/** Real daemons fail, and the very next scrape has it in the ledger. */
describeLab(['ovn', 'ceph'], () => {
  let rackwatch: Rackwatch;

  beforeAll(async () => {
    await startDatabases();
    await populate();
    await startCeph();
    // Of the northds those stand by that were started later.
    const ovn = { ...ovnSource(), unixctl: { northd: socketPath(3, 'northd.ctl') }, min_age: '0s' };
    const ceph = { managers: Object.values(managerUrls), monitors, min_age: '0s' };
    const members = { abydos: 1, langara: 2, orilla: 3 } as const satisfies Record<string, Host>;
    const places = Object.entries(members).flatMap(([member, host]) =>
      (['nb', 'sb'] as const).map((db) => [serverName(db, host), member] as const),
    );
    const insights = { survival: { servers: Object.fromEntries(places) } };
    rackwatch = await startRackwatch({ sources: { ovn, ceph }, insights });
  }, 400_000);

  afterAll(async () => {
    await rackwatch?.stop();
    await stopCeph();
    await stopOvn();
  });

  const line = (page: Page, component: string, name?: string) =>
    kinds.map((kind) => page.value(`rackwatch_redundancy_${kind}`, name ? { component, name } : { component }));
  const recovers = (component: string, whole: readonly number[]) =>
    rackwatch.scrapeUntil(`${component} is whole`, (page) =>
      line(page, component).every((value, i) => value === whole[i]),
    );
  const quorum = (page: Page) =>
    ['abydos', 'langara', 'orilla'].map((member) =>
      page.value('rackwatch_survives_member_loss', { member, resource: 'ovn_nb_quorum' }),
    );

  test('all is well', async () => {
    const page = await recovers('ovn_nb', [3, 3, 2, 1]);
    expect(line(page, 'ovn_sb')).toEqual([3, 3, 2, 1]);
    expect(line(page, 'ceph_mon')).toEqual([3, 3, 2, 1]);
    expect(line(page, 'ceph_mgr')).toEqual([2, 2, 1, 1]);
    expect(quorum(page)).toEqual([1, 1, 1]);
  });

  test('a northd that stands by is the second one', async () => {
    const page = await rackwatch.scrape();
    const isStandby = page.value('ovn_northd_status', { status: 'standby' }) === 1;
    expect(line(page, 'ovn_northd')).toEqual(isStandby ? [2, 2, 1, 1] : kinds.map(() => undefined));
  });

  test('a northbound server is killed', async () => {
    await kill(serverPid(3, 'nb'));
    const page = await rackwatch.scrape();
    expect(line(page, 'ovn_nb')).toEqual([2, 3, 2, 0]);
    expect(line(page, 'ovn_sb')).toEqual([3, 3, 2, 1]);
    // Without LXD nobody speaks of a member on which nothing works.
    expect(quorum(page)).toEqual([0, 0, undefined]);
    await startDatabases();
    expect(quorum(await recovers('ovn_nb', [3, 3, 2, 1]))).toEqual([1, 1, 1]);
  });

  test('two northbound servers are killed, and the third one knows that it is alone', async () => {
    for (const host of hosts.slice(1)) await kill(serverPid(host, 'nb'));
    expect(line(await rackwatch.scrape(), 'ovn_nb')[3]).toBeLessThan(0);
    await startDatabases();
    await recovers('ovn_nb', [3, 3, 2, 1]);
  });

  test('the manager that stands by is killed', async () => {
    const before = await recovers('ceph_mgr', [2, 2, 1, 1]);
    const isStandby = (url: string) =>
      before.value('rackwatch_ceph_manager_state', { manager: new URL(url).host, state: 'standby' }) === 1;
    const [name] = Object.entries(managerUrls).find(([, url]) => isStandby(url)) ?? [];
    await killDaemon(`mgr.${name}`, 'SIGKILL');
    expect(line(await rackwatch.scrape(), 'ceph_mgr')).toEqual([1, 2, 1, 0]);
    await startDaemon(`mgr.${name}`);
    await recovers('ceph_mgr', [2, 2, 1, 1]);
  });

  test('the only OSD of a class on a host is killed', { timeout: 480_000 }, async () => {
    const name = 'rbd_hdd';
    // Its class is not known without a key: as long as groups are undersized they may be of the other one, whose hosts
    // then need each other. Only of the host that serves alone is it certain.
    const pool = (page: Page) => [
      ...line(page, 'ceph_osd_host', name),
      page.value('rackwatch_survives_member_loss', { member: 'langara', resource: 'storage_availability', name }),
    ];
    const shows = (what: string, values: readonly number[]) => {
      const satisfies = (page: Page) => {
        if (pool(page).join() === values.join()) return true;
        throw new Error(`${pool(page)} instead of ${values}`);
      };
      return rackwatch.scrapeUntil(what, satisfies, 150_000);
    };
    await shows('the pool may lose a host', [2, 2, 1, 1, 1]);
    await killDaemon('osd.0', 'SIGKILL');
    // Not the very next scrape: the monitors have to notice, and the manager gathers every few seconds.
    await shows('the pool has one host left, and needs it', [1, 2, 1, 0, 0]);
    await startDaemon('osd.0');
    await shows('the host is back', [2, 2, 1, 1, 1]);
  });

  /**
   * The last one: until the others have held an election, ten seconds later, they agree on nothing, and the manager goes on
   * saying that it is in the quorum.
   */
  test('a monitor is killed', async () => {
    await recovers('ceph_mon', [3, 3, 2, 1]);
    await killDaemon('mon.c', 'SIGKILL');
    expect(line(await rackwatch.scrape(), 'ceph_mon')).toEqual([2, 3, 2, 0]);
    await startDaemon('mon.c');
    await recovers('ceph_mon', [3, 3, 2, 1]);
    await recovers('ceph_mgr', [2, 2, 1, 1]);
  });
});
