import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freePort } from '../../../free-port.ts';
import { startSshd } from '../../../labs/frr.ts';
import { until } from '../../../labs/lab.ts';
import { stopPid } from '../../../labs/process.ts';
import { type OpenFrr, openFrr } from '../open-frr.ts';

/** By SSH, with exactly the rights that the source's README names. @param read r1 by its sockets, among others */
export function testSsh(read: () => OpenFrr): void {
  test('a router by SSH shows the same as by its sockets', async () => {
    const port = await freePort();
    const { keys, server } = await startSshd(port);
    const access = {
      ...{ address: '127.0.0.1', port, user: 'rackwatch', key_file: `${keys}/client` },
      host_keys: [readFileSync(`${keys}/host.pub`, 'utf8').trim()],
    };
    const open = (ssh: object) => openFrr({ routers: [{ name: 'r1', ssh: { ...access, ...ssh } }] });
    const once = async (ssh: object) => {
      const frr = open(ssh);
      const { failures } = await frr.scrape();
      await frr.close();
      return failures['r1/bgp']?.code;
    };
    const frr = open({});
    try {
      const series = (samples: ReadonlyMap<string, number>) =>
        [...samples.keys()]
          .filter((key) => /^frr_(bgp_peer_state|bfd_peer_state|vrrp_state|daemon_up)\{/.test(key))
          .sort();
      const page = await frr.scrape();
      expect(page.failures).toEqual({});
      const own = [...series((await read().scrape()).samples)].filter((key) => key.includes('router="r1"'));
      expect(series(page.samples)).toEqual(own);
      expect(await once({ key_file: `${keys}/other` })).toBe('auth');
      expect(await once({ host_keys: [readFileSync(`${keys}/other.pub`, 'utf8').trim()] })).toBe('tls');
      expect(await once({ sockets: '/nowhere' })).toBe('connect');
      expect(await once({ port: await freePort() })).toBe('connect');
      // The connection is lost and made again.
      const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim().split(/\s+/);
      for (const pid of children) await stopPid(Number(pid), 'SIGKILL');
      const again = async () => Object.keys((await frr.scrape()).failures).length === 0;
      await until(again, { what: 'the connection is made again' });
    } finally {
      await frr.close();
      await server.stop();
    }
  });
}
