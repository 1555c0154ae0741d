import { chmodSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Copies, copyShipped } from '../alerts/copies.ts';
import type { LabelSet } from '../alerts/shipped.ts';
import { describeLab, until } from '../labs/lab.ts';
import { canRun, compose, type Host, startHost } from './containers.ts';

const alerts = fileURLToPath(new URL('../../alerts', import.meta.url));

/** What waits in the rules and in Alertmanager waits so many times shorter for the pair. */
const SPEED = 20;

/** As the owner would: pages go to a webhook, and the dead man's switch is somewhere. */
const forAlertmanager = {
  'receiver: pager #': 'receiver: webhook #',
  'https://deadmansswitch.example.net/ping': 'http://127.0.0.1:8080/ping',
};

interface Told {
  readonly pings: number;
  readonly told: readonly {
    readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
  }[];
}

interface Rules {
  readonly data: {
    readonly groups: readonly { readonly file: string; readonly rules: readonly { readonly health: string }[] }[];
  };
}

const json = async <T>(host: Host, url: string): Promise<T> => JSON.parse(await host.ask(url)) as T;

async function query(host: Host, port: number, promql: string): Promise<readonly LabelSet[]> {
  const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(promql)}`;
  const { data } = await json<{ data: { result: readonly { readonly metric: LabelSet }[] } }>(host, url);
  return data.result.map(({ metric }) => metric);
}

const wait = <T>(host: Host, what: string, condition: () => Promise<T>) =>
  until(condition, { what, everyMs: 300, timeoutMs: 90_000 }).catch((error) => {
    throw new Error(`${error.message}\n${host.logs()}`, { cause: error });
  });

/** Starts all services of a profile of which there is a program. */
async function startProfile(profile: string, instead: Readonly<Record<string, string>> = {}) {
  const host = await startHost();
  const all = Object.entries(await compose(profile, { RACKWATCH_FOLDER: host.folder }));
  const services = all.filter(([, service]) => canRun(service));
  for (const [name, service] of services) host.start(name, service, instead);
  return { host, services, others: all.filter(([, service]) => !canRun(service)).map(([name]) => name) };
}

type Profile = Awaited<ReturnType<typeof startProfile>>;

async function expectHealthy({ host, services }: Profile): Promise<void> {
  for (const [name, service] of services)
    await wait(host, `${name} is healthy`, async () => (await host.checkHealth(name, service)) !== undefined);
}

describeLab('newest compose', () => {
  test.each(['demo', 'cluster', 'ha'])('Compose takes the profile %s, and finds every folder', async (profile) => {
    const folders = Object.values(await compose(profile, { RACKWATCH_FOLDER: alerts }))
      .flatMap(({ volumes = [] }) => volumes)
      .filter(({ type }) => type === 'bind');
    expect(folders.length).toBeGreaterThan(3);
    for (const { source } of folders) expect(existsSync(source), source).toBe(true);
  });
});

describeLab(['newest compose', 'newest alertmanager', 'bundle'], () => {
  let profile: Profile;
  let demo: Host;

  beforeAll(async () => {
    profile = await startProfile('demo');
    demo = profile.host;
  });

  afterAll(async () => {
    await demo?.stop();
  });

  test('every container of the demo becomes healthy, but Grafana: there is no package of it', async () => {
    await expectHealthy(profile);
    expect(profile.others).toEqual(['grafana']);
  });

  test('the demo scrapes itself and its rack, and its alerts arrive where nobody is told', async () => {
    await wait(demo, 'all targets are up', async () => (await query(demo, 9090, 'up == 1')).length === 3);
    const alertsOf = () => json<{ labels: { alertname: string } }[]>(demo, 'http://127.0.0.1:9093/api/v2/alerts');
    await wait(demo, 'an alert arrives', async () =>
      (await alertsOf()).some(({ labels }) => labels.alertname === 'Watchdog'),
    );
    expect(await demo.ask('http://127.0.0.1:9093/metrics')).toMatch(
      /^alertmanager_notifications_total\S*webhook\S* 0$/m,
    );
    expect((await query(demo, 9090, 'rackwatch_target_up == 1')).length).toBeGreaterThanOrEqual(13);
  });
});

describeLab(['newest compose', 'newest alertmanager', 'bundle'], () => {
  let copies: Copies;
  let profile: Profile;
  let pair: Host;

  beforeAll(async () => {
    copies = copyShipped(SPEED, {}, forAlertmanager);
    // The users of the containers own none of it.
    chmodSync(copies.folder, 0o755);
    profile = await startProfile('ha', { [alerts]: copies.folder });
    pair = profile.host;
  });

  afterAll(async () => {
    await pair?.stop();
    if (copies) rmSync(copies.folder, { recursive: true });
  });

  const told = () => json<Told>(pair, 'http://127.0.0.1:8080/');

  test('every container of the pair becomes healthy, but Grafana', async () => {
    await expectHealthy(profile);
    expect(profile.others).toEqual(['grafana-ha']);
  });

  test('each of two Prometheus has the rules and scrapes everything twice', async () => {
    for (const port of [9090, 9091]) {
      await wait(pair, 'all targets are up', async () => (await query(pair, port, 'up == 1')).length === 8);
      const { data } = await json<Rules>(pair, `http://127.0.0.1:${port}/api/v1/rules`);
      expect(new Set(data.groups.map(({ file }) => file)).size).toBe(8);
      expect(data.groups.flatMap(({ rules }) => rules).map(({ health }) => health)).not.toContain('err');
      const targets = await query(pair, port, 'up');
      expect(
        targets.map(({ instance, job, rackwatch = '' }) => `${job} ${instance} ${rackwatch}`.trim()).sort(),
      ).toEqual([
        'alertmanager 127.0.0.1:9093',
        'alertmanager 127.0.0.1:9095',
        'bmc 127.0.0.1 127.0.0.1:9947',
        'bmc 127.0.0.1 127.0.0.1:9948',
        'prometheus 127.0.0.1:9090',
        'prometheus 127.0.0.1:9091',
        'rackwatch 127.0.0.1:9947',
        'rackwatch 127.0.0.1:9948',
      ]);
    }
  });

  test('two Alertmanagers are a mesh', async () => {
    for (const port of [9093, 9095]) {
      const isMesh = async () => {
        const { cluster } = await json<{ cluster: { status: string; peers: object[] } }>(
          pair,
          `http://127.0.0.1:${port}/api/v2/status`,
        );
        return cluster.status === 'ready' && cluster.peers.length === 2;
      };
      await wait(pair, `${port} sees both`, isMesh);
    }
  });

  test('an alert that both Prometheus find is told once, and so is its end', async () => {
    const firing = 'ALERTS{alertname="BgpTransitLost",alertstate="firing",afi="ipv4"}';
    const about = async () =>
      (await told()).told.flatMap(({ alerts: all }) =>
        all
          .filter(({ labels }) => labels['alertname'] === 'BgpTransitLost' && labels['afi'] === 'ipv4')
          .map(({ labels, status }) => `${status} ${labels['replica'] ?? ''}`),
      );
    await pair.ask('http://127.0.0.1:8080/transit', 'DELETE');
    await wait(pair, 'somebody is told', async () => (await about()).length > 0);
    for (const port of [9090, 9091])
      await wait(pair, `${port} finds it`, async () => (await query(pair, port, firing)).length === 1);
    await pair.ask('http://127.0.0.1:8080/transit', 'PUT');
    await wait(pair, 'its end is told', async () => (await about()).some((text) => text.startsWith('resolved')));
    // The second of a mesh waits 15 s for the first before it would tell the same; so long is the group's interval here as well.
    const { pings } = await told();
    await wait(pair, 'the other one had its turn', async () => (await told()).pings > pings + 1);
    expect(await about()).toEqual(['firing ', 'resolved ']);
  });
});
