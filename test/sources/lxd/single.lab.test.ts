import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeLab } from '../../labs/lab.ts';
import { ask, lxc, lxdSource, startSingle, stopSingle } from '../../labs/lxd.ts';
import type { Page } from '../../labs/page.ts';
import { type Rackwatch, startRackwatch } from '../../labs/rackwatch.ts';

const links = [
  { device: 'eth0', role: 'uplink' },
  { device: 'lxdbr*', role: 'mesh' },
];

describeLab('lxd', () => {
  let rackwatch: Rackwatch;
  let page: Page;
  let self: string;

  beforeAll(async () => {
    await startSingle();
    const info = await ask<{ environment: { server_name: string } }>('s1', '/1.0');
    self = info.environment.server_name;
    rackwatch = await startRackwatch({ sources: { lxd: { ...lxdSource(['s1']), links, min_age: '1s' } } });
    // A limit in percent needs the host's memory, which the first cycle finds.
    page = await rackwatch.scrapeUntil(
      'a whole page',
      (shown) =>
        shown.find('rackwatch_collector_success').every(({ value }) => value === 1) &&
        shown.value('lxd_instance_memory_limit_bytes', { name: 'w2' }) !== undefined,
    );
  });

  afterAll(async () => {
    await rackwatch?.stop();
    await stopSingle();
  });

  test('a server that is not clustered is its own only member', () => {
    expect(page.labelValues('lxd_cluster_member_info', 'member')).toEqual([self]);
    expect(page.value('lxd_cluster_member_status', { member: self, status: 'online' })).toBe(1);
    expect(page.labelValues('lxd_instance_info', 'member')).toEqual([self]);
    expect(page.labelValues('lxd_procs_total', 'member')).toEqual([self]);
  });

  test('instances in every state, and LXD’s own metrics of those that run', () => {
    const states = page.find('lxd_instance_state').filter(({ value }) => value === 1);
    expect(Object.fromEntries(states.map(({ labels }) => [`${labels.project}/${labels.name}`, labels.state]))).toEqual({
      'default/c1': 'running',
      'default/c2': 'frozen',
      'web/w1': 'running',
      'web/w2': 'running',
      'web/w3': 'stopped',
      'db/d1': 'running',
    });
    expect(page.labelValues('lxd_procs_total', 'name')).toEqual(['c1', 'c2', 'd1', 'w1', 'w2']);
    expect(page.find('lxd_instance_processes', { name: 'w3' })).toEqual([]);
    expect(page.value('lxd_instance_snapshots', { name: 'c1' })).toBe(1);
  });

  test('limits in base units, whatever LXD’s configuration calls them', () => {
    const memoryTotal = page.value('lxd_cluster_member_memory_total_bytes', { member: self }) ?? Number.NaN;
    expect(page.value('lxd_instance_memory_limit_bytes', { name: 'w1' })).toBe(64 * 1024 * 1024);
    expect(page.value('lxd_instance_memory_limit_bytes', { name: 'w2' })).toBeCloseTo(memoryTotal / 10, 0);
    expect(page.value('lxd_instance_cpu_limit', { name: 'w1' })).toBe(1);
    expect(page.value('lxd_instance_cpu_limit', { name: 'w2' })).toBe(2);
    expect(page.find('lxd_instance_cpu_limit', { name: 'c1' })).toEqual([]);
    expect(page.find('lxd_project_limit').map(({ labels, value }) => [labels.project, labels.resource, value])).toEqual(
      [['web', 'containers', 10]],
    );
    expect(page.value('lxd_project_usage', { project: 'web', resource: 'containers' })).toBe(3);
  });

  test('the storage pool is as large as the file system under it', async () => {
    const pool = await ask<{ space: { total: number }; inodes: { total: number } }>(
      's1',
      '/1.0/storage-pools/default/resources',
    );
    const labels = { pool: 'default', driver: 'dir', member: self };
    expect(page.value('lxd_storage_pool_size_bytes', labels)).toBe(pool.space.total);
    expect(page.value('lxd_storage_pool_inodes', labels)).toBe(pool.inodes.total);
    expect(page.value('lxd_storage_pool_used_bytes', labels)).toBeGreaterThan(0);
  });

  test('LXD’s own warnings by type', async () => {
    const listed = await ask<{ type: string; status: string }[]>('s1', '/1.0/warnings?recursion=1');
    const open = new Set(listed.filter(({ status }) => status === 'new').map(({ type }) => type));
    expect(open.size).toBeGreaterThan(0);
    expect(page.labelValues('lxd_warnings', 'warning')).toEqual([...open].sort());
  });

  test('the host’s links with their roles, and counters that count', async () => {
    const links = page.find('lxd_link_up', { member: self });
    expect(links.map(({ labels, value }) => [labels.device, labels.role, value]).sort()).toEqual([
      ['eth0', 'uplink', 1],
      ['lxdbr9', 'mesh', 1],
    ]);
    expect(page.value('lxd_link_mtu_bytes', { device: 'eth0' })).toBe(1500);
    const receivedBefore = page.value('lxd_link_receive_bytes_total', { device: 'eth0' }) ?? Number.NaN;
    // Every scrape reaches the server through this link.
    await rackwatch.scrapeUntil(
      'the uplink has received more',
      (shown) => (shown.value('lxd_link_receive_bytes_total', { device: 'eth0' }) ?? 0) > receivedBefore,
    );
  });

  test('an instance that starts, pauses and goes is followed at once', async () => {
    const stateOf = (shown: Page, state: string) => shown.value('lxd_instance_state', { name: 'w3', state });
    await lxc('s1', '--project', 'web', 'start', 'w3');
    await rackwatch.scrapeUntil(
      'w3 runs, and LXD’s metrics of it are there',
      (shown) => stateOf(shown, 'running') === 1 && shown.find('lxd_procs_total', { name: 'w3' }).length === 1,
    );
    await lxc('s1', '--project', 'web', 'pause', 'w3');
    await rackwatch.scrapeUntil('w3 is frozen', (shown) => stateOf(shown, 'frozen') === 1);
    await lxc('s1', '--project', 'web', 'delete', 'w3', '--force');
    await rackwatch.scrapeUntil('nothing is left of w3', (shown) =>
      shown.samples.every(({ labels }) => labels.name !== 'w3'),
    );
  });
});
