import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ceph } from '../../../src/sources/ceph/index.ts';
import { coreFamilies, corePrefixes } from '../../../src/sources/ceph/native-families.ts';
import { startFakeAdminSocket } from '../../fakes/ceph-admin-socket.ts';
import { type FakeManager, startFakeManager } from '../../fakes/ceph-manager.ts';
import { bannerV2, type FakeMonitor, startFakeMonitor } from '../../fakes/ceph-monitor.ts';
import { type WatchedCeph, watchCeph } from './page.ts';

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const pacific = fixture('16.2.15/manager.prom');

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startManager(body: string): Promise<FakeManager> {
  const manager = await startFakeManager({ kind: 'active', body });
  closers.push(manager.close);
  return manager;
}

async function startMonitors(): Promise<FakeMonitor[]> {
  const monitors = await Promise.all([0, 1, 2].map(() => startFakeMonitor({ bytes: bannerV2 })));
  closers.push(...monitors.map((monitor) => monitor.close));
  return monitors;
}

function watch(config: Readonly<Record<string, unknown>>, members?: ReadonlyMap<string, string>): WatchedCeph {
  const watched = watchCeph(config, members);
  closers.push(watched.close);
  return watched;
}

test.each(['16.2.15', '17.2'])('the whole page of a %s cluster', async (release) => {
  const { url } = await startManager(fixture(`${release}/manager.prom`));
  const watched = watch({ managers: [url] });
  const page = await watched.scrape();
  const text = page.text
    .replaceAll(new URL(url).host, 'MANAGER')
    .replace(/^(rackwatch_ceph_data_age_seconds) .*$/m, '$1 0');
  await expect(text).toMatchFileSnapshot(`golden/ceph-${release}.prom`);
  expect(watched.failures()).toEqual({});
});

test.each(['18.2', '19.2'])('the whole page of a %s cluster, with the counters from its exporters', async (release) => {
  const manager = await startManager(fixture(`${release}/manager.prom`));
  const abydos = await startManager(fixture(`${release}/exporter-abydos.prom`));
  const langara = await startManager(fixture(`${release}/exporter-langara.prom`));
  const watched = watch({ managers: [manager.url], exporters: [abydos.url, langara.url] });
  const page = await watched.scrape();
  const text = page.text
    .replaceAll(new URL(manager.url).host, 'MANAGER')
    .replaceAll(new URL(abydos.url).host, 'ABYDOS')
    .replaceAll(new URL(langara.url).host, 'LANGARA')
    .replace(/^(rackwatch_ceph_data_age_seconds) .*$/m, '$1 0');
  await expect(text).toMatchFileSnapshot(`golden/ceph-${release}.prom`);
});

test.each(['18.2', '19.2'])('from a %s cluster come the same values as from a 16.2.15 one', async (release) => {
  const of = async (config: Readonly<Record<string, unknown>>) => {
    const page = await watch(config).scrape();
    return new Map(
      ['osd_operation_latency_seconds_sum', 'osd_bluestore_commit_latency_seconds_count', 'osd_used_ratio', 'osd_pgs']
        .concat(['device_class_used_bytes', 'pool_stored_bytes', 'rbd_latency_seconds_sum', 'mds_rank', 'osd_up'])
        .map((name) => [name, page.family(`rackwatch_ceph_${name}`)]),
    );
  };
  const manager = await startManager(fixture(`${release}/manager.prom`));
  const abydos = await startManager(fixture(`${release}/exporter-abydos.prom`));
  const langara = await startManager(fixture(`${release}/exporter-langara.prom`));
  const old = await startManager(pacific);
  expect(await of({ managers: [manager.url], exporters: [langara.url, abydos.url] })).toEqual(
    await of({ managers: [old.url] }),
  );
});

