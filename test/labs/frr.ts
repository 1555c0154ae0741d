import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { labRoot, run, script, until } from './lab.ts';
import { isAlive, type Running, start } from './process.ts';

/** 8: FRR 8.4.4 of Debian 12. 10: FRR 10.3 of Debian 13, which dies when a client hangs up on a large reply. */
export type FrrVersion = '8' | '10';
export const frrVersions: readonly FrrVersion[] = ['8', '10'];

const folder = (version: FrrVersion): string => join(labRoot, 'frr', version);

/** Three routers r1 r2 r3, two providers p1 p2, three hosts h1 (gobgpd) h2 h3, as `frr/up.sh` says. */
export const startFrr = (version: FrrVersion): Promise<string> =>
  script('frr', 'up.sh', { args: [version], timeoutMs: 400_000 });

export const stopFrr = (version: FrrVersion): Promise<string> => script('frr', 'down.sh', { args: [version] });

/** One router `s` with 200 neighbours, all of them `t`, 50,000 routes of IPv4 and 10,000 of IPv6, as `frr/scale.sh` says. */
export const startLargeFrr = (version: FrrVersion): Promise<string> =>
  script('frr', 'scale.sh', { args: [version], timeoutMs: 400_000 });

/** Starts the host's gobgpd again. */
export const startGobgp = (version: FrrVersion): Promise<string> => script('frr', 'gobgp.sh', { args: [version] });

export const socketsOf = (version: FrrVersion, router: string): string => join(folder(version), 'run', router);

/** Runs a command in a router: its own network namespace, FRR's default paths. */
export const inside = (version: FrrVersion, router: string, ...command: string[]): Promise<string> =>
  run(join(folder(version), `in-${router}`), command);

/** FRR's own client, for comparison. */
export const vtysh = (version: FrrVersion, router: string, ...commands: string[]): Promise<string> =>
  inside(version, router, 'vtysh', ...commands.flatMap((command) => ['-c', command]));

/** What FRR itself says. */
export async function ask<T>(version: FrrVersion, router: string, command: string): Promise<T> {
  return JSON.parse(await vtysh(version, router, command)) as T;
}

/** Takes the cable between a router and one of the two bridges, `tr` and `uplink`, or puts it back. */
export const setLink = (version: FrrVersion, bridge: string, router: string, state: 'up' | 'down'): Promise<string> =>
  run('ip', ['-n', `frr${version}-sw`, 'link', 'set', `${bridge}-${router}`, state]);

/** The ids of a router's daemons. */
export function pidsOf(version: FrrVersion, router: string): Readonly<Record<string, number>> {
  const path = socketsOf(version, router);
  const names = readdirSync(path).filter((name) => name.endsWith('.pid'));
  return Object.fromEntries(
    names.map((name) => [name.replace(/\.pid$/, ''), Number(readFileSync(join(path, name), 'utf8'))]),
  );
}

/** The ids of all daemons of the lab that run. A daemon that crashed is gone, or was started again with another id. */
export function allPids(version: FrrVersion): readonly string[] {
  return livePids(version, ['p1', 'p2', 'r1', 'r2', 'r3', 'h2', 'h3']);
}

/** The same of the routers that are named. */
export function livePids(version: FrrVersion, routers: readonly string[]): readonly string[] {
  return routers.flatMap((router) =>
    Object.entries(pidsOf(version, router)).flatMap(([daemon, pid]) =>
      isAlive(pid) ? [`${router} ${daemon} ${pid}`] : [],
    ),
  );
}

/** An sshd that sees r1's sockets; version 10 only. Its keys lie in the folder that is returned. */
export async function startSshd(port: number): Promise<{ readonly keys: string; readonly server: Running }> {
  const path = fileURLToPath(new URL('frr/sshd.sh', import.meta.url));
  const server = start('frr-sshd', 'bash', [path, '10', String(port)]);
  await until(() => server.output().includes('Server listening'), { what: 'sshd listens' });
  return { keys: join(folder('10'), 'ssh'), server };
}
