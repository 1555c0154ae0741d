import { copyFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeLab, run, until } from '../labs/lab.ts';
import {
  askFrom,
  clusterMembers,
  endpoint,
  lxc,
  serverCertificate,
  shell,
  startCluster,
  startManagement,
  stopCluster,
} from '../labs/lxd.ts';
import { Page } from '../labs/page.ts';
import { adapt, block, told, unit } from './readme.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Free on the network of the members' API. */
const ADDRESS = '10.199.0.30';

const recipe = block('sh', /lxc launch/);
const [identity = ''] = /^openssl [\s\S]+? -out \S+$/m.exec(block('sh', /openssl req/)) ?? [];

/** The configuration of "Five minutes", for this cluster and with what the recipe says about it. */
const configuration = adapt(block('yaml', /^listen:[\s\S]*lxd:[\s\S]*links:/), {
  '127.0.0.1:9947': told(/such as `(0\.0\.0\.0:\d+)`/),
  'https://10.0.0.11:8443, https://10.0.0.12:8443': `${endpoint('m1')}, ${endpoint('m2')}`,
  'key_file: /etc/rackwatch/lxd.key': `key_file: ${told(/With `key_file: (\S+)` in the configuration/)}`,
  'bond-sw01.50': 'eth0',
  '"bond-mesh*"': 'lxdbr8',
});

/** What is in a checkout after `npm ci`. */
const sources = ['package.json', 'package-lock.json', 'node_modules', 'dist'];

const address = `lxc exec rackwatch --project monitoring -- sh -c 'echo ${ADDRESS}/24 >/etc/address'`;
const doctor = 'node /opt/rackwatch/dist/main.js doctor --config /etc/rackwatch/rackwatch.yaml';

/** What this machine has not: npm's registry, an image server, DHCP. And `doctor` finds what the identity may not read. */
const differences = {
  'npm ci && ': '',
  'ubuntu:24.04': 'systemd',
  'limits.memory=512MiB\n': `limits.memory=512MiB\n${address}\n`,
  [doctor]: `${doctor} || test $? -eq 1`,
};

const inside = (...command: string[]) => lxc('m1', 'exec', 'rackwatch', '--project', 'monitoring', '--', ...command);

/** What Prometheus would see from a server of the cluster that the instance may or may not be on. */
const scrape = async () => new Page(await askFrom('m3', `http://${ADDRESS}:9947/metrics`));

/** Waits for a page with all targets, and fails with the journal. */
const waitForPage = () =>
  until(
    async () => {
      const page = await scrape();
      return page.find('rackwatch_target_up', { source: 'lxd' }).length === 2 + clusterMembers.length && page;
    },
    { what: 'rackwatch shows the cluster', timeoutMs: 30_000, everyMs: 300 },
  ).catch(async (error) => {
    throw new Error(`${error.message}\n${await inside('journalctl', '--no-pager', '-n', '30')}`, { cause: error });
  });

