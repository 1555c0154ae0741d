import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { lxdAccess, query, startFrrLxd, stopFrrLxd } from '../labs/frr-lxd.ts';
import { describeLab } from '../labs/lab.ts';
import { temporaryFile } from '../temporary.ts';
import { rackwatch } from './program.ts';

describeLab(['frr', 'lxd'], () => {
  let endpoint: string;

  beforeAll(async () => {
    endpoint = await startFrrLxd();
  });
  afterAll(() => stopFrrLxd());

  test('a real LXD tells of itself and of the router in a container, and the file works', async () => {
    const file = temporaryFile('rackwatch.yaml');
    const { certificate, key_file } = lxdAccess(endpoint, 'client');
    const access = ['--endpoint', endpoint, '--certificate', certificate, '--key', key_file];
    const { code, stderr, stdout } = await rackwatch('init', '--yes', '--config', file, ...access);
    expect([code, stderr]).toEqual([0, '']);
    const { environment } = await query<{ environment: { certificate_fingerprint: string; server_version: string } }>(
      '/1.0',
    );
    expect(stdout).toContain(`✓ lxd   1 member, LXD ${environment.server_version}\n`);
    expect(stdout).toMatch(/✓ frr {3}(\S+, )*frrlab-r1/);
    const text = readFileSync(file, 'utf8');
    expect(parse(text).sources.lxd).toMatchObject({
      endpoints: [endpoint],
      server_fingerprint: environment.certificate_fingerprint,
    });
    expect(text).toContain('instance: frrlab-r1');
    const dump = await rackwatch('dump', '--config', file);
    expect([dump.code, dump.stderr]).toEqual([0, '']);
  });
});