test('an exporter that does not answer takes its own OSDs away and nobody else’s', async () => {
  const manager = await startManager(fixture('18.2/manager.prom'));
  const abydos = await startManager(fixture('18.2/exporter-abydos.prom'));
  const langara = await startManager('');
  await langara.close();
  const page = await watch({ managers: [manager.url], exporters: [abydos.url, langara.url] }).scrape();
  expect(page.value(`rackwatch_ceph_exporter_up{exporter="${new URL(abydos.url).host}"}`)).toBe(1);
  expect(page.value(`rackwatch_ceph_exporter_up{exporter="${new URL(langara.url).host}"}`)).toBe(0);
  expect(page.family('rackwatch_ceph_osd_pgs').map(([series]) => series)).toEqual([
    'rackwatch_ceph_osd_pgs{osd="0",member="abydos",device_class="hdd"}',
    'rackwatch_ceph_osd_pgs{osd="2",member="abydos",device_class="ssd"}',
  ]);
});

test('where there are neither counters nor exporters, admin sockets have both counters and histograms', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ceph-source-'));
  closers.push(
    () => rmSync(folder, { recursive: true }),
    await startFakeAdminSocket(join(folder, 'ceph-osd.0.asok'), {
      'perf dump': fixture('16.2.15/osd.0-perf-dump.json'),
      'perf histogram dump': fixture('16.2.15/osd.0-perf-histogram-dump.json'),
    }),
  );
  const { url } = await startManager(fixture('18.2/manager.prom'));
  const page = await watch({ managers: [url], admin_sockets: folder }, new Map([['abydos', 'lxd1']])).scrape();
  const own = 'osd="0",member="lxd1",device_class="hdd"';
  expect(page.value(`rackwatch_ceph_osd_pgs{${own}}`)).toBe(17);
  expect(page.value(`rackwatch_ceph_osd_operation_latency_seconds_sum{${own},operation="write"}`)).toBe(1.795827622);
  const histogram = `rackwatch_ceph_osd_operation_duration_seconds`;
  expect(page.value(`${histogram}_bucket{${own},operation="write",le="0.0128"}`)).toBe(30);
  expect(page.value(`${histogram}_bucket{${own},operation="write",le="+Inf"}`)).toBe(90);
  expect(page.value(`${histogram}_count{${own},operation="write"}`)).toBe(90);
});

test('without a majority of monitors health is withdrawn at once, the rest when it is too old', async () => {
  const { url } = await startManager(pacific);
  const monitors = await startMonitors();
  const addresses = monitors.map(({ port }, i) => ({ name: 'abc'[i], addresses: [`v2:127.0.0.1:${port}`] }));
  const watched = watch({ managers: [url], monitors: addresses });
  const well = await watched.scrape();
  expect(well.value('ceph_health_status')).toBe(0);
  expect(well.value('rackwatch_ceph_mon_reachable{mon="a",member="abydos"}')).toBe(1);
  monitors[0]?.greet('silence');
  monitors[2]?.greet('hang up');
  const lost = await watched.scrape();
  expect(lost.value('ceph_health_status')).toBeUndefined();
  expect(lost.family('ceph_health_detail')).toEqual([]);
  expect(lost.value('rackwatch_ceph_mons_reachable')).toBe(1);
  expect(lost.value('rackwatch_ceph_data_stale_state{state="no_quorum"}')).toBe(1);
  expect(lost.value('rackwatch_ceph_cluster_size_bytes')).toBe(4294967296);
  expect(watched.facts()).toMatchObject({ staleReasons: ['no_quorum'], health: { status: undefined, checks: [] } });
  expect(watched.facts()).toMatchObject({ managers: [{ manager: new URL(url).host, state: 'active' }] });
  watched.advance(180_000);
  const late = await watched.scrape();
  expect(late.families.has('ceph_osd_up')).toBe(false);
  expect(late.value('rackwatch_ceph_mon_reachable{mon="b",member="langara"}')).toBe(1);
  expect(late.value('rackwatch_ceph_data_age_seconds')).toBeGreaterThan(179);
});

