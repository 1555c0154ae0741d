import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeLab, until } from '../labs/lab.ts';
import { freezeServer, lxdSource, socket, startSingle, stopSingle, thawServer } from '../labs/lxd.ts';
import type { Page } from '../labs/page.ts';
import { type Running, start } from '../labs/process.ts';
import { type Rackwatch, startRackwatch } from '../labs/rackwatch.ts';

const config = (settings: object = {}) => ({ sources: { lxd: { ...lxdSource(['s1']), ...settings } } });

const isWhole = (page: Page): boolean =>
  page.find('lxd_procs_total').length === 5 &&
  page.find('lxd_instance_info').length === 6 &&
  page.find('rackwatch_collector_success').every(({ value }) => value === 1);

/** Scrapes without a pause, several at once, until it is told to end; then gives every page there was. */
function scrapeWithoutPause(rackwatch: Rackwatch, scrapers: number): () => Promise<Page[]> {
  const pages: Page[] = [];
  let isOver = false;
  const scrapeOn = async () => {
    while (!isOver) pages.push(await rackwatch.scrape());
  };
  const all = Promise.all(Array.from({ length: scrapers }, scrapeOn));
  return async () => {
    isOver = true;
    await all;
    return pages;
  };
}

describeLab('lxd', () => {
  let rackwatch: Rackwatch;

  beforeAll(async () => {
    await startSingle();
  });

  afterAll(async () => {
    await rackwatch?.stop();
    await stopSingle();
  });

  test('a reload under load is all or nothing', async () => {
    rackwatch = await startRackwatch(config({ min_age: '200ms' }));
    await rackwatch.scrapeUntil('a first whole page', isWhole);
    const endScraping = scrapeWithoutPause(rackwatch, 4);

    rackwatch.configure('sources: { lxd: { endpoints: [https://10.199.0.10:8443], certificat: x } }');
    const refused = await rackwatch.reload();
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(/rackwatch\.yaml:1:\d+: sources\.lxd.*certificat/s);
    process.kill(rackwatch.pid, 'SIGHUP');
    await until(() => rackwatch.log().match(/configuration not reloaded/g)?.length === 2, {
      what: 'SIGHUP is refused as well',
    });
    const old = await rackwatch.scrape();
    expect(old.value('rackwatch_config_last_reload_successful')).toBe(0);
    expect(isWhole(old)).toBe(true);

    rackwatch.configure(config({ min_age: '200ms', links: [{ device: 'eth0', role: 'uplink' }] }));
    expect(await rackwatch.reload()).toMatchObject({ status: 200 });
    const fresh = await rackwatch.scrapeUntil('the new configuration', (page) => page.find('lxd_link_up').length === 1);
    expect(fresh.value('rackwatch_config_last_reload_successful')).toBe(1);
    expect(fresh.value('rackwatch_config_last_reload_success_timestamp_seconds')).toBeGreaterThan(
      old.value('rackwatch_config_last_reload_success_timestamp_seconds') ?? 0,
    );

    const pages = await endScraping();
    expect(pages.length).toBeGreaterThan(4);
    for (const page of pages) {
      expect(page.find('lxd_procs_total')).toHaveLength(5);
      expect(page.find('lxd_instance_info')).toHaveLength(6);
    }
  });

  test('two scrapers at once cost LXD one cycle', async () => {
    await rackwatch.stop();
    rackwatch = await startRackwatch(config({ min_age: '200ms' }));
    const requests = await listenToRequests();
    await requests.during(() => rackwatch.scrapeUntil('a first whole page', isWhole));
    const alone = await requests.during(() => rackwatch.scrape());
    const together = await requests.during(() => Promise.all([rackwatch.scrape(), rackwatch.scrape()]));
    await requests.stop();
    expect(alone).toContain('/1.0/metrics');
    expect(together.toSorted()).toEqual(alone.toSorted());
  });

  test('SIGTERM ends it while LXD hangs, and a scrape that waits gets its answer', async () => {
    await rackwatch.stop();
    rackwatch = await startRackwatch(config({ min_age: '200ms' }));
    await rackwatch.scrapeUntil('a first whole page', isWhole);
    freezeServer('s1');
    try {
      const waiting = rackwatch.scrape({ timeoutSeconds: 3 });
      await until(() => rackwatch.scrape({ query: '?source=rackwatch' }), { what: 'it still answers at once' });
      const ended = rackwatch.stop();
      expect((await waiting).find('lxd_procs_total')).toHaveLength(5);
      expect(await ended).toBe(0);
    } finally {
      thawServer('s1');
    }
  });
});

/** What LXD is asked for over HTTPS, as it says in its own log. */
async function listenToRequests() {
  const monitor: Running = start('lxc-monitor', 'lxc', ['monitor', '--type=logging', '--format=json'], {
    env: { LXD_DIR: dirname(socket('s1')) },
  });
  const seen = () =>
    monitor
      .output()
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.includes('"Handling API request"') && line.includes('"protocol":"tls"'))
      .map((line) => (JSON.parse(line) as { metadata: { context: { url: string } } }).metadata.context.url);
  return {
    /** Until well after the work, because the log comes later, and what rackwatch has read is then too old to be shown. */
    async during(work: () => Promise<unknown>): Promise<readonly string[]> {
      const before = seen().length;
      await work();
      let last = -1;
      const isOver = () => {
        const now = seen().length;
        const settled = now === last && now > before;
        last = now;
        return settled;
      };
      await until(isOver, { what: 'LXD has told of the requests', everyMs: 1500 });
      return seen().slice(before);
    },
    stop: monitor.stop,
  };
}
