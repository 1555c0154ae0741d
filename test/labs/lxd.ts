import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labRoot, run, script } from './lab.ts';
import { stopPid } from './process.ts';

export type Server = 's1' | 'm1' | 'm2' | 'm3';

export const clusterMembers = ['m1', 'm2', 'm3'] as const;

/** The kinds of client certificate that the lab makes; `unknown` is trusted nowhere. */
export type CertificateKind = 'client' | 'metrics' | 'restricted' | 'metrics-restricted' | 'unknown' | 'expired';

const folder = join(labRoot, 'lxd');
const addresses = { s1: '10.199.0.10', m1: '10.199.0.11', m2: '10.199.0.12', m3: '10.199.0.13' } as const;

export const endpoint = (server: Server): string => `https://${addresses[server]}:8443`;
export const metricsPort = 8444;
export const socket = (server: Server): string => join(folder, server, 'unix.socket');

/** The certificate that a server shows: a cluster has one for all members. */
export function serverCertificate(server: Server): string {
  const shared = join(folder, server, 'cluster.crt');
  return existsSync(shared) ? shared : join(folder, server, 'server.crt');
}

export const clientCertificate = (kind: CertificateKind) => ({
  certificate: join(folder, 'certs', `${kind}.crt`),
  key_file: join(folder, 'certs', `${kind}.key`),
});

/** What stands under `sources: lxd:` to watch these servers with this certificate. */
export const lxdSource = (servers: readonly Server[], kind: CertificateKind = 'client') => ({
  endpoints: servers.map(endpoint),
  ...clientCertificate(kind),
  server_certificate: serverCertificate(servers[0] ?? 's1'),
});

export const startSingle = (): Promise<string> => script('lxd', 'single.sh');

/** An FRR to which `s1` may announce, and its sockets' folder. It goes with `s1`. */
export async function startRouter(): Promise<string> {
  await script('lxd', 'router.sh');
  return routerSockets;
}

const routerSockets = join(folder, 'r1', 'run');

/** Commands of vtysh to that FRR. */
export const vtysh = (...commands: string[]): Promise<string> =>
  run('vtysh', ['--vty_socket', routerSockets, '-d', 'bgpd', ...commands.flatMap((command) => ['-c', command])]);

/** Also starts members again that were killed. */
export const startCluster = (): Promise<string> => script('lxd', 'cluster.sh');

/** A bridge `br-mgmt` on every member, on the network of their API, and an image `systemd`. The cluster must run. */
export const startManagement = (): Promise<string> => script('lxd', 'cluster-management.sh');

/** Has the members announce to r1, r2 and r3 of the FRR lab, version 8. Both must run. */
export const startUplink = (): Promise<string> => script('lxd', 'cluster-uplink.sh');

export const stopSingle = (): Promise<string> => script('lxd', 'down.sh', { args: ['single'] });

export const stopCluster = (): Promise<string> => script('lxd', 'down.sh', { args: ['cluster'] });

/** LXD's own client, at the server's own socket. */
export const lxc = (server: Server, ...args: string[]): Promise<string> =>
  run('lxc', ['-q', ...args], { env: { LXD_DIR: join(folder, server) } });

/** Runs what a person would type at a server, in a folder; the first command that fails ends it. */
export function shell(server: Server, commands: string, cwd: string): Promise<string> {
  const quiet = 'lxc() { command lxc -q "$@"; }';
  const text = `${quiet}\ncd "$0"\n${commands}`;
  return run('bash', ['-euo', 'pipefail', '-c', text, cwd], { env: { LXD_DIR: join(folder, server) } });
}

/** Asks an address from the network of a server's host; rejects for any status but 200. */
export const askFrom = (server: Server, url: string): Promise<string> =>
  run('ip', ['netns', 'exec', `rwlxd-${server}`, 'curl', '-sf', '--max-time', '15', url]);

/** What LXD itself says, for comparison: `GET path` at the server's own socket. */
export async function ask<T>(server: Server, path: string): Promise<T> {
  return JSON.parse(await lxc(server, 'query', path)) as T;
}

/**
 * Begins to evacuate a member, or to restore it. Does not wait for the end: LXD's client waits for an event, which is lost
 * when the members' connections for events have been cut before.
 */
export const moveInstances = (server: Server, action: 'evacuate' | 'restore'): Promise<string> =>
  lxc(server, 'query', '-X', 'POST', '-d', JSON.stringify({ action }), `/1.0/cluster/members/${server}/state`);

/** LXD's own metrics page of a server, whose samples 5.0.2 may print twice. */
export const ownMetrics = (server: Server): Promise<string> =>
  run('curl', ['-sS', '--unix-socket', socket(server), 'http://lxd/1.0/metrics']);

/** Ends the daemon at once; its containers run on, as they do when a daemon crashes. */
export const killServer = (server: Server): Promise<void> => stopPid(pidOf(server), 'SIGKILL');

/** A daemon that is stopped accepts connections, which the kernel does for it, and never answers. */
export const freezeServer = (server: Server): boolean => process.kill(pidOf(server), 'SIGSTOP');

export const thawServer = (server: Server): boolean => process.kill(pidOf(server), 'SIGCONT');

export const cutNetwork = (server: Server): Promise<string> => run('ip', ['link', 'set', `rwlxd-${server}`, 'down']);

export const healNetwork = (server: Server): Promise<string> => run('ip', ['link', 'set', `rwlxd-${server}`, 'up']);

const pidOf = (server: Server): number => Number(readFileSync(join(folder, 'run', `${server}.pid`), 'utf8'));
