import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeLab, labRoot, run, until } from '../../labs/lab.ts';
import {
  appctl,
  type Db,
  freeze,
  type Host,
  hosts,
  isolate,
  kill,
  nbctl,
  ovnSource,
  populate,
  remote,
  schemas,
  serverName,
  serverPid,
  socketPath,
  startDatabases,
  startOne,
  stopOvn,
  thaw,
  waitConnected,
} from '../../labs/ovn.ts';
import { type Page, seriesOf } from '../../labs/page.ts';
import { type Rackwatch, startRackwatch } from '../../labs/rackwatch.ts';

const names = { nb: 'northbound', sb: 'southbound' } as const;
const dbs: readonly Db[] = ['nb', 'sb'];

const of = (db: Db, host: Host) => ({ db: names[db], server: serverName(db, host) });
const all = (page: Page, family: string, db: Db) => hosts.map((host) => page.value(family, of(db, host)));
const isHealthy = (page: Page) =>
  dbs.every(
    (db) =>
      page.value('ovn_db_servers_connected', { db: names[db] }) === 3 &&
      all(page, 'ovn_db_leader', db).filter((value) => value === 1).length === 1,
  ) && page.value('ovn_nb_cfg') !== undefined;

/** Everything about the content of the databases, none of which a failing server may change. */
const contentOf = (page: Page) =>
  page.samples
    .filter(({ name }) => /^ovn_(network_|gateway_(?!moves)|bfd_)/.test(name))
    .map((sample) => `${seriesOf(sample)} ${sample.value}`)
    .sort();

const cfgFamilies = ['ovn_nb_cfg', 'ovn_sb_cfg', 'ovn_hv_cfg'];

