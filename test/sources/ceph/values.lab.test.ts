import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  adminSockets,
  cephCommand,
  cephConf,
  cephJson,
  managerUrls,
  monitors,
  startCeph,
  stopCeph,
} from '../../labs/ceph.ts';
import { describeLab, run, until } from '../../labs/lab.ts';
import { startRackwatch } from '../../labs/rackwatch.ts';
import { Page, type WatchedCeph, watchCeph } from './page.ts';
import { stockFamilies } from './stock-families.ts';

const managers = Object.values(managerUrls);
const MIB = 2 ** 20;

/** The OSDs of the lab, as rackwatch labels them. */
const osds = [
  'osd="0",member="abydos",device_class="hdd"',
  'osd="1",member="langara",device_class="hdd"',
  'osd="2",member="abydos",device_class="ssd"',
  'osd="3",member="langara",device_class="ssd"',
];

describeLab(['ceph', 'prometheus'], () => {
  let watched: WatchedCeph;

  beforeAll(async () => {
    await startCeph();
    watched = watchCeph({ managers, monitors, admin_sockets: adminSockets });
    await writeSomeData();
  }, 300_000);

  afterAll(async () => {
    await watched?.close();
    await stopCeph();
  });

  const scrapeUntil = (what: string, condition: (page: Page) => boolean) =>
    until(
      async () => {
        const page = await watched.scrape();
        return condition(page) ? page : undefined;
      },
      { what, everyMs: 500, timeoutMs: 90_000 },
    );

  test('capacity is what ceph df says', async () => {
    interface Df {
      stats: { total_bytes: number; total_used_raw_bytes: number };
      stats_by_class: Record<string, { total_bytes: number; total_used_raw_bytes: number; total_avail_bytes: number }>;
      pools: { name: string; stats: { stored: number; bytes_used: number; max_avail: number; percent_used: number } }[];
    }
    // Both read what the OSDs report every few seconds: they agree once nothing changes any more.
    await until(
      async () => {
        const [page, df] = await Promise.all([watched.scrape(), cephJson<Df>('df', 'detail')]);
        expect(page.value('rackwatch_ceph_cluster_used_bytes')).toBe(df.stats.total_used_raw_bytes);
        expect(page.value('rackwatch_ceph_cluster_size_bytes')).toBe(df.stats.total_bytes);
        for (const name of ['hdd', 'ssd']) {
          const of = (what: string) => page.value(`rackwatch_ceph_device_class_${what}{device_class="${name}"}`) ?? 0;
          expect(of('size_bytes')).toBe(df.stats_by_class[name]?.total_bytes);
          expect(Math.abs(of('used_bytes') - (df.stats_by_class[name]?.total_used_raw_bytes ?? 0))).toBeLessThan(
            2 * MIB,
          );
        }
        for (const { name, stats } of df.pools) {
          const value = (what: string) => page.value(`rackwatch_ceph_pool_${what}{pool="${name}"}`);
          expect([name, value('stored_bytes')]).toEqual([name, stats.stored]);
          expect([name, value('used_bytes')]).toEqual([name, stats.bytes_used]);
          expect(Math.abs((value('available_bytes') ?? 0) - stats.max_avail)).toBeLessThan(2 * MIB);
          expect(value('used_ratio')).toBeCloseTo(stats.percent_used, 3);
        }
        return df.pools.length > 0;
      },
      { what: 'rackwatch and ceph df agree', everyMs: 1000, timeoutMs: 90_000 },
    );
  });

  test('each OSD is what ceph osd df says, under its member and class', async () => {
    interface OsdDf {
      nodes: { id: number; kb: number; kb_used: number; pgs: number; utilization: number }[];
    }
    // Both read what the OSDs report every few seconds: they agree once nothing changes any more.
    await until(
      async () => {
        const [page, df] = await Promise.all([watched.scrape(), cephJson<OsdDf>('osd', 'df')]);
        for (const { id, kb, kb_used, pgs, utilization } of df.nodes) {
          const labels = `{${osds[id]}}`;
          // OSDs 0 and 1 are of one class, 2 and 3 of the other, and all of one size.
          const alike = df.nodes.filter((other) => other.id >> 1 === id >> 1);
          const mean = alike.reduce((sum, other) => sum + other.kb_used / other.kb, 0) / alike.length;
          const used = page.value(`rackwatch_ceph_osd_used_bytes${labels}`) ?? 0;
          expect(Math.abs(used - kb_used * 1024)).toBeLessThan(MIB);
          expect(page.value(`rackwatch_ceph_osd_size_bytes${labels}`)).toBe(kb * 1024);
          expect(page.value(`rackwatch_ceph_osd_used_ratio${labels}`)).toBeCloseTo(utilization / 100, 2);
          expect(page.value(`rackwatch_ceph_osd_pgs${labels}`)).toBe(pgs);
          expect(page.value(`rackwatch_ceph_osd_up${labels}`)).toBe(1);
          expect(page.value(`rackwatch_ceph_osd_in${labels}`)).toBe(1);
          expect(page.value(`rackwatch_ceph_osd_deviation_ratio${labels}`)).toBeCloseTo(kb_used / kb / mean - 1, 1);
        }
        return df.nodes.length === osds.length;
      },
      { what: 'rackwatch and ceph osd df agree', everyMs: 1000, timeoutMs: 90_000 },
    );
  });

  test('monitors, managers and MDS stand under their members', async () => {
    const page = await watched.scrape();
    for (const [mon, member] of [
      ['a', 'abydos'],
      ['b', 'langara'],
      ['c', 'orilla'],
    ]) {
      expect(page.value(`rackwatch_ceph_mon_reachable{mon="${mon}",member="${member}"}`)).toBe(1);
      expect(page.value(`rackwatch_ceph_mon_in_quorum{mon="${mon}",member="${member}"}`)).toBe(1);
    }
    expect(
      page.value('rackwatch_ceph_mon_address_reachable{mon="a",member="abydos",address="v1:127.0.0.1:10200"}'),
    ).toBe(1);
    expect(page.value('rackwatch_ceph_mons_majority')).toBe(2);
    expect(page.value('rackwatch_ceph_mgr_active{mgr="x",member="abydos"}')).toBe(1);
    expect(page.value('rackwatch_ceph_mgr_active{mgr="y",member="langara"}')).toBe(0);
    expect(page.value('rackwatch_ceph_manager_state{manager="127.0.0.12:9283",state="standby"}')).toBe(1);
    expect(page.value('rackwatch_ceph_filesystem_ranks{filesystem="labfs"}')).toBe(1);
    expect(page.value('rackwatch_ceph_mds_standbys')).toBe(1);
    expect(page.value('rackwatch_ceph_health_state{state="ok"}')).toBe(1);
    expect(page.value('rackwatch_ceph_data_fresh')).toBe(1);
    expect(watched.failures()).toEqual({});
  });

  test('RBD latency is in seconds, and the image is an instance of LXD', async () => {
    const labels = '{pool="rbd_ssd",image="container_infra_frr1",project="infra",name="frr1",operation="write"}';
    // A manager counts from when it has noticed the image.
    const page = await until(
      async () => {
        await writeToImage();
        const now = await watched.scrape();
        return now.value(`rackwatch_ceph_rbd_latency_seconds_count${labels}`) ? now : undefined;
      },
      { what: 'the manager has seen writes to the image', everyMs: 500, timeoutMs: 90_000 },
    );
    const count = page.value(`rackwatch_ceph_rbd_latency_seconds_count${labels}`) ?? 0;
    const sum = page.value(`rackwatch_ceph_rbd_latency_seconds_sum${labels}`) ?? 0;
    // A write of 4 kB to a file takes more than 20 µs and less than 20 s: neither milliseconds nor nanoseconds would fit.
    expect(sum / count).toBeGreaterThan(20e-6);
    expect(sum / count).toBeLessThan(20);
    expect(page.value(`rackwatch_ceph_rbd_operations_total${labels}`)).toBeGreaterThan(0);
    const native = page
      .family('ceph_rbd_write_latency_sum')
      .find(([series]) => series.includes('container_infra_frr1'));
    expect(sum).toBeCloseTo((native?.[1] ?? 0) / 1e9, 6);
  });

  test('counters only rise', async () => {
    const before = await watched.scrape();
    await run('rados', ['-c', cephConf, 'bench', '-p', 'rbd_hdd', '2', 'write', '-b', '65536', '-t', '4']);
    const series = `rackwatch_ceph_osd_operation_latency_seconds_count{${osds[0]},operation="write"}`;
    const after = await scrapeUntil('the load shows', (now) => (now.value(series) ?? 0) > (before.value(series) ?? 0));
    const counters = [...before.families].filter((name) => /^rackwatch_.*_(?:total|sum|count|bucket)$/.test(name));
    expect(counters.length).toBeGreaterThan(5);
    for (const [name, value] of counters.flatMap((counter) => before.family(counter))) {
      expect([name, after.value(name)]).toEqual([name, expect.any(Number)]);
      expect(after.value(name)).toBeGreaterThanOrEqual(value);
    }
  });

  test('the histogram of an OSD has the latencies that its sum says: its unit is the nanosecond', async () => {
    const own = `${osds[0]},operation="write"`;
    const count = `rackwatch_ceph_osd_operation_duration_seconds_count{${own}}`;
    // Nobody writes now: histogram and counters are of the same operations.
    const page = await watched.scrape();
    const { osd } = JSON.parse(
      await run('ceph', ['--admin-daemon', `${adminSockets}/ceph-osd.0.asok`, 'perf', 'dump']),
    ) as { osd: { op_w_latency: { avgcount: number; sum: number } } };
    expect(page.value(count)).toBe(osd.op_w_latency.avgcount);
    expect(osd.op_w_latency.avgcount).toBeGreaterThan(20);
    const buckets = page
      .family('rackwatch_ceph_osd_operation_duration_seconds_bucket')
      .filter(([series]) => series.includes(own))
      .map(([series, value]) => ({ le: Number(/le="([^"]+)"/.exec(series)?.[1]?.replace('+Inf', 'Infinity')), value }));
    let [lowest, highest, lower, below] = [0, 0, 0, 0];
    for (const { le, value } of buckets) {
      if (value > below) {
        lowest += (value - below) * lower;
        highest += (value - below) * le;
      }
      [lower, below] = [le, value];
    }
    expect(osd.op_w_latency.sum).toBeGreaterThan(lowest);
    expect(osd.op_w_latency.sum).toBeLessThan(highest);
  });

  test('promtool reads the page, and the stock dashboards find their families', async () => {
    const page = await watched.scrape();
    const { status, stderr } = spawnSync('bash', ['-c', 'promtool check metrics'], {
      input: page.text,
      encoding: 'utf8',
    });
    // 3 says that there are remarks on names, which are Ceph's; 1 that it cannot be read.
    expect([status, stderr.split('\n').filter((line) => !line.startsWith('ceph_') && line !== '')]).toEqual([3, []]);
    const missing = stockFamilies.filter((name) => !page.families.has(name));
    expect(missing).toEqual([]);
    expect(page.families.has('ceph_paxos_begin')).toBe(false);
  });

  test('the built program serves it', async () => {
    const rackwatch = await startRackwatch({ sources: { ceph: { managers, conf: cephConf } } });
    const page = await rackwatch.scrape();
    expect(page.value('rackwatch_target_up', { source: 'ceph', target: 'cluster' })).toBe(1);
    expect(page.value('ceph_health_status')).toBe(0);
    expect(page.value('rackwatch_ceph_mons_reachable')).toBe(3);
    expect(page.labelValues('rackwatch_ceph_osd_up', 'osd')).toEqual(['0', '1', '2', '3']);
    await rackwatch.stop();
  });

  test('the standby alone has nothing to show', async () => {
    const alone = watchCeph({ managers: [managerUrls.y], monitors });
    const page = await alone.scrape();
    expect(page.value('rackwatch_ceph_manager_state{manager="127.0.0.12:9283",state="standby"}')).toBe(1);
    expect(page.value('rackwatch_ceph_data_stale_state{state="no_manager"}')).toBe(1);
    expect(page.value('rackwatch_ceph_mons_reachable')).toBe(3);
    expect([...page.families].filter((name) => name.startsWith('ceph_'))).toEqual([]);
    await alone.close();
  });

  test('with families: all, everything that the manager serves is there', async () => {
    const all = watchCeph({ managers, monitors, families: 'all' });
    const [page, native] = await Promise.all([all.scrape(), fetch(`${managers[0]}/metrics`)]);
    const served = new Page(await native.text()).families;
    expect([...served].filter((name) => !page.families.has(name))).toEqual([]);
    expect(served.size).toBeGreaterThan(300);
    await all.close();
  });

  test('without performance counters in the page, the admin sockets have them', async () => {
    // A manager as of Reef: the page of ours, through a proxy that leaves them out.
    const server = createServer((_, response) => {
      void fetch(`${managers[0]}/metrics`)
        .then((answer) => answer.text())
        .then((text) => response.end(text.replaceAll(/^.*ceph_(?:osd_op|osd_stat|osd_numpg|bluestore)_.*\n/gm, '')));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const reef = watchCeph({ managers: [`http://127.0.0.1:${port}`], admin_sockets: adminSockets });
    const page = await reef.scrape();
    expect(page.families.has('ceph_osd_op_r_latency_count')).toBe(false);
    expect(
      page.value(`rackwatch_ceph_osd_operation_latency_seconds_count{${osds[0]},operation="write"}`),
    ).toBeGreaterThan(0);
    expect(page.value(`rackwatch_ceph_osd_size_bytes{${osds[3]}}`)).toBe(2 ** 30);
    await reef.close();
    server.close();
  });

  // The last one: the placement groups of its pool stay in the counters of the OSDs.
  test('the layout of each pool is what ceph osd pool ls detail says', async () => {
    interface Rule {
      rule_id: number;
      rule_name: string;
      steps: { op: string; item_name?: string; type?: string }[];
    }
    await cephCommand('osd', 'erasure-code-profile', 'set', 'k2m1', 'k=2', 'm=1', 'crush-failure-domain=osd');
    await cephCommand('osd', 'pool', 'create', 'coded', '8', '8', 'erasure', 'k2m1');
    await cephCommand('osd', 'pool', 'set', 'rbd_ssd', 'min_size', '2');
    const layouts = watchCeph({
      managers,
      pools: {
        rbd_ssd: { min_size: 2, rule: 'r_ssd', device_class: 'ssd', failure_domain: 'host' },
        rbd_hdd: { rule: 'r_hdd', device_class: 'hdd', failure_domain: 'host' },
      },
    });
    const known = await until(
      async () => {
        await layouts.scrape();
        const pools = layouts.facts().pools ?? [];
        return pools.some(({ name }) => name === 'coded') ? pools : undefined;
      },
      { what: 'the manager knows the new pool', everyMs: 500, timeoutMs: 60_000 },
    );
    const rules = await cephJson<Rule[]>('osd', 'crush', 'rule', 'dump');
    const pools = await cephJson<{ pool_name: string; size: number; min_size: number; crush_rule: number }[]>(
      ...['osd', 'pool', 'ls', 'detail'],
    );
    expect(known.map(({ name, size, minSize }) => ({ name, size, minSize }))).toEqual(
      pools.map(({ pool_name, size, min_size }) => ({ name: pool_name, size, minSize: min_size })),
    );
    for (const { name, rule, deviceClass, failureDomain } of known.filter((pool) => pool.name.startsWith('rbd_'))) {
      const { crush_rule: id } = pools.find(({ pool_name }) => pool_name === name) ?? {};
      const { rule_name, steps = [] } = rules.find(({ rule_id }) => rule_id === id) ?? {};
      expect([name, rule]).toEqual([name, rule_name]);
      expect(steps.find(({ op }) => op === 'take')?.item_name).toBe(`default~${deviceClass}`);
      expect(steps.find(({ op }) => op.startsWith('chooseleaf'))?.type).toBe(failureDomain);
    }
    await layouts.close();
  });
});

async function writeSomeData(): Promise<void> {
  for (const pool of ['rbd_hdd', 'rbd_ssd']) {
    await run('rados', ['-c', cephConf, 'bench', '-p', pool, '2', 'write', '-b', '65536', '-t', '4', '--no-cleanup']);
  }
  await run('rbd', ['-c', cephConf, 'create', 'rbd_ssd/container_infra_frr1', '--size', '64M']);
}

async function writeToImage(): Promise<void> {
  const bench = ['--io-type', 'write', '--io-size', '4K', '--io-total', '128K', '--io-threads', '2'];
  await run('rbd', ['-c', cephConf, 'bench', ...bench, 'rbd_ssd/container_infra_frr1']);
}
