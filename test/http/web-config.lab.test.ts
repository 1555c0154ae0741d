import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { createIdentity } from '../../src/demo/certificate.ts';
import { loadWebConfig } from '../../src/http/web-config.ts';
import { describeLab, run } from '../labs/lab.ts';
import { alertLabs, programOf } from '../labs/needs.ts';

const pair = { cert_file: 'web.crt', key_file: 'web.key' };
const hash = '$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy';

/** What rackwatch takes or refuses, Prometheus' own toolkit does as well: one file serves all exporters of a host. */
for (const lab of alertLabs) {
  describeLab(lab, () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'rackwatch-web-'));
      const { certificate, key } = createIdentity({ commonName: 'web', usage: 'server', hosts: ['127.0.0.1'] });
      writeFileSync(join(folder, 'web.crt'), certificate);
      writeFileSync(join(folder, 'web.key'), key);
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    test.each<[what: string, config: object, isTaken: boolean]>([
      ['nothing', {}, true],
      ['TLS', { tls_server_config: pair }, true],
      ['TLS of a lowest version', { tls_server_config: { ...pair, min_version: 'TLS13' } }, true],
      [
        'clients with certificates',
        { tls_server_config: { ...pair, client_ca_file: 'web.crt', client_auth_type: 'RequireAndVerifyClientCert' } },
        true,
      ],
      ['users', { basic_auth_users: { prom: hash } }, true],
      ['headers', { http_server_config: { headers: { 'X-Frame-Options': 'deny' } } }, true],
      ['an unknown key', { tls: pair }, false],
      ['a certificate without its key', { tls_server_config: { cert_file: 'web.crt' } }, false],
      ['a file that is not there', { tls_server_config: { ...pair, cert_file: 'none.crt' } }, false],
      ['an unknown version', { tls_server_config: { ...pair, min_version: 'TLS14' } }, false],
    ])('%s', async (_what, config, isTaken) => {
      const file = join(folder, 'web.yml');
      writeFileSync(file, stringify(config));
      const check = run(programOf(lab, 'promtool'), ['check', 'web-config', file]);
      if (isTaken) {
        expect(await check).toContain('SUCCESS');
        expect(() => loadWebConfig(file)).not.toThrow();
      } else {
        await expect(check).rejects.toThrow('FAILED');
        expect(() => loadWebConfig(file)).toThrow();
      }
    });
  });
}
