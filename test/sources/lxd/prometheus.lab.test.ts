import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeLab, until } from '../../labs/lab.ts';
import { lxdSource, ownMetrics, startSingle, stopSingle } from '../../labs/lxd.ts';
import { type Prometheus, startPrometheus } from '../../labs/prometheus.ts';
import { type Rackwatch, startRackwatch } from '../../labs/rackwatch.ts';

const SCRAPES = 15;

const golden = fileURLToPath(new URL('collectors/golden/cluster.prom', import.meta.url));

/** The names that promtool would have chosen otherwise; throws for a page that it cannot read. */
function checkMetrics(page: string): readonly string[] {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: page, encoding: 'utf8' });
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
  if (status !== 0 && status !== 3) throw new Error(lines.join('\n'));
  return lines.map((line) => line.split(' ')[0] ?? '');
}

/** The shapes of the queries of the official dashboard (grafana.com 19131), which expects a job named lxd. */
const own = 'job="lxd",project="default"';
const dashboardQueries = [
  `topk(5, sum by (name) (increase(lxd_cpu_seconds_total{mode!="idle",${own}}[1m])))`,
  `topk(5, lxd_memory_MemTotal_bytes{${own}} - lxd_memory_MemFree_bytes - lxd_memory_Cached_bytes)`,
  `topk(5, lxd_filesystem_size_bytes{${own},mountpoint="/"} - lxd_filesystem_avail_bytes)`,
  `sum(increase(lxd_disk_read_bytes_total{${own}}[1m]))`,
  `sum(increase(lxd_disk_written_bytes_total{${own}}[1m]))`,
  `sum(increase(lxd_disk_reads_completed_total{${own}}[1m]))`,
  `sum(increase(lxd_disk_writes_completed_total{${own}}[1m]))`,
  `sum(increase(lxd_network_receive_bytes_total{${own}}[1m])) * 8`,
  `sum(increase(lxd_network_transmit_bytes_total{${own}}[1m])) * 8`,
  `sum by (name) (rate(lxd_network_receive_packets_total{${own},device!="lo"}[1m]))`,
  `sum by (name) (rate(lxd_network_transmit_packets_total{${own},device!="lo"}[1m]))`,
  `sum by (name) (rate(lxd_network_receive_errs_total{${own}}[1m]) + rate(lxd_network_receive_drop_total{${own}}[1m]))`,
  `lxd_memory_MemTotal_bytes{${own},name="c1"}`,
  `lxd_memory_Swap_bytes{${own},name="c1"} + lxd_memory_Dirty_bytes + lxd_memory_Shmem_bytes`,
  `rate(lxd_cpu_seconds_total{${own},name="c1",mode="user"}[1m])`,
  `lxd_procs_total{${own},name="c1"}`,
];

describeLab(['lxd', 'prometheus'], () => {
  let rackwatch: Rackwatch;
  let prometheus: Prometheus;

  beforeAll(async () => {
    await startSingle();
    rackwatch = await startRackwatch({
      sources: { lxd: { ...lxdSource(['s1']), links: [{ device: 'eth0', role: 'uplink' }], min_age: '1s' } },
    });
    await rackwatch.scrapeUntil('a first page', (page) => page.find('lxd_procs_total').length === 5);
    prometheus = await startPrometheus({
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [
        {
          job_name: 'lxd',
          scrape_interval: '2s',
          scrape_timeout: '2s',
          static_configs: [{ targets: [new URL(rackwatch.url).host] }],
        },
      ],
    });
    await until(
      async () =>
        Number((await prometheus.query('count_over_time(lxd_procs_total{name="c1"}[10m])'))[0]?.value[1]) > SCRAPES,
      { what: `${SCRAPES} scrapes`, timeoutMs: 120_000, everyMs: 1000 },
    );
  });

  afterAll(async () => {
    await prometheus?.stop();
    await rackwatch?.stop();
    await stopSingle();
  });

  test('promtool finds fault only with names that are LXD’s or Node’s own', async () => {
    const nativeNames = new Set(
      (await ownMetrics('s1')).split('\n').flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []),
    );
    const isOurs = (name: string) => !name.startsWith('nodejs_') && !nativeNames.has(name);
    expect(checkMetrics((await rackwatch.scrape()).text).filter(isOurs)).toEqual([]);
    expect(checkMetrics(readFileSync(golden, 'utf8')).filter(isOurs)).toEqual([]);
  });

  test('a real Prometheus takes every sample of every scrape', async () => {
    const metrics = await prometheus.ownMetrics();
    for (const reason of ['duplicate_timestamp', 'out_of_order', 'out_of_bounds']) {
      expect(metrics.value(`prometheus_target_scrapes_sample_${reason}_total`), reason).toBe(0);
    }
    expect(prometheus.log()).not.toMatch(/level=(warn|error).*scrape/);
    const [scraped] = await prometheus.query('scrape_samples_scraped{job="lxd"}');
    const [kept] = await prometheus.query('scrape_samples_post_metric_relabeling{job="lxd"}');
    expect(Number(scraped?.value[1])).toBeGreaterThan(250);
    expect(kept?.value[1]).toBe(scraped?.value[1]);
  });

  test('what Prometheus holds is what the page shows', async () => {
    const page = await rackwatch.scrape();
    const held = await prometheus.query('count by (__name__) ({job="lxd", __name__=~"lxd_.+"})');
    const counts = Object.fromEntries(held.map(({ metric, value }) => [metric.__name__, Number(value[1])]));
    const families = new Set(page.samples.map(({ name }) => name).filter((name) => name.startsWith('lxd_')));
    expect(counts).toEqual(Object.fromEntries([...families].map((name) => [name, page.find(name).length])));
  });

  test('Prometheus knows the types, LXD’s among them', async () => {
    const response = await fetch(`${prometheus.url}/api/v1/metadata`);
    const { data } = (await response.json()) as { data: Record<string, { type: string }[]> };
    const typeOf = (name: string) => data[name]?.map(({ type }) => type);
    expect(typeOf('lxd_cpu_seconds_total')).toEqual(['counter']);
    expect(typeOf('lxd_procs_total')).toEqual(['gauge']);
    expect(typeOf('lxd_instance_state')).toEqual(['gauge']);
    expect(typeOf('lxd_link_receive_bytes_total')).toEqual(['counter']);
  });

  test.each(dashboardQueries)('the official dashboard finds data: %s', async (promql) => {
    const results = await prometheus.query(promql);
    expect(results.length).toBeGreaterThan(0);
    for (const { value } of results) expect(Number(value[1])).not.toBeNaN();
  });

  test('the official dashboard’s drop-downs find every project and every running instance', async () => {
    const values = async (label: string, selector: string) => {
      const match = encodeURIComponent(`lxd_procs_total{${selector}}`);
      const response = await fetch(`${prometheus.url}/api/v1/label/${label}/values?match[]=${match}`);
      return ((await response.json()) as { data: string[] }).data;
    };
    expect(await values('job', '')).toEqual(['lxd']);
    expect(await values('project', 'job="lxd"')).toEqual(['db', 'default', 'web']);
    expect(await values('name', 'job="lxd",project="default"')).toEqual(['c1', 'c2']);
  });
});
