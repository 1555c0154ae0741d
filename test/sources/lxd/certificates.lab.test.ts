import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeLab, until } from '../../labs/lab.ts';
import {
  ask,
  type CertificateKind,
  clientCertificate,
  lxdSource,
  metricsPort,
  socket,
  startSingle,
  stopSingle,
} from '../../labs/lxd.ts';
import { type Dump, doctor, dump } from '../../labs/rackwatch.ts';

const links = [{ device: 'eth0', role: 'uplink' }];

const collect = (settings: object): Promise<Dump> => dump({ scrape_timeout: '30s', sources: { lxd: settings } });
const collectAs = (kind: CertificateKind, more: object = {}): Promise<Dump> =>
  collect({ ...lxdSource(['s1'], kind), links, ...more });

const worked = ({ page }: Dump): readonly string[] =>
  page
    .find('rackwatch_collector_success')
    .flatMap(({ labels, value }) => (value === 1 ? [labels.collector ?? ''] : []))
    .sort();

const everything = [
  'events',
  'hosts',
  'instances',
  'links',
  'local-storage',
  'members',
  'native',
  'networks',
  'operations',
  'projects',
  'shared-storage',
  'warnings',
];

const allInstances = ['c1', 'c2', 'd1', 'w1', 'w2', 'w3'];
const running = ['c1', 'c2', 'd1', 'w1', 'w2'];

