import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { rackwatch } from '../cli/program.ts';

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly profiles?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly network_mode: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string): string => readFileSync(`${root}${name}`, 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);

/** `SOURCE:TARGET[:ro]`; what comes from the environment is the owner's. */
const mounts = services.flatMap(([name, { volumes = [] }]) =>
  volumes
    .filter((text) => !text.startsWith('$'))
    .map((text) => {
      const [source = '', target = '', mode] = text.split(':');
      return { name, source, target, mode };
    }),
);

test.each(services)('%s can write nothing but its own data, and has no rights to spare', (_name, service) => {
  expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], network_mode: 'host' });
  expect(service.image ?? service.build).toMatch(/^(\.|[a-z/]+:v?\d+\.\d+\.\d+)$/);
});

test.each(mounts)('$name: $source is there', ({ source, mode }) => {
  if (source.startsWith('./')) {
    expect(existsSync(`${root}${source.slice(2)}`)).toBe(true);
    expect(mode).toBe('ro');
  } else expect(compose.volumes).toHaveProperty(source);
});

test('what the servers are told to read is in what is mounted', () => {
  const inside = (service: string, path: string) =>
    mounts
      .filter(
        ({ name, source, target }) => name === service && source.startsWith('./') && path.startsWith(`${target}/`),
      )
      .map(({ source, target }) => `${root}${source.slice(2)}${path.slice(target.length)}`);
  const files = [
    ['prometheus', '/etc/prometheus/prometheus.yml'],
    ...(parse(read('alerts/prometheus.yml')) as { rule_files: string[] }).rule_files.map((file) => [
      'prometheus',
      `/etc/prometheus/${file}`,
    ]),
    ['alertmanager', '/etc/alertmanager/alertmanager.yml'],
    ['grafana', '/etc/grafana/provisioning/datasources/prometheus.yml'],
    ['grafana', '/etc/grafana/provisioning/dashboards/rackwatch.yml'],
    ['grafana', compose.services['grafana']?.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? ''],
  ] as const;
  for (const [service, path] of files) {
    const found = inside(service as string, path as string);
    expect(found, String(path)).toHaveLength(1);
    expect(existsSync(found[0] as string), String(path)).toBe(true);
  }
});

test('Grafana looks for the dashboards where they are mounted', () => {
  const { providers } = parse(read('dashboards/provisioning/dashboards/rackwatch.yml')) as {
    providers: { options: { path: string } }[];
  };
  expect(providers.map(({ options }) => options.path)).toEqual(['/var/lib/grafana/dashboards']);
});

test('everything listens on loopback only', () => {
  const { alertmanager, prometheus } = compose.services;
  for (const service of [prometheus, alertmanager]) {
    const listens = service?.command?.filter((argument) => argument.startsWith('--web.listen-address='));
    expect(listens).toEqual([expect.stringMatching(/=127\.0\.0\.1:\d+$/)]);
  }
  expect(compose.services['grafana']?.environment).toMatchObject({ GF_SERVER_HTTP_ADDR: '127.0.0.1' });
});

test.each(services.filter(([name]) => name.startsWith('rackwatch')))(
  '%s has a command that the program has',
  async (_name, { command = [] }) => {
    const { stdout } = await rackwatch('--help');
    expect(stdout).toContain(`rackwatch ${command[0]}`);
  },
);

test('the image copies what it builds from, and only that is sent to the builder', () => {
  const dockerfile = read('Dockerfile');
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' '));
  const sent = read('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  expect([...new Set(copied)].sort()).toEqual([...sent].sort());
  for (const name of copied) expect(existsSync(`${root}${name}`), name).toBe(true);
  expect(dockerfile).toMatch(/^USER node$/m);
});
