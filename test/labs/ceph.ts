import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labRoot, run, script, until } from './lab.ts';
import { stopPid } from './process.ts';

const folder = join(labRoot, 'ceph');

export const cephConf = join(folder, 'ceph.conf');
export const adminSockets = join(folder, 'run');

/** Which daemon is where is in labs/ceph/common.sh. */
export const managerUrls = { x: 'http://127.0.0.11:9283', y: 'http://127.0.0.12:9283' } as const;

export const monitors = ['a', 'b', 'c'].map((name, i) => ({
  name,
  addresses: [`v2:127.0.0.1:${10100 + i}`, `v1:127.0.0.1:${10200 + i}`],
}));

/** Starts the cluster and waits until it is healthy and both managers answer. */
export async function startCeph(): Promise<void> {
  await script('ceph', 'up.sh', { timeoutMs: 240_000 });
  for (const url of Object.values(managerUrls)) {
    await until(async () => (await fetch(`${url}/metrics`)).ok, { what: `${url} answers`, timeoutMs: 120_000 });
  }
}

export const stopCeph = (): Promise<string> => script('ceph', 'down.sh', { args: ['--wipe'] });

/** Runs Ceph's own client, the oracle of the tests. */
export const cephCommand = (...args: string[]): Promise<string> =>
  run('ceph', ['-c', cephConf, '--connect-timeout', '20', ...args], { timeoutMs: 60_000 });

export async function cephJson<T>(...args: string[]): Promise<T> {
  const output = await cephCommand(...args, '-f', 'json');
  return JSON.parse(output.slice(output.search(/[[{]/))) as T;
}

export const daemonPid = (daemon: string): number => Number(readFileSync(join(adminSockets, `${daemon}.pid`), 'utf8'));

export const killDaemon = (daemon: string, signal: NodeJS.Signals): Promise<void> => stopPid(daemonPid(daemon), signal);

export async function startDaemon(daemon: string): Promise<void> {
  await script('ceph', 'daemon.sh', { args: daemon.split('.') });
}
