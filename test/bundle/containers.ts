import { chownSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, until } from '../labs/lab.ts';
import { newestPrograms } from '../labs/needs.ts';
import { type Running, start } from '../labs/process.ts';

/** A service as `docker-compose config` gives it: anchors, variables and relative paths are resolved. */
export interface ComposedService {
  readonly image?: string;
  readonly command: readonly string[] | null;
  readonly user: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly volumes?: readonly {
    readonly type: 'bind' | 'volume';
    readonly source: string;
    readonly target: string;
    readonly read_only?: boolean;
  }[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const lab = (name: string): string => fileURLToPath(new URL(`../labs/bundle/${name}`, import.meta.url));

/** What the real Compose makes of a profile; it rejects what it does not understand. */
export async function compose(profile: string, env: Readonly<Record<string, string>> = {}) {
  const args = ['-f', join(root, 'docker-compose.yml'), '--profile', profile, 'config', '--format', 'json'];
  const text = await run(join(newestPrograms, 'docker-compose'), args, { env });
  return (JSON.parse(text) as { services: Readonly<Record<string, ComposedService>> }).services;
}

const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const inDockerfile = (pattern: RegExp): readonly string[] =>
  JSON.parse(pattern.exec(dockerfile)?.[1] ?? '') as string[];

/** What each image starts, by its name. Grafana is missing: there is no package of it to take the program from. */
const entrypoints: Readonly<Record<string, readonly string[]>> = {
  'prom/prometheus': ['prometheus'],
  'prom/alertmanager': ['prometheus-alertmanager'],
  rackwatch: inDockerfile(/^ENTRYPOINT (.+)$/m),
};

/** How the image of rackwatch asks for its health, where the service says nothing else. */
const ownCheck = inDockerfile(/^HEALTHCHECK .+\n +CMD (.+)$/m);

const imageOf = ({ image }: ComposedService): string => image?.replace(/:.*/, '') ?? 'rackwatch';

/** Whether the programs of its image are at hand. */
export const canRun = (service: ComposedService): boolean => imageOf(service) in entrypoints;

/** What the images hold, from where it is on this machine. */
const images = [
  `${dirname(newestPrograms)}:/opt/newest:ro`,
  `${process.execPath}:/opt/node/node:ro`,
  `${root}dist:/app/dist:ro`,
  `${root}package.json:/app/package.json:ro`,
  `${realpathSync(`${root}node_modules`)}:/app/node_modules:ro`,
];

/** One host on which containers run: they share its network, in which also the cluster is that they watch. */
export interface Host {
  /** Where the configuration of rackwatch is, that watches the cluster. */
  readonly folder: string;
  /** Starts a service of Compose; where `instead` names the source of a mount, that is taken. */
  start(name: string, service: ComposedService, instead?: Readonly<Record<string, string>>): void;
  /** Runs the check of its health inside the container, to its end; rejects if it is not healthy. */
  checkHealth(name: string, service: ComposedService): Promise<string>;
  /** Asks an address of this host; rejects for any status but 200. */
  ask(url: string, method?: string): Promise<string>;
  /** The end of what each container has printed. */
  logs(): string;
  stop(): Promise<void>;
}

export async function startHost(): Promise<Host> {
  const folder = mkdtempSync(join(tmpdir(), 'rackwatch-bundle-'));
  const site = join(folder, 'site');
  mkdirSync(site);
  const alone = ['--net', 'bash', '-c', 'ip link set lo up && exec "$@"', 'site'];
  const net = start('bundle-site', 'unshare', [...alone, process.execPath, lab('site.mjs'), site]);
  const inside = ['--target', String(net.pid), '--net'];
  await until(() => net.output().includes('ready'), { what: 'the cluster is there' }).catch(async (error) => {
    await net.stop();
    throw new Error(net.output(), { cause: error });
  });
  const containers = new Map<string, Running>();
  return {
    folder: site,
    start: (name, service, instead = {}) => {
      const mounts = (service.volumes ?? []).map(({ read_only, source, target, type }) => {
        const from = type === 'bind' ? (instead[source] ?? source) : createVolume(join(folder, source), service.user);
        return `${from}:${target}${read_only ? ':ro' : ''}`;
      });
      const command = [...(entrypoints[imageOf(service)] ?? []), ...(service.command ?? [])];
      const args = [lab('contain.sh'), String(net.pid), ...images, ...mounts, '--', ...asUser(service, command)];
      containers.set(name, start(`bundle-${name}`, 'bash', args));
    },
    checkHealth: (name, service) => {
      const pid = containers.get(name)?.pid ?? 0;
      const check = asUser(service, service.healthcheck?.test.slice(1) ?? ownCheck);
      return run('nsenter', ['--target', String(pid), '--net', '--mount', '--root', '--wd=/', ...check]);
    },
    ask: (url, method = 'GET') => run('nsenter', [...inside, 'curl', '-sf', '--max-time', '5', '-X', method, url]),
    logs: () => [...containers].map(([name, { output }]) => `${name}:\n${output().slice(-1500)}`).join('\n'),
    stop: async () => {
      await Promise.all([...containers.values()].map((one) => one.stop()));
      await net.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A command with the user, the rights and the environment that the service has in its container. */
function asUser({ environment = {}, user }: ComposedService, command: readonly string[]): readonly string[] {
  const [uid = '', gid = ''] = user.split(':');
  const rights = ['--clear-groups', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs'];
  const env = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const inside = ['env', '-i', 'PATH=/opt/newest/bin:/opt/node:/usr/bin', ...env, ...command];
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, ...rights, ...inside];
}

/** A new volume belongs to whom the image gives the folder. */
function createVolume(folder: string, user: string): string {
  const [uid = 0, gid = 0] = user.split(':').map(Number);
  mkdirSync(folder);
  chownSync(folder, uid, gid);
  return folder;
}
