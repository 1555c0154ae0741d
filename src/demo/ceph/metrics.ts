import { members } from '../rack.ts';
import { type CephCluster, VERSION } from './cluster.ts';
import { writeImages } from './image-metrics.ts';
import { writeOsds } from './osd-metrics.ts';
import { PageWriter } from './page.ts';
import { FILESYSTEM, writePools } from './pool-metrics.ts';

/** The module collects every so often at speed 1, whoever asks. */
const COLLECT_MS = 15_000;

const flags = 'noup nodown noout noin nobackfill norebalance norecover noscrub nodeep_scrub'.split(' ');

/** What the active manager serves. */
export function renderMetrics(cluster: CephCluster, activeManager: string): string {
  const page = new PageWriter();
  writeHealth(page, cluster);
  writeDaemons(page, cluster, activeManager);
  writeOsds(page, cluster);
  writePools(page, cluster);
  writeImages(page, cluster.state);
  const { clock, speed } = cluster.state;
  const collections = Math.floor(((clock.now() - cluster.state.bootedAt(activeManager)) * speed) / COLLECT_MS);
  page.average(
    'prometheus_collect_duration_seconds',
    'The sum of seconds took to collect all metrics of this exporter',
    [
      [{ method: 'get_health' }, collections * 0.0012, collections],
      [{ method: 'get_osd_stats' }, collections * 0.0017, collections],
    ],
  );
  return page.end();
}

function writeHealth(page: PageWriter, { checks, flags: set, state }: CephCluster): void {
  const all = checks.list();
  const raised = all.filter(({ isRaised }) => isRaised);
  const status = raised.some(({ severity }) => severity === 'HEALTH_ERR') ? 2 : Math.min(raised.length, 1);
  page.family('health_status', 'untyped', 'Cluster health status', [[{}, status]]);
  page.family(
    'health_detail',
    'gauge',
    'healthcheck status by type (0=inactive, 1=active)',
    all.map(({ isRaised, name, severity }) => [{ name, severity }, isRaised ? 1 : 0]),
  );
  const slow = [...state.faults.slowOps.values()].reduce((sum, count) => sum + count, 0);
  page.family('healthcheck_slow_ops', 'gauge', 'OSD or Monitor requests taking a long time to process', [[{}, slow]]);
  for (const flag of flags) {
    page.family(`osd_flag_${flag}`, 'untyped', `OSD Flag ${flag}`, [[{}, set.has(flag) ? 1 : 0]]);
  }
}

function writeDaemons(page: PageWriter, cluster: CephCluster, activeManager: string): void {
  const { activeMds, mdss, monitors, state } = cluster;
  const names = members.map(({ name }) => name);
  const alive = names.filter((name) => state.isReachable(name));
  page.family(
    'mon_quorum_status',
    'gauge',
    'Monitors in quorum',
    names.map((name) => [{ ceph_daemon: `mon.${name}` }, monitors.includes(name) ? 1 : 0]),
  );
  page.family(
    'mon_metadata',
    'untyped',
    'MON Metadata',
    members.map(({ address, name }, rank) => [
      { ceph_daemon: `mon.${name}`, hostname: name, public_addr: address, rank, ceph_version: VERSION },
      1,
    ]),
  );
  page.family(
    'mgr_metadata',
    'gauge',
    'MGR metadata',
    alive.map((name) => [{ ceph_daemon: `mgr.${name}`, hostname: name, ceph_version: VERSION }, 1]),
  );
  page.family(
    'mgr_status',
    'gauge',
    'MGR status (0=standby, 1=active)',
    alive.map((name) => [{ ceph_daemon: `mgr.${name}` }, name === activeManager ? 1 : 0]),
  );
  page.family('fs_metadata', 'untyped', 'FS Metadata', [
    [{ data_pools: FILESYSTEM.data, fs_id: 1, metadata_pool: FILESYSTEM.metadata, name: FILESYSTEM.name }, 1],
  ]);
  page.family(
    'mds_metadata',
    'untyped',
    'MDS Metadata',
    members
      .filter(({ name }) => mdss.includes(name))
      .map(({ address, name }) => {
        const place = name === activeMds ? { fs_id: 1, rank: 0 } : { fs_id: -1, rank: -1 };
        const own = {
          ceph_daemon: `mds.${name}`,
          hostname: name,
          public_addr: `${address}:6800/1`,
          ceph_version: VERSION,
        };
        return [{ ...own, ...place }, 1];
      }),
  );
}
