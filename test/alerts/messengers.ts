import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { type Alertmanager, startAlertmanager } from '../labs/alertmanager.ts';
import type { Inbox } from '../labs/inbox.ts';
import { until } from '../labs/lab.ts';
import type { AlertLab } from '../labs/needs.ts';
import { type Prometheus, startPrometheus } from '../labs/prometheus.ts';
import { copyShipped, type Replacements } from './copies.ts';
import { openReceivers } from './receivers.ts';

/** The way from a rackwatch to a person, with the shipped files: Prometheus, Alertmanagers, mail and pager. */
export interface Messengers {
  readonly inbox: Inbox;
  readonly prometheus: Prometheus;
  readonly alertmanagers: readonly Alertmanager[];
  /** What the test's copies of the shipped files have of their own beside addresses, secrets and durations. */
  readonly differences: readonly string[];
  close(): Promise<void>;
}

interface Options {
  readonly lab: AlertLab;
  /** Port of rackwatch. */
  readonly port: number;
  /** So many targets it has. */
  readonly targets: number;
  /** Which alerts must not fire when the first Alertmanager starts, as PromQL's matchers. */
  readonly silent?: string;
  /** Everything that waits waits so many times shorter. */
  readonly speed: number;
  /** What a scrape of this rackwatch may take, where it is more than usual. */
  readonly scrapeMs?: number;
  /** How many Alertmanagers. */
  readonly replicas?: number;
}

export async function startMessengers(options: Options): Promise<Messengers> {
  const { lab, port, replicas = 1, scrapeMs, silent = 'severity=~"critical|warning"', speed, targets } = options;
  const receivers = await openReceivers();
  const ports = await Promise.all(Array.from({ length: replicas }, () => freePort()));
  const prometheusPort = await freePort();
  const forPrometheus: Replacements = {
    '127.0.0.1:9947': `127.0.0.1:${port}`,
    '"127.0.0.1:9093"': ports.map((one) => `"127.0.0.1:${one}"`).join(', '),
    '127.0.0.1:9090': `127.0.0.1:${prometheusPort}`,
  };
  const copies = copyShipped(speed, forPrometheus, receivers.replacements, scrapeMs);
  const prometheus = await startPrometheus(join(copies.folder, 'prometheus.yml'), prometheusPort, lab);
  await untilSeen(prometheus, targets, silent);
  const alertmanagers: Alertmanager[] = [];
  for (const one of ports) {
    const file = join(copies.folder, 'alertmanager.yml');
    const peers = alertmanagers.map(({ peer }) => peer);
    alertmanagers.push(await startAlertmanager({ lab, file, port: one, peers, authority: receivers.authority }));
  }
  return {
    ...{ inbox: receivers.inbox, prometheus, alertmanagers, differences: copies.differences },
    close: async () => {
      await prometheus.stop();
      await Promise.all(alertmanagers.map((one) => one.stop()));
      await receivers.close();
      rmSync(copies.folder, { recursive: true, force: true });
    },
  };
}

/**
 * Prometheus takes five seconds to find its targets, whatever the speed, so that it first takes rackwatch for dead. Nobody
 * is there to be told, until all targets are seen and that is over.
 */
async function untilSeen(prometheus: Prometheus, targets: number, silent: string): Promise<void> {
  const isSeen = async () => {
    const seen = await prometheus.query('rackwatch_target_up == 1');
    const wrong = await prometheus.query(`ALERTS{alertstate="firing", ${silent}}`);
    if (seen.length >= targets && wrong.length === 0) return true;
    throw new Error(`${seen.length} targets; ${wrong.map(({ metric }) => JSON.stringify(metric)).join()}`);
  };
  await until(isSeen, { what: 'Prometheus sees all targets, and nothing wrong' });
}