describeLab('lxd', () => {
  let self: string;

  beforeAll(async () => {
    await startSingle();
    const info = await ask<{ environment: { server_name: string } }>('s1', '/1.0');
    self = info.environment.server_name;
  });

  afterAll(stopSingle);

  test('a full certificate: everything works', async () => {
    const result = await collectAs('client');
    expect(result.errors).toEqual([]);
    expect(result.code).toBe(0);
    expect(worked(result)).toEqual(everything);
    expect(result.page.labelValues('lxd_instance_info', 'name')).toEqual(allInstances);
    expect(result.page.labelValues('lxd_procs_total', 'member')).toEqual([self]);
  });

  test('the unix socket: everything works, without a certificate', async () => {
    const result = await collect({ endpoints: [`unix://${socket('s1')}`], links });
    expect(result.errors).toEqual([]);
    expect(worked(result)).toEqual(everything);
    expect(result.page.labelValues('lxd_procs_total', 'name')).toEqual(running);
  });

  test('a restricted certificate: its project, and what is not of a project', async () => {
    const result = await collectAs('restricted');
    const refused = ['links', 'warnings'];
    expect(worked(result)).toEqual(everything.filter((name) => !refused.includes(name)));
    for (const line of result.errors) expect(line).toMatch(/ (links|warnings): .*\(forbidden\)$/);
    expect(result.code).toBe(1);
    expect(result.page.labelValues('lxd_instance_info', 'project')).toEqual(['web']);
    expect(result.page.labelValues('lxd_procs_total', 'name')).toEqual(['w1', 'w2']);
    expect(result.page.labelValues('lxd_project_usage', 'project')).toEqual(['web']);
    expect(result.page.value('lxd_events_connected')).toBe(1);
  });

  test('doctor: with a full certificate nothing is missing', async () => {
    const { code, report } = await doctor({ sources: { lxd: { ...lxdSource(['s1']), links, timeout: '30s' } } });
    expect(report.targets.map(({ reached, target }) => [target, reached])).toEqual([
      ['cluster', true],
      ['instances', true],
      [self, true],
    ]);
    const { environment } = await ask<{ environment: { server_version: string } }>('s1', '/1.0');
    for (const { clock_offset_seconds: offset, version } of report.targets) {
      expect(version).toBe(environment.server_version);
      // Both run on this host; an answer that is held up shifts it.
      expect(Math.abs(offset ?? Number.NaN)).toBeLessThan(10);
    }
    expect(report.missing).toEqual([]);
    expect(report.joins).toEqual([{ join: 'instance_member', total: allInstances.length, missed: 0, names: [] }]);
    expect([code, report.ok]).toEqual([0, true]);
  });

  test('doctor: with a restricted certificate it says which collectors are lost, and what they would give', async () => {
    const lxd = { ...lxdSource(['s1'], 'restricted'), links, timeout: '30s' };
    const { code, report } = await doctor({ sources: { lxd } });
    expect(report.targets.map(({ reached }) => reached)).toEqual([true, true, true]);
    const missing = report.missing.map(({ code: reason, collector, targets }) => [collector, reason, targets]);
    expect(missing.sort()).toEqual([
      ['links', 'forbidden', [self]],
      ['warnings', 'forbidden', ['cluster']],
    ]);
    for (const { lost, reason } of report.missing) {
      expect(lost).toMatch(/^(LXD's own warnings|Physical ports)/);
      expect(reason).toMatch(/LXD answered 403/);
    }
    expect([code, report.ok]).toEqual([1, false]);
  });

  test('doctor: a certificate that LXD does not know reaches nothing', async () => {
    const { code, report } = await doctor({ sources: { lxd: { ...lxdSource(['s1'], 'unknown'), timeout: '30s' } } });
    expect(report.targets.map((target) => [target.target, target.reached, target.code])).toEqual([
      ['cluster', false, 'auth'],
      ['instances', false, 'auth'],
    ]);
    expect(code).toBe(1);
  });

  test('a metrics certificate alone: /1.0/metrics, and the reason why there is no more', async () => {
    const result = await collectAs('metrics');
    expect(worked(result)).toEqual(['native']);
    expect(result.page.labelValues('lxd_procs_total', 'name')).toEqual(running);
    expect(result.page.labelValues('lxd_procs_total', 'member')).toEqual(['10.199.0.10']);
    expect(result.errors.join('\n')).toMatch(
      /members: .*lab-metrics.* can read \/1\.0\/metrics and nothing else.*\(forbidden\)/,
    );
    expect(result.code).toBe(1);
  });

  test('a metrics certificate beside a restricted one, at the listener for metrics', async () => {
    const metrics = { ...clientCertificate('metrics'), port: metricsPort };
    const result = await collectAs('restricted', { metrics });
    expect(result.page.labelValues('lxd_procs_total', 'name')).toEqual(running);
    expect(result.page.labelValues('lxd_instance_info', 'project')).toEqual(['web']);
  });

  test('a restricted metrics certificate beside a restricted one: the same project', async () => {
    const result = await collectAs('restricted', { metrics: clientCertificate('metrics-restricted') });
    expect(worked(result)).toContain('native');
    expect(result.page.labelValues('lxd_procs_total', 'name')).toEqual(['w1', 'w2']);
  });

  test.each(['unknown', 'metrics-restricted'] as const)('a certificate that LXD gives nothing to: %s', async (kind) => {
    const result = await collectAs(kind);
    expect(worked(result)).toEqual([]);
    expect(result.errors.join('\n')).toMatch(
      new RegExp(
        `members: LXD does not trust the client certificate CN=lab-${kind} .*lxc config trust add.*\\(auth\\)`,
      ),
    );
    expect(result.code).toBe(1);
  });

  test('a certificate that LXD knows and whose time is over', async () => {
    const { certificate } = clientCertificate('expired');
    const ends = Date.parse(new X509Certificate(readFileSync(certificate)).validTo);
    await until(() => Date.now() > ends, { what: 'the certificate expires' });
    const result = await collectAs('expired');
    expect(worked(result)).toEqual([]);
    expect(result.errors.join('\n')).toMatch(/members: .*CN=lab-expired.*expired on .*\(auth\)/);
  });

  test('a pin that the server does not match', async () => {
    const result = await collectAs('client', { server_certificate: clientCertificate('unknown').certificate });
    expect(worked(result)).toEqual([]);
    expect(result.errors.join('\n')).toMatch(/members: .*certificate .* is not the pinned one.*\(tls\)/);
  });

  test('no pin: LXD signs its certificate itself, and no CA vouches for it', async () => {
    const result = await collectAs('client', { server_certificate: undefined });
    expect(worked(result)).toEqual([]);
    expect(result.errors.join('\n')).toMatch(/members: .*self-signed certificate.*\(tls\)/);
  });

  test('a server that is not LXD', async () => {
    const { certificate, key_file } = clientCertificate('unknown');
    const identity = { cert: readFileSync(certificate), key: readFileSync(key_file) };
    const server = createServer(identity, (_request, response) => response.end('<html>It works!</html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const result = await collectAs('client', {
        endpoints: [`https://127.0.0.1:${port}`],
        server_certificate: certificate,
      });
      expect(worked(result)).toEqual([]);
      expect(result.errors.join('\n')).toMatch(/members: .*is it LXD\? \(protocol\)/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('nothing listens at the endpoint', async () => {
    const result = await collectAs('client', { endpoints: ['https://10.199.0.10:9'] });
    expect(worked(result)).toEqual([]);
    expect(result.errors.join('\n')).toMatch(/members: .*ECONNREFUSED.*\(connect\)/);
  });
});
