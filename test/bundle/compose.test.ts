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
  readonly user: string;
  readonly healthcheck?: { readonly test: readonly string[] };
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
  expect(service.user).toMatch(/^[1-9]\d*:\d+$/);
  expect(service.image ?? service.build).toMatch(/^(\.|[a-z/]+:v?\d+\.\d+\.\d+)$/);
});

test.each(mounts)('$name: $source is there', ({ source, mode }) => {
  if (source.startsWith('./')) {
    expect(existsSync(`${root}${source.slice(2)}`)).toBe(true);
    expect(mode).toBe('ro');
  } else expect(compose.volumes).toHaveProperty(source);
});

test('each has a profile, and asks itself for its health at its own address', () => {
  for (const [name, { command = [], healthcheck, profiles }] of services) {
    expect(profiles, name).not.toHaveLength(0);
    // The image of rackwatch has a check of its own, at the address that it has by default.
    const [listen = '127.0.0.1:3000'] = command.flatMap((argument) => argument.match(/127\.0\.0\.1:\d+$/) ?? []);
    const check = healthcheck?.test.join(' ') ?? read('Dockerfile').replace(/^.*HEALTHCHECK/s, '');
    expect(check, name).toContain(listen);
  }
});

test.each(['demo', 'cluster', 'ha'])('in the profile %s no two want the same address or the same volume', (profile) => {
  const chosen = services.filter(([, { profiles }]) => profiles?.includes(profile));
  const listens = chosen.flatMap(
    ([, { command = [] }]) =>
      command.join(' ').match(/(?<=--(?:web|cluster)\.listen-address=|--listen )127\.0\.0\.1:\d+/g) ?? [],
  );
  const volumes = mounts.filter(({ name, source }) => !source.startsWith('./') && chosen.some(([one]) => one === name));
  expect(new Set(listens).size).toBe(listens.length);
  expect(new Set(volumes.map(({ source }) => source)).size).toBe(volumes.length);
  expect([listens.length, volumes.length]).toEqual(profile === 'ha' ? [8, 5] : [3, 3]);
});

/** Where the repository has what a service sees at this path: the mount that is nearest to it counts. */
function inside(service: string, path: string): string {
  const [nearest] = mounts
    .filter(({ name, source, target }) => name === service && source.startsWith('./') && path.startsWith(`${target}/`))
    .sort((a, b) => b.target.length - a.target.length);
  return nearest ? `${root}${nearest.source.slice(2)}${path.slice(nearest.target.length)}` : '';
}

const configured = services.flatMap(([name, { command = [] }]) =>
  command.flatMap((argument) => {
    const [, file] = /^--config\.file=(.+)$/.exec(argument) ?? [];
    return file === undefined ? [] : [{ name, file }];
  }),
);

test.each(configured)('$name finds $file and all that it names', ({ name, file }) => {
  const found = inside(name, file);
  expect(existsSync(found)).toBe(true);
  const { rule_files = [] } = parse(readFileSync(found, 'utf8')) as { rule_files?: string[] };
  expect(rule_files).toHaveLength(name.startsWith('prometheus') ? 8 : 0);
  for (const rules of rule_files) expect(existsSync(inside(name, file.replace(/[^/]+$/, rules))), rules).toBe(true);
});

test.each(services.filter(([name]) => name.startsWith('grafana')))(
  '%s finds what it is provisioned with',
  (name, service) => {
    for (const path of [
      '/etc/grafana/provisioning/datasources/prometheus.yml',
      '/etc/grafana/provisioning/dashboards/rackwatch.yml',
      service.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? '',
    ])
      expect(existsSync(inside(name, path)), path).toBe(true);
  },
);

test('Grafana asks every Prometheus of its profile', () => {
  const urls = (folder: string) =>
    (parse(read(`dashboards/provisioning/${folder}/prometheus.yml`)) as { datasources: { url: string }[] }).datasources
      .map(({ url }) => url.replace('http://', ''))
      .sort();
  const listens = (profile: string) =>
    services
      .filter(([name, { profiles }]) => name.startsWith('prometheus') && profiles?.includes(profile))
      .flatMap(([, { command = [] }]) =>
        command.flatMap((text) => /^--web\.listen-address=(.+)$/.exec(text)?.[1] ?? []),
      )
      .sort();
  expect(urls('datasources')).toEqual(listens('demo'));
  expect(urls('datasources-ha')).toEqual(listens('ha'));
});

test('Grafana looks for the dashboards where they are mounted', () => {
  const { providers } = parse(read('dashboards/provisioning/dashboards/rackwatch.yml')) as {
    providers: { options: { path: string } }[];
  };
  expect(providers.map(({ options }) => options.path)).toEqual(['/var/lib/grafana/dashboards']);
});

test.each(services)('%s listens on loopback only', (_name, { command = [], environment }) => {
  if (environment?.['GF_SERVER_HTTP_ADDR'] !== undefined)
    return expect(environment).toMatchObject({ GF_SERVER_HTTP_ADDR: '127.0.0.1' });
  const listens = command.join(' ').match(/(?<=listen(?:-address)?[= ])\S+/g);
  expect(listens?.length).toBeGreaterThan(0);
  for (const listen of listens ?? []) expect(listen).toMatch(/^127\.0\.0\.1:\d+$/);
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
