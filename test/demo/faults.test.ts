import { afterAll, beforeAll, expect, test } from 'vitest';
import { App } from '../../src/app.ts';
import { parseConfig } from '../../src/config/problems.ts';
import { configSchema } from '../../src/config/schema.ts';
import { type DemoRack, startDemoRack } from '../../src/demo/index.ts';
import { findScenario } from '../../src/demo/scenarios/index.ts';
import { sources } from '../../src/sources/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { Page } from '../labs/page.ts';

let rack: DemoRack;
let app: App;

beforeAll(async () => {
  rack = await startDemoRack();
  const hasty = { min_age: '0s', timeout: '60s' };
  const settings = ['ceph', 'frr', 'lxd'].map((name) => [name, { ...rack.sources[name], ...hasty }]);
  const text = JSON.stringify({ sources: Object.fromEntries(settings), scrape_timeout: '60s' });
  const config = parseConfig(configSchema(sources), text, 'demo');
  app = new App({ config, sources, insights: [], log: createLogger('silent') });
});

afterAll(async () => {
  await app?.close();
  await rack?.close();
});

type Case = readonly [scenario: string, source: string, family: string, labels: Record<string, string>, value: number];

const cases: readonly Case[] = [
  ['filesystem-down', 'ceph', 'rackwatch_ceph_filesystem_ranks', { filesystem: 'lxd-cephfs' }, 0],
  ['filesystem-down', 'ceph', 'rackwatch_ceph_health_check_active', { check: 'MDS_ALL_DOWN', level: 'error' }, 1],
  ['objects-unfound', 'ceph', 'rackwatch_ceph_objects_unfound', {}, 3],
  ['scrub-errors', 'ceph', 'rackwatch_ceph_health_state', { state: 'error' }, 1],
  ['osd-hangs', 'ceph', 'rackwatch_ceph_daemon_slow_ops', { daemon: 'osd.2', member: 'abydos' }, 17],
  ['osd-fills-up', 'ceph', 'rackwatch_ceph_osd_used_ratio', { osd: '0' }, 0.87],
  ['osd-full', 'ceph', 'rackwatch_ceph_health_check_active', { check: 'OSD_FULL', level: 'error' }, 1],
  ['flag-left', 'ceph', 'rackwatch_ceph_flag_set', { flag: 'norebalance' }, 1],
  ['copies-lost', 'ceph', 'rackwatch_ceph_pool_pgs_state', { pool: 'lxd-hdd', state: 'active' }, 0],
  ['peer-shut', 'frr', 'frr_bgp_peer_admin_down', { router: 'frr1', peer: '2001:db8:ff::1' }, 1],
  ['prefix-limit', 'frr', 'frr_bgp_peer_prefix_limit_hit', { router: 'frr3', peer: '2001:db8:ff::2' }, 1],
  ['session-flaps', 'frr', 'frr_bgp_peer_dropped_total', { router: 'frr1', peer: '192.0.2.2' }, 1],
  ['router-daemon-dies', 'frr', 'frr_daemon_up', { router: 'frr1', daemon: 'bfdd' }, 0],
  ['vrrp-conflict', 'frr', 'frr_vrrp_state', { router: 'frr2', proto: 'v4', state: 'Master' }, 1],
  ['member-blocked', 'lxd', 'lxd_cluster_member_status', { member: 'orilla', status: 'blocked' }, 1],
  ['out-of-memory', 'lxd', 'lxd_memory_OOM_kills_total', { project: 'ci', name: 'runner1' }, 3],
  ['local-pool-full', 'lxd', 'lxd_storage_pool_size_bytes', { pool: 'local', member: 'abydos' }, 200e9],
  ['mesh-lost', 'lxd', 'lxd_link_up', { member: 'orilla', device: 'bond-mesh02' }, 0],
  ['lxd-warns', 'lxd', 'lxd_warnings', { member: 'abydos', severity_level: 'high' }, 1],
];

test.each(cases)('%s: %s has %s%j = %d', { timeout: 90_000 }, async (name, source, family, labels, value) => {
  findScenario(name).steps[0]?.act(rack.state);
  try {
    const filter = { sources: [source], targets: [] };
    const page = new Page(Buffer.concat(await app.scrape(app.deadline(), filter)).toString('utf8'));
    expect(page.value(family, labels)).toBeCloseTo(value, 6);
  } finally {
    rack.state.mendAll();
  }
});