describeLab(['ovn', 'prometheus'], () => {
  let rackwatch: Rackwatch;
  let before: readonly string[];

  beforeAll(async () => {
    await startDatabases();
    await populate();
    await nbctl('--wait=sb', 'sync');
    const unixctl = {
      northbound: socketPath(1, 'nb.ctl'),
      southbound: socketPath(1, 'sb.ctl'),
      northd: socketPath(1, 'northd.ctl'),
    };
    rackwatch = await startRackwatch({ sources: { ovn: { ...ovnSource(), unixctl, min_age: '0s' } } });
  });
  afterAll(async () => {
    await rackwatch?.stop();
    await stopOvn();
  });
  beforeEach(async () => {
    before = contentOf(await rackwatch.scrapeUntil('all six servers are well', isHealthy));
    expect(before.length).toBeGreaterThan(50);
  });
  afterEach(() => startDatabases());

  const leaderOf = async (db: Db): Promise<Host> => {
    const page = await rackwatch.scrape();
    return hosts.find((host) => page.value('ovn_db_leader', of(db, host)) === 1) as Host;
  };
  const expectContent = (page: Page) => expect(contentOf(page)).toEqual(before);

  test('the page is one that Prometheus takes', async () => {
    const page = await rackwatch.scrape();
    const live = `${labRoot}/ovn/page.prom`;
    writeFileSync(live, page.text);
    const golden = fileURLToPath(new URL('golden/ovn.prom', import.meta.url));
    for (const file of [live, golden]) {
      // What prom-client gives of the process itself is not ours to judge.
      const remarks = await run('bash', ['-c', `promtool check metrics < ${file} 2>&1 | grep -v '^nodejs_' || true`]);
      expect(remarks).toBe('');
    }
    expect(page.find('rackwatch_collector_success', { source: 'ovn' }).map(({ value }) => value)).not.toContain(0);
    expect(page.value('ovn_raft_role', { ...of('nb', 1), role: 'leader' })).toBe(
      page.value('ovn_db_leader', of('nb', 1)),
    );
    expect(page.value('ovn_northd_status', { status: 'active' })).toBe(1);
  });

  test('a follower dies', async () => {
    const follower = (((await leaderOf('nb')) % 3) + 1) as Host;
    await kill(serverPid(follower, 'nb'));
    const page = await rackwatch.scrapeUntil('it is down', (p) => p.value('ovn_db_up', of('nb', follower)) === 0);
    expect(page.find('ovn_db_connected', of('nb', follower))).toEqual([]);
    expect(page.value('ovn_db_servers_connected', { db: 'northbound' })).toBe(2);
    expectContent(page);
  });

  test.each(dbs)('the leader of %s dies', async (db) => {
    const leader = await leaderOf(db);
    await kill(serverPid(leader, db));
    const page = await rackwatch.scrapeUntil(
      'another one leads',
      (p) => p.value('ovn_db_up', of(db, leader)) === 0 && all(p, 'ovn_db_leader', db).includes(1),
    );
    expect(page.value('ovn_db_servers_connected', { db: names[db] })).toBe(2);
    expectContent(page);
  });

  test('the leader is stopped: it takes connections and answers nothing', async () => {
    const leader = await leaderOf('nb');
    const pid = serverPid(leader, 'nb');
    freeze(pid);
    try {
      const page = await rackwatch.scrapeUntil(
        'another one leads',
        (p) => p.value('ovn_db_up', of('nb', leader)) === 0 && all(p, 'ovn_db_leader', 'nb').includes(1),
      );
      expect(page.value('ovn_db_feeding', of('nb', leader))).toBe(0);
      expectContent(page);
    } finally {
      thaw(pid);
    }
  });

  test('a server is isolated: it answers with what it last knew', async () => {
    const page = await rackwatch.scrape();
    const feeder = hosts.find((host) => page.value('ovn_db_feeding', of('nb', host)) === 1) as Host;
    await isolate('nb', feeder);
    const cut = await rackwatch.scrapeUntil(
      'it is cut off',
      (p) => p.value('ovn_db_connected', of('nb', feeder)) === 0,
    );
    expect(cut.value('ovn_db_up', of('nb', feeder))).toBe(1);
    const late = await until(
      async () => {
        await nbctl('set', 'NB_Global', '.', `options:drill=${Date.now()}`, '--', 'ls-add', 'lxd-net77-ls-int');
        return rackwatch.scrapeUntil(
          'the change shows',
          (p) => p.value('ovn_network_switches', { network: 'lxd-net77' }) === 1,
        );
      },
      { what: 'a change after the cut' },
    );
    expect(late.value('ovn_db_feeding', of('nb', feeder))).toBe(0);
    expect(late.value('ovn_db_feed_moves_total', { db: 'northbound' })).toBeGreaterThan(0);
    const leaders = await rackwatch.scrapeUntil(
      'one leads, and not the one that is cut off',
      (p) =>
        all(p, 'ovn_db_leader', 'nb').filter((value) => value === 1).length === 1 &&
        p.value('ovn_db_leader', of('nb', feeder)) === 0,
    );
    expect(leaders.value('ovn_db_servers_connected', { db: 'northbound' })).toBe(2);
    await nbctl('ls-del', 'lxd-net77-ls-int');
    await kill(serverPid(feeder, 'nb'));
  });

  test('quorum is lost: what was last known is not shown', async () => {
    await kill(serverPid(2, 'nb'));
    await kill(serverPid(3, 'nb'));
    const page = await rackwatch.scrapeUntil(
      'the survivor is cut off',
      (p) => p.value('ovn_db_connected', of('nb', 1)) === 0,
    );
    expect(all(page, 'ovn_db_up', 'nb')).toEqual([1, 0, 0]);
    expect(page.find('ovn_nb_cfg')).toEqual([]);
    expect(page.find('ovn_network_switches')).toEqual([]);
    expect(page.find('ovn_gateway_unbound')).toHaveLength(4);
    expect(page.value('rackwatch_collector_success', { source: 'ovn', collector: 'networks' })).toBe(0);
    expect(page.value('rackwatch_collector_success', { source: 'ovn', collector: 'gateways' })).toBe(1);
    await startDatabases();
    expectContent(await rackwatch.scrapeUntil('all is well again', isHealthy));
  });

  test('all six are restarted, one after the other: nothing wrong is ever shown', async () => {
    let done = false;
    let pages = 0;
    const wrong: string[] = [];
    const cfg = (page: Page) => cfgFamilies.map((family) => `${family} ${page.value(family)}`);
    const known = [...before, ...cfg(await rackwatch.scrape())];
    const expected = new Map(known.map((line) => [line.slice(0, line.lastIndexOf(' ')), line]));
    const watch = async () => {
      while (!done) {
        const page = await rackwatch.scrape({ query: '?source=ovn' });
        // Between two servers there may be none to read from: then there is no value, and no wrong one either.
        const counters = cfg(page).filter((line) => !line.endsWith(' undefined'));
        for (const line of [...contentOf(page), ...counters]) {
          if (expected.get(line.slice(0, line.lastIndexOf(' '))) !== line) wrong.push(line);
        }
        pages++;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const watching = watch().catch((error) => wrong.push(String(error)));
    for (const host of hosts) {
      for (const db of dbs) {
        await kill(serverPid(host, db));
        await startOne(host, db);
        await waitConnected(db, host);
      }
    }
    const page = await rackwatch.scrapeUntil('all is well again', isHealthy);
    done = true;
    await watching;
    expectContent(page);
    expect(wrong).toEqual([]);
    expect(pages).toBeGreaterThan(10);
    await nbctl('--wait=sb', 'sync');
    const counters = await nbctl('get', 'NB_Global', '.', 'nb_cfg', 'sb_cfg', 'hv_cfg');
    const after = await rackwatch.scrape();
    expect(cfgFamilies.map((family) => after.value(family))).toEqual(counters.trim().split('\n').map(Number));
    expect(cfg(after)).not.toEqual(known.slice(before.length));
  });

  test('the schema is converted under a live monitor', async () => {
    const file = `${labRoot}/ovn/converted.ovsschema`;
    const schema = JSON.parse(readFileSync('/usr/share/ovn/ovn-nb.ovsschema', 'utf8'));
    writeFileSync(file, JSON.stringify({ ...schema, version: '7.0.99', cksum: undefined }));
    await run('ovsdb-client', ['-t', '60', 'convert', hosts.map((host) => remote('nb', host)).join(','), file]);
    const page = await rackwatch.scrapeUntil(
      'the new version shows',
      (p) =>
        p.labelValues('ovn_db_info', 'schema_version', { db: 'northbound' }).join() === '7.0.99' &&
        p.value('ovn_nb_cfg') !== undefined,
    );
    expectContent(page);
    expect(schemas.nb).toBe(schema.name);
  });

  test('northd hangs, and then is gone', async () => {
    const pid = serverPid(1, 'northd');
    freeze(pid);
    const next = String(Number((await nbctl('get', 'NB_Global', '.', 'nb_cfg')).trim()) + 1);
    await nbctl('set', 'NB_Global', '.', `nb_cfg=${next}`);
    const hung = await rackwatch.scrapeUntil(
      'the southbound database is behind',
      (p) => p.value('ovn_nb_cfg') === Number(next) && p.value('ovn_sb_cfg') === Number(next) - 1,
    );
    expect(hung.find('ovn_northd_delay_seconds')).toEqual([]);
    expect(hung.value('rackwatch_collector_success', { source: 'ovn', collector: 'raft' })).toBe(0);
    thaw(pid);
    await rackwatch.scrapeUntil('it has caught up', (p) => p.value('ovn_sb_cfg') === Number(next));
    await nbctl('--wait=sb', 'sync');
    expect((await rackwatch.scrape()).value('ovn_northd_delay_seconds')).toBeGreaterThanOrEqual(0);
    await kill(pid);
    const gone = await rackwatch.scrapeUntil(
      'its control socket is dead',
      (p) => p.find('ovn_northd_status').length === 0,
    );
    expect(gone.value('ovn_nb_cfg')).toBe(Number(next) + 1);
  });

  // The last one: the election timer stays as it is.
  test('two lead for a moment: the one that is cut off has not noticed yet', { timeout: 300_000 }, async () => {
    const leaders = (page: Page) => hosts.filter((host) => page.value('ovn_db_leader', of('nb', host)) === 1);
    // A longer election time makes the moment longer. It can only be doubled at once.
    for (const timer of ['2000', '4000']) await setElectionTimer(timer);
    // Whether the old leader gives up first or the others elect one first is up to their timers, which are random.
    let two: Page | undefined;
    for (let attempt = 0; !two && attempt < 8; attempt++) {
      await startDatabases();
      const [old] = leaders(await rackwatch.scrapeUntil('all six are well', isHealthy)) as [Host];
      await isolate('nb', old);
      const page = await until(
        async () => {
          const now = await rackwatch.scrape();
          const [first] = leaders(now);
          return first !== undefined && (leaders(now).length === 2 || first !== old) && now;
        },
        { what: 'another one leads', everyMs: 50 },
      );
      if (leaders(page).length === 2) {
        two = page;
        expect(leaders(page)).toContain(old);
      }
      const one = await rackwatch.scrapeUntil(
        'the old one has noticed',
        (now) => leaders(now).length === 1 && now.value('ovn_db_connected', of('nb', old)) === 0,
      );
      expect(leaders(one)).not.toContain(old);
      expectContent(one);
      await kill(serverPid(old, 'nb'));
    }
    expect(all(two as Page, 'ovn_db_up', 'nb')).toEqual([1, 1, 1]);
    expectContent(two as Page);
  });

  async function setElectionTimer(timer: string): Promise<void> {
    const status = (host: Host) => appctl(socketPath(host, 'nb.ctl'), 'cluster/status', schemas.nb);
    await appctl(socketPath(await leaderOf('nb'), 'nb.ctl'), 'cluster/change-election-timer', schemas.nb, timer);
    await until(
      async () => (await Promise.all(hosts.map(status))).every((text) => text.includes(`Election timer: ${timer}`)),
      { what: `all have an election timer of ${timer}` },
    );
  }
});