test('while managers change over, the last data are shown as old', async () => {
  const [old, next] = [await startManager(pacific), await startFakeManager({ kind: 'standby' })];
  closers.push(next.close);
  const watched = watch({ managers: [old.url, next.url] });
  await watched.scrape();
  old.behave({ kind: 'hang' });
  await old.close();
  const gap = await watched.scrape();
  expect(gap.value('rackwatch_ceph_data_fresh')).toBe(0);
  expect(gap.value('ceph_health_status')).toBe(0);
  next.behave({ kind: 'active', body: pacific });
  expect((await watched.scrape()).value('rackwatch_ceph_data_fresh')).toBe(1);
});

test('of two managers that both serve metrics the newcomer is right', async () => {
  const [old, next] = [await startManager(pacific), await startFakeManager({ kind: 'standby' })];
  closers.push(next.close);
  const watched = watch({ managers: [old.url, next.url] });
  await watched.scrape();
  next.behave({ kind: 'active', body: pacific.replace(/^ceph_health_status 0.0$/m, 'ceph_health_status 2.0') });
  expect((await watched.scrape()).value('rackwatch_ceph_health_state{state="error"}')).toBe(1);
});

test('a cluster that never answered has no data, and says why', async () => {
  const manager = await startManager('');
  manager.behave({ kind: 'html' });
  const watched = watch({ managers: [manager.url] });
  const page = await watched.scrape();
  expect(page.value('rackwatch_ceph_data_fresh')).toBe(0);
  expect(page.value('rackwatch_ceph_data_age_seconds')).toBeUndefined();
  expect([...page.families].filter((name) => !name.startsWith('rackwatch_ceph_'))).toEqual([]);
  expect(Object.keys(watched.failures()).sort()).toEqual([
    'capacity',
    'daemons',
    'families',
    'health',
    'images',
    'osds',
    'pools',
  ]);
});

test('a standby alone is no cluster', async () => {
  const manager = await startManager('');
  manager.behave({ kind: 'standby' });
  const page = await watch({ managers: [manager.url] }).scrape();
  expect(page.value(`rackwatch_ceph_manager_state{manager="${new URL(manager.url).host}",state="standby"}`)).toBe(1);
  expect(page.value('rackwatch_ceph_data_stale_state{state="no_manager"}')).toBe(1);
  expect(page.family('rackwatch_ceph_health_state')).toEqual([]);
});

test('a file system without an MDS is among the facts', async () => {
  const { url } = await startManager(pacific.replaceAll(/^ceph_mds_metadata.*\n/gm, ''));
  const watched = watch({ managers: [url] });
  await watched.scrape();
  expect(watched.facts()).toMatchObject({ filesystems: ['labfs'], mdss: [] });
});

test('the documentation lists the core families, these and no others', () => {
  const readme = readFileSync(new URL('../../../src/sources/ceph/README.md', import.meta.url), 'utf8');
  const section = /## Families of `core`\n([^#]*)/.exec(readme)?.[1] ?? '';
  const listed = [...section.matchAll(/`(ceph_[^`]+)`/g)].map(([, name]) => name);
  expect(listed).toEqual([...corePrefixes.map((prefix) => `${prefix}*`), ...coreFamilies]);
});

test('every metric that is emitted is declared', async () => {
  const { url } = await startManager(pacific);
  const page = await watch({ managers: [url] }).scrape();
  const declared = new Set(ceph.collectors.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  const emitted = [...page.text.matchAll(/^# TYPE (rackwatch_\S+)/gm)].map(([, name]) => name ?? '');
  expect(emitted.length).toBeGreaterThan(40);
  expect(emitted.filter((name) => !declared.has(name))).toEqual([]);
});

test('the timeout may be any number of milliseconds', async () => {
  const { url } = await startManager(pacific);
  const watched = watch({ managers: [url], timeout: '4s' });
  await watched.scrape();
  expect(watched.failures()).toEqual({});
});
