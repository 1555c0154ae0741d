import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type DemoRack, startDemoRack } from '../../src/demo/index.ts';
import { temporaryFile } from '../temporary.ts';
import { configFile, rackwatch } from './program.ts';

interface LxdAccess {
  readonly endpoints: readonly string[];
  readonly certificate: string;
  readonly key_file: string;
  readonly server_certificate: string;
}

let rack: DemoRack;
let lxd: LxdAccess;
let access: readonly string[];

beforeAll(async () => {
  rack = await startDemoRack();
  lxd = rack.sources['lxd'] as unknown as LxdAccess;
  access = ['--endpoint', lxd.endpoints[1] as string, '--certificate', lxd.certificate, '--key', lxd.key_file];
});
afterAll(() => rack.close());

test('one endpoint is enough for the cluster, the databases of OVN and the routers', async () => {
  const file = temporaryFile('rackwatch.yaml');
  const { code, stderr, stdout } = await rackwatch('init', '--yes', '--config', file, ...access);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('✓ lxd   3 members, LXD 5.21.4\n');
  expect(stdout).toContain('✓ ovn   3 northbound servers, 0 southbound\n');
  expect(stdout).toContain('✓ frr   frr1, frr2, frr3; in the file, commented out');
  expect(stdout).toContain('– ceph  no manager answers');
  expect(stdout).toContain('– bmc   ');
  const text = readFileSync(file, 'utf8');
  const seen = new X509Certificate(readFileSync(lxd.server_certificate));
  expect(parse(text)).toEqual({
    listen: '127.0.0.1:9947',
    sources: {
      lxd: {
        endpoints: lxd.endpoints,
        certificate: lxd.certificate,
        key_file: lxd.key_file,
        server_fingerprint: seen.fingerprint256.replaceAll(':', '').toLowerCase(),
        links: [{ device: 'bond-sw01.51', role: 'uplink' }],
      },
      ovn: { northbound: rack.sources['ovn']?.['northbound'] },
    },
  });
  expect(text).toMatch(/^ {2}# {5}- member: orilla$/m);
  expect(await rackwatch('check', '--config', file)).toMatchObject({ code: 0, stdout: `${file}: OK\n` });
  const dump = await rackwatch('dump', '--config', file);
  expect([dump.code, dump.stderr]).toEqual([0, '']);
});

test('a file that is there is not overwritten', async () => {
  const file = configFile('listen: "[::1]:0"\n');
  const { code, stderr } = await rackwatch('init', '--yes', '--config', file, ...access);
  expect([code, stderr]).toEqual([1, `rackwatch: ${file} is there already; name another with --config\n`]);
  expect(readFileSync(file, 'utf8')).toBe('listen: "[::1]:0"\n');
});

test('an LXD that does not answer is named', async () => {
  const file = temporaryFile('rackwatch.yaml');
  const away = ['--endpoint', 'https://127.0.0.1:1', ...access.slice(2)];
  const { code, stderr } = await rackwatch('init', '--yes', '--config', file, ...away);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^rackwatch: cannot reach https:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/);
  expect(existsSync(file)).toBe(false);
});

test('a person answers the questions, and may refuse the certificate', async () => {
  const file = temporaryFile('rackwatch.yaml');
  const answers = [lxd.endpoints[0], lxd.certificate, lxd.key_file, 'no'];
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  const child = spawn(process.execPath, [main, 'init', '--config', file], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  let asked = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += String(chunk);
      // An answer for every question, once it is asked.
      for (; (said.match(/\]: /g) ?? []).length > asked; asked++) child.stdin.write(`${answers[asked]}\n`);
    });
  }
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(1);
  expect(said).toContain('LXD endpoint [');
  expect(said).toContain(`rackwatch: the certificate of ${lxd.endpoints[0]} was not confirmed\n`);
  expect(existsSync(file)).toBe(false);
});
