import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { labRoot, run, script } from './lab.ts';

const folder = join(labRoot, 'frr-lxd');

export const lxdSocket = join(folder, 'lxd', 'unix.socket');

/** An LXD with FRR in the container `frrlab-r1` of the project `infra`; returns its API's address. */
export async function startFrrLxd(): Promise<string> {
  const port = await freePort();
  await script('frr', 'lxd-down.sh');
  await script('frr', 'lxd-up.sh', { args: [String(port)] });
  return `https://127.0.0.1:${port}`;
}

export const stopFrrLxd = (): Promise<string> => script('frr', 'lxd-down.sh');

/** What stands under `frr: lxd:` to use this LXD. `infra` and `other` may use one project each, `client` all. */
export const lxdAccess = (endpoint: string, who: 'client' | 'infra' | 'other') => ({
  endpoints: [endpoint],
  certificate: join(folder, 'certs', `${who}.crt`),
  key_file: join(folder, 'certs', `${who}.key`),
  server_certificate: join(folder, 'lxd', 'server.crt'),
});

export const otherCertificate = join(folder, 'certs', 'other.crt');

/** LXD's own client in the project `infra`. */
export const lxc = (...args: string[]): Promise<string> =>
  run('lxc', ['-q', '--project', 'infra', ...args], { env: { LXD_DIR: join(folder, 'lxd') } });

export const lxdPid = (): number => Number(readFileSync(join(folder, 'lxd.pid'), 'utf8'));

/** `GET path`, at LXD's own socket; nothing at all stands for an empty object. */
export const query = async <T>(path: string): Promise<T> =>
  JSON.parse((await run('lxc', ['query', path], { env: { LXD_DIR: join(folder, 'lxd') } })) || '{}') as T;

/** Puts the container `router` of the project `infra`, with FRR, on the member m1 of the cluster of the LXD lab. */
export const addClusterRouter = (): Promise<string> => script('frr', 'lxd-cluster.sh', { timeoutMs: 200_000 });
