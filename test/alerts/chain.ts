import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from '../../src/app.ts';
import { parseConfig } from '../../src/config/problems.ts';
import { configSchema } from '../../src/config/schema.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createIdentity } from '../../src/demo/certificate.ts';
import { startDemoRack } from '../../src/demo/index.ts';
import type { RackState } from '../../src/demo/state.ts';
import { buildServer } from '../../src/http/server.ts';
import { insights } from '../../src/insights/index.ts';
import { sources } from '../../src/sources/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { type Alertmanager, startAlertmanager } from '../labs/alertmanager.ts';
import { type Inbox, openInbox } from '../labs/inbox.ts';
import { freePort, until } from '../labs/lab.ts';
import { type Prometheus, startPrometheus } from '../labs/prometheus.ts';
import { copyShipped, differences, type Replacements } from './copies.ts';
import { readShipped } from './shipped.ts';

/** The whole way from a fault to a person: the simulated rack, rackwatch, Prometheus, Alertmanagers, mail and pager. */
export interface Chain {
  readonly state: RackState;
  /** Host and port of rackwatch. */
  readonly rackwatch: string;
  readonly inbox: Inbox;
  readonly prometheus: Prometheus;
  readonly alertmanagers: readonly Alertmanager[];
  /** What the test's copies of the shipped files have of their own beside addresses, secrets and durations. */
  readonly differences: readonly string[];
  close(): Promise<void>;
}

const USER = 'rackwatch@example.net';
const PASSWORD = 'not the real one';
export const PAGER_KEY = 'R0UT1NGK3Y';

/** Starts all of it; everything that waits waits `speed` times shorter. */
export async function startChain(speed: number, replicas = 1): Promise<Chain> {
  const secrets = mkdtempSync(join(tmpdir(), 'rackwatch-secrets-'));
  const identity = createIdentity({ commonName: 'mail', usage: 'server', hosts: ['127.0.0.1'] });
  const write = (name: string, text: string) => {
    writeFileSync(join(secrets, name), text);
    return join(secrets, name);
  };
  const authority = write('mail.crt', identity.certificate);
  const inbox = await openInbox({ ...identity, user: USER, password: PASSWORD });
  const watched = await startWatched(speed);
  const ports = await Promise.all(Array.from({ length: replicas }, () => freePort()));
  const prometheusPort = await freePort();
  const forPrometheus: Replacements = {
    '127.0.0.1:9947': `127.0.0.1:${watched.port}`,
    '"127.0.0.1:9093"': ports.map((port) => `"127.0.0.1:${port}"`).join(', '),
    '127.0.0.1:9090': `127.0.0.1:${prometheusPort}`,
  };
  const forAlertmanager: Replacements = {
    'mail.example.net:587': `127.0.0.1:${inbox.smtpPort}`,
    '/etc/alertmanager/smtp-password': write('smtp-password', PASSWORD),
    '/etc/alertmanager/pagerduty-key': write('pagerduty-key', PAGER_KEY),
    '/etc/alertmanager/opsgenie-key': write('opsgenie-key', 'unused'),
    'https://events.pagerduty.com/v2/enqueue': `http://127.0.0.1:${inbox.httpPort}/pager`,
    'https://deadmansswitch.example.net/ping': `http://127.0.0.1:${inbox.httpPort}/ping`,
  };
  const copies = copyShipped(speed, forPrometheus, forAlertmanager);
  const prometheus = await startPrometheus(join(copies.folder, 'prometheus.yml'), prometheusPort);
  await untilSeen(prometheus);
  const alertmanagers: Alertmanager[] = [];
  for (const port of ports) {
    const file = join(copies.folder, 'alertmanager.yml');
    const peers = alertmanagers.map(({ peer }) => peer);
    alertmanagers.push(await startAlertmanager({ file, port, peers, authority }));
  }
  return {
    ...{ state: watched.state, rackwatch: `127.0.0.1:${watched.port}`, inbox, prometheus, alertmanagers },
    differences: [
      ...differences(readShipped('prometheus.yml'), copies.prometheus, forPrometheus),
      ...differences(readShipped('alertmanager.yml'), copies.alertmanager, forAlertmanager),
    ],
    close: async () => {
      await prometheus.stop();
      await Promise.all(alertmanagers.map((one) => one.stop()));
      await watched.close();
      await inbox.close();
      for (const folder of [copies.folder, secrets]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Prometheus takes five seconds to find its targets, whatever the speed, so that it first takes rackwatch for dead. Nobody
 * is there to be told, until all targets are seen and that is over.
 */
async function untilSeen(prometheus: Prometheus): Promise<void> {
  const isSeen = async () => {
    const seen = await prometheus.query('rackwatch_target_up == 1');
    const wrong = await prometheus.query('ALERTS{alertstate="firing", severity=~"critical|warning"}');
    if (seen.length >= 13 && wrong.length === 0) return true;
    throw new Error(`${seen.length} targets; ${wrong.map(({ metric }) => JSON.stringify(metric)).join()}`);
  };
  await until(isSeen, { what: 'Prometheus sees all targets, and nothing wrong' });
}

/** The simulated rack, and rackwatch that watches it as often as it is scraped. */
async function startWatched(speed: number) {
  const rack = await startDemoRack(systemClock, speed);
  const hasty = { min_age: '500ms', timeout: '2s', stale_after: `${Math.ceil(180 / speed)}s` };
  const own: Readonly<Record<string, object>> = { ovn: { answer_timeout: '1s' } };
  const settings = Object.entries(rack.sources).map(([name, source]) => [name, { ...source, ...hasty, ...own[name] }]);
  const text = JSON.stringify({ sources: Object.fromEntries(settings) });
  const config = parseConfig(configSchema(sources, insights), text, 'demo');
  const app = new App({ config, sources, insights, log: createLogger('fatal') });
  const server = buildServer(app);
  await server.listen({ port: 0, host: '127.0.0.1' });
  return {
    state: rack.state,
    port: (server.server.address() as AddressInfo).port,
    close: async () => {
      await server.close();
      await app.close();
      await rack.close();
    },
  };
}