describeLab(['lxd', 'systemd'], () => {
  let folder: string;
  let report: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rackwatch-recipe-'));
    await startCluster();
    await startManagement();
    await lxc('m1', 'project', 'create', 'mail');
    // Without what other test runs write there meanwhile.
    await run('rsync', ['-a', '--exclude=.vite*', ...sources.map((name) => realpathSync(join(root, name))), folder]);
    await shell('m1', identity, folder);
    copyFileSync(serverCertificate('m1'), join(folder, 'cluster.crt'));
    writeFileSync(join(folder, 'rackwatch.yaml'), configuration);
    writeFileSync(join(folder, 'rackwatch.service'), unit);
    report = await shell('m1', adapt(recipe, differences), folder);
  });

  const push = async (path: string, text: string) => {
    writeFileSync(join(folder, 'file'), text);
    await lxc('m1', 'file', 'push', '-p', '--project', 'monitoring', join(folder, 'file'), `rackwatch${path}`);
  };

  test('all commands of the recipe succeed, and `doctor` reaches all and names what the identity may not read', () => {
    for (const target of ['cluster', 'instances', ...clusterMembers])
      expect(report).toMatch(new RegExp(`^lxd +${target} +yes `, 'm'));
    const missing = [...report.matchAll(/^ {2}lxd: (\w+) of .*: right missing \(forbidden\)$/gm)];
    expect(missing.map(([, collector]) => collector).sort()).toEqual(['links', 'warnings']);
  });

  test('the page shows the cluster, and the instances of the projects that the identity is restricted to', async () => {
    const page = await waitForPage();
    expect(page.find('rackwatch_target_up').map(({ value }) => value)).toEqual([1, 1, 1, 1, 1]);
    const failed = page.find('rackwatch_collector_success').filter(({ value }) => value === 0);
    expect([...new Set(failed.map(({ labels }) => labels.collector))].sort()).toEqual(['links', 'warnings']);
    expect(page.labelValues('lxd_cluster_member_info', 'member')).toEqual([...clusterMembers]);
    const names = ['k1', 'k2', 'k3', 'rackwatch'];
    expect(page.labelValues('lxd_instance_info', 'name')).toEqual(names);
    expect(page.labelValues('lxd_procs_total', 'name')).toEqual(names);
    expect(page.value('lxd_instance_memory_limit_bytes', { name: 'rackwatch' })).toBe(512 * 1024 * 1024);
    expect(page.value('lxd_events_connected')).toBe(1);
  });

  test('it runs as a user of its own, and only root and it can read the key', async () => {
    const show = async (key: string) => (await inside('systemctl', 'show', 'rackwatch', '--value', '-p', key)).trim();
    const uid = Number(await inside('stat', '-c', '%u', `/proc/${await show('MainPID')}`));
    // Where systemd takes the numbers of DynamicUser from.
    expect(uid).toBeGreaterThanOrEqual(61184);
    expect(uid).toBeLessThanOrEqual(65519);
    const owned = (path: string) => inside('stat', '-c', '%u %a', path);
    expect(await owned('/etc/rackwatch/lxd.key')).toBe('0 600\n');
    expect(await owned('/run/credentials/rackwatch.service/lxd.key')).toBe(`${uid} 400\n`);
  });

  test('what is refused can be switched off, and `systemctl reload` has it read that', async () => {
    const off = told(/`(collectors: \{ warnings: false \})` under `lxd`/);
    const text = configuration.replace(/^ *links:\n( *- .*\n)+/m, '').concat(`    ${off}\n`);
    await push('/etc/rackwatch/rackwatch.yaml', text);
    await inside('systemctl', 'reload', 'rackwatch');
    const collectors = async (value: number) =>
      (await scrape()).find('rackwatch_collector_success').filter((sample) => sample.value === value);
    const isDone = async () =>
      (await collectors(0)).length === 0 && (await collectors(1)).length > clusterMembers.length;
    await until(isDone, { what: 'nothing fails any more' });
    expect(await inside(...doctor.split(' '))).toMatch(/^OK: /m);
  });

  test('it is there again after its instance was started anew', async () => {
    await lxc('m1', 'restart', '--force', 'rackwatch', '--project', 'monitoring');
    expect((await waitForPage()).labelValues('lxd_procs_total', 'name')).toContain('rackwatch');
  });

  test('where the image takes LoadCredential away, the file gives it back', async () => {
    await push('/run/systemd/system/service.d/zzz-lxc-service.conf', '[Service]\nLoadCredential=\n');
    await inside('systemctl', 'daemon-reload');
    await inside('systemctl', 'restart', 'rackwatch');
    const journal = () => inside('journalctl', '--no-pager', '--unit', 'rackwatch');
    const refused = /permission denied, open '\/run\/credentials\/rackwatch\.service\/lxd\.key'/;
    await until(async () => refused.test(await journal()), { what: 'it has no key', timeoutMs: 20_000 });
    const text = block('ini', /zzzz-key/);
    await push(told(/^# (\/etc\/systemd\/system\/rackwatch\.service\.d\/\S+)$/m), text);
    await inside('systemctl', 'daemon-reload');
    await inside('systemctl', 'restart', 'rackwatch');
    await waitForPage();
  });

  afterAll(async () => {
    await stopCluster();
    rmSync(folder, { recursive: true, force: true });
  });
});
