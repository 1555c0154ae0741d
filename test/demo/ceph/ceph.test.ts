import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCeph } from '../../../src/demo/ceph/index.ts';
import type { DemoPart } from '../../../src/demo/part.ts';
import { instances, osds } from '../../../src/demo/rack.ts';
import { RackState } from '../../../src/demo/state.ts';
import { Page, type WatchedCeph, watchCeph } from '../../sources/ceph/page.ts';
import { createClock, type ManualClock } from '../manual-clock.ts';

let clock: ManualClock;
let state: RackState;
let part: DemoPart;
let watched: WatchedCeph;

beforeEach(async () => {
  clock = createClock();
  state = new RackState(clock);
  part = await startCeph(state);
  watched = watchCeph(part.config);
});

afterEach(async () => {
  await watched.close();
  await part.close();
});

function advance(ms: number): void {
  clock.advance(ms);
  watched.advance(ms);
}

const health = (page: Page, check: string) =>
  page.value(`rackwatch_ceph_health_check_active{check="${check}",level="warn"}`);

test('the cluster of the rack has twelve OSDs on three hosts, hdd and ssd, and is well', async () => {
  const page = await watched.scrape();
  expect(watched.failures()).toEqual({});
  expect(page.family('rackwatch_ceph_osd_up')).toHaveLength(12);
  for (const { id, member, deviceClass, sizeBytes } of osds) {
    const labels = `{osd="${id}",member="${member}",device_class="${deviceClass}"}`;
    expect(page.value(`rackwatch_ceph_osd_up${labels}`)).toBe(1);
    expect(page.value(`rackwatch_ceph_osd_size_bytes${labels}`)).toBe(sizeBytes);
    expect(page.value(`rackwatch_ceph_osd_used_ratio${labels}`)).toBeGreaterThan(0.01);
    expect(page.value(`rackwatch_ceph_osd_used_ratio${labels}`)).toBeLessThan(0.8);
    const write = page.value(
      `rackwatch_ceph_osd_operation_latency_seconds_sum${labels.replace('}', ',operation="write"}')}`,
    );
    expect(write).toBeGreaterThan(0);
  }
  expect(page.value('rackwatch_ceph_health_state{state="ok"}')).toBe(1);
  expect(page.value('rackwatch_ceph_mons_reachable')).toBe(3);
  expect(page.value('rackwatch_ceph_mgrs_standby')).toBe(2);
  expect(page.value('rackwatch_ceph_mds_standbys')).toBe(2);
});

test('every instance that runs has its image', async () => {
  const page = await watched.scrape();
  for (const instance of instances) {
    const { project, name, kind } = instance;
    const image = `${kind}_${project}_${name}${kind === 'virtual-machine' ? '.block' : ''}`;
    const series = page
      .family('rackwatch_ceph_rbd_operations_total')
      .filter(([text]) => text.includes(`image="${image}",project="${project}",name="${name}",`));
    expect([name, series.length]).toEqual([name, state.isRunning(instance) ? 2 : 0]);
  }
});

test('counters rise with the clock', async () => {
  const before = await watched.scrape();
  advance(60_000);
  const after = await watched.scrape();
  const counters = [...before.families].filter((name) => /^rackwatch_.*_(?:total|sum|count)$/.test(name));
  expect(counters.length).toBeGreaterThan(8);
  for (const [series, value] of counters.flatMap((name) => before.family(name))) {
    expect(after.value(series)).toBeGreaterThanOrEqual(value);
  }
  const ops = 'rackwatch_ceph_pool_operations_total{pool="lxd-ssd",operation="write"}';
  expect(after.value(ops)).toBeGreaterThan(before.value(ops) ?? 0);
});

test('a dead member takes its daemons with it, and the active manager comes back elsewhere after half a minute', async () => {
  await watched.scrape();
  state.kill('abydos');
  const gap = await watched.scrape();
  expect(gap.value('rackwatch_ceph_data_stale_state{state="no_manager"}')).toBe(1);
  expect(gap.value('rackwatch_ceph_mon_reachable{mon="abydos",member="abydos"}')).toBe(0);
  advance(33_000);
  const page = await watched.scrape();
  expect(page.value('rackwatch_ceph_data_fresh')).toBe(1);
  expect(page.value('rackwatch_ceph_osd_up{osd="0",member="abydos",device_class="hdd"}')).toBe(0);
  expect(page.value('rackwatch_ceph_mgr_active{mgr="langara",member="langara"}')).toBe(1);
  for (const check of ['MON_DOWN', 'OSD_DOWN', 'PG_DEGRADED']) expect(health(page, check)).toBe(1);
  state.revive('abydos');
  advance(1000);
  expect((await watched.scrape()).value('rackwatch_ceph_health_state{state="ok"}')).toBe(1);
});

test('with two dead members there is no quorum, and the manager goes on with its last page', async () => {
  await watched.scrape();
  state.kill('langara');
  state.kill('orilla');
  const page = await watched.scrape();
  expect(page.value('rackwatch_ceph_data_stale_state{state="no_quorum"}')).toBe(1);
  expect(page.value('ceph_health_status')).toBeUndefined();
  const { managers } = part.config as { managers: readonly string[] };
  const served = new Page(await (await fetch(`${managers[0]}/metrics`)).text());
  expect(served.value('ceph_health_status')).toBe(0);
});

test('an evacuation comes with noout', async () => {
  state.evacuate('orilla');
  const page = await watched.scrape();
  expect(page.value('rackwatch_ceph_flag_set{flag="noout"}')).toBe(1);
  expect(health(page, 'OSDMAP_FLAGS')).toBe(1);
});
