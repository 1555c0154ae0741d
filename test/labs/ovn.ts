import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labRoot, run, script, until } from './lab.ts';
import { stopPid } from './process.ts';

export type Db = 'nb' | 'sb';
export type Host = 1 | 2 | 3;
export const hosts: readonly Host[] = [1, 2, 3];

const folder = join(labRoot, 'ovn');
const net = '127.0.40';
export const schemas = { nb: 'OVN_Northbound', sb: 'OVN_Southbound' } as const;
const ports = { nb: 6641, sb: 6642 } as const;

/** Address of a server as the metrics name it. */
export const serverName = (db: Db, host: Host): string => `${net}.${host}:${ports[db]}`;
export const remote = (db: Db, host: Host): string => `tcp:${serverName(db, host)}`;
export const tlsRemote = (db: Db, host: Host): string => `ssl:${net}.${host}:1${ports[db]}`;
export const socketPath = (host: Host, name: string): string => join(folder, 'run', `h${host}`, name);
export const tlsFile = (name: string): string => join(folder, 'pki', name);

/** The keys of a client: of the lab's own authority, an expired one, and one of a foreign authority. */
export const tlsKeys = (name: 'client' | 'expired' | 'foreign') => ({
  certificate: tlsFile(`${name}-cert.pem`),
  key_file: tlsFile(`${name}-key.pem`),
});

/** What stands under `sources: ovn:` to watch all six servers. */
export const ovnSource = () => ({
  northbound: hosts.map((host) => remote('nb', host)),
  southbound: hosts.map((host) => remote('sb', host)),
});

/** Three servers for each database; also starts those again that were killed. */
export const startDatabases = (env: Readonly<Record<string, string>> = {}): Promise<string> =>
  script('ovn', 'databases.sh', { env });

/** Starts one server or northd that is not running, without waiting for it to be ready. */
export const startOne = (
  host: Host,
  what: Db | 'northd',
  env: Readonly<Record<string, string>> = {},
): Promise<string> => script('ovn', 'databases.sh', { env: { ...env, ONLY: `${host} ${what}` } });

export const startHypervisors = (): Promise<string> => script('ovn', 'hypervisors.sh');
export const populate = (): Promise<string> => script('ovn', 'populate.sh');
export const stopOvn = (): Promise<string> => script('ovn', 'down.sh');

const all = (db: Db): string => hosts.map((host) => remote(db, host)).join(',');
export const nbctl = (...args: string[]): Promise<string> =>
  run('ovn-nbctl', [`--db=${all('nb')}`, '-t', '60', ...args]);
export const sbctl = (...args: string[]): Promise<string> =>
  run('ovn-sbctl', [`--db=${all('sb')}`, '-t', '60', ...args]);
/** Open vSwitch of a hypervisor. */
export const vsctl = (host: Host, ...args: string[]): Promise<string> =>
  run('ovs-vsctl', [`--db=unix:${join(folder, 'run', `hv${host}`, 'db.sock')}`, '-t', '30', ...args]);
/** A command over the control socket of a server, of northd or of a hypervisor's daemon. */
export const appctl = (socket: string, ...args: string[]): Promise<string> =>
  run('ovs-appctl', ['-t', socket, ...args]);
export const hypervisorSocket = (host: Host, daemon: 'controller' | 'vswitchd'): string =>
  join(folder, 'run', `hv${host}`, `${daemon}.ctl`);

/** What one server has of a table, by the OVSDB project's own client, in the encoding of the wire. */
export async function dump(
  db: Db,
  host: Host,
  table: string,
  columns: readonly string[],
): Promise<Readonly<Record<string, unknown>>[]> {
  const args = ['-t', '60', '-f', 'json', 'dump', remote(db, host), schemas[db], table, '_uuid', ...columns];
  const { data, headings } = JSON.parse(await run('ovsdb-client', args)) as { data: unknown[][]; headings: string[] };
  return data.map((row) => Object.fromEntries(row.map((value, index) => [headings[index], value])));
}

export async function waitConnected(db: Db, host: Host): Promise<void> {
  const probe = () =>
    run('ovsdb-client', ['-t', '20', 'wait', `unix:${socketPath(host, `${db}.sock`)}`, schemas[db], 'connected']);
  await until(() => probe().then(() => true), { what: `${db} ${host} is connected to its cluster` });
}

const pidOf = (path: string): number => Number(readFileSync(path, 'utf8'));
export const serverPid = (host: Host, what: Db | 'northd'): number => pidOf(socketPath(host, `${what}.pid`));
export const hypervisorPid = (host: Host, daemon: 'controller' | 'vswitchd'): number =>
  pidOf(join(folder, 'run', `hv${host}`, `${daemon}.pid`));

/** Ends a daemon at once. */
export const kill = (pid: number): Promise<void> => stopPid(pid, 'SIGKILL');
export const freeze = (pid: number): boolean => process.kill(pid, 'SIGSTOP');
export const thaw = (pid: number): boolean => process.kill(pid, 'SIGCONT');
/** Cuts a server off its cluster; it keeps answering its clients. It heals by being started anew. */
export const isolate = (db: Db, host: Host): Promise<string> =>
  appctl(socketPath(host, `${db}.ctl`), 'cluster/failure-test', 'stop-raft-rpc');
