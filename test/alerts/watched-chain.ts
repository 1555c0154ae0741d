import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { startAlertmanager } from '../labs/alertmanager.ts';
import { type Prometheus, startPrometheus } from '../labs/prometheus.ts';
import { copyShipped, differences, type Replacements } from './copies.ts';
import { openReceivers } from './receivers.ts';
import { listShipped, readShipped } from './shipped.ts';
import { squeeze } from './squeezed.ts';
import { startWatchedRack, type WatchedRack } from './watched-rack.ts';

/** A rack, rackwatch, Prometheus and Alertmanager with copies of the shipped files in which nothing waits for long. */
export interface WatchedChain {
  readonly rack: WatchedRack;
  readonly prometheus: Prometheus;
  /** What the copies have of their own beside addresses, secrets and durations. */
  readonly differences: readonly string[];
  /** Prometheus loads one rule more, which cannot be evaluated. */
  loadFailingRule(): void;
  /** Mail server, pager and dead man's switch refuse connections from now on. */
  closeReceivers(): Promise<void>;
  close(): Promise<void>;
}

/** Two series of each source on either side: Prometheus does not know which to take. */
const failingRule = `groups:
  - name: failing
    rules:
      - record: source:failing
        expr: rackwatch_target_up * on (source) rackwatch_target_up
`;

export async function startWatchedChain(speed: number): Promise<WatchedChain> {
  const receivers = await openReceivers();
  const rack = await startWatchedRack(speed);
  const [port, prometheusPort] = [await freePort(), await freePort()];
  const addresses = rack.ports.map((one) => `127.0.0.1:${one}`);
  const forPrometheus: Replacements = {
    '["127.0.0.1:9947"]': JSON.stringify(addresses),
    '127.0.0.1:9947': addresses[0] ?? '',
    '127.0.0.1:9093': `127.0.0.1:${port}`,
    '127.0.0.1:9090': `127.0.0.1:${prometheusPort}`,
  };
  const copies = copyShipped(speed, forPrometheus, receivers.replacements);
  const rules = squeezeRules(copies.folder, speed);
  const file = join(copies.folder, 'prometheus.yml');
  const prometheus = await startPrometheus(file, prometheusPort);
  const alertmanager = await startAlertmanager({
    ...({ lab: 'alertmanager', file: join(copies.folder, 'alertmanager.yml'), port } as const),
    authority: receivers.authority,
  });
  let closing: Promise<void> | undefined;
  const closeReceivers = () => {
    closing ??= receivers.close();
    return closing;
  };
  return {
    ...{ rack, prometheus, closeReceivers },
    differences: [...rules, ...copies.differences],
    loadFailingRule: () => {
      writeFileSync(join(copies.folder, 'rules/failing.yml'), failingRule);
      writeFileSync(file, copies.prometheus.replace('rule_files:\n', 'rule_files:\n  - rules/failing.yml\n'));
      prometheus.reload();
    },
    close: async () => {
      await prometheus.stop();
      await alertmanager.stop();
      await closeReceivers();
      await rack.close();
      rmSync(copies.folder, { recursive: true, force: true });
    },
  };
}

/** Writes the rules over their copies; returns lines that differ from the shipped ones in more than durations. */
function squeezeRules(folder: string, speed: number): readonly string[] {
  return listShipped('rules', '.yml').flatMap((name) => {
    const shipped = readShipped(`rules/${name}`);
    const squeezed = squeeze(shipped, speed);
    writeFileSync(join(folder, 'rules', name), squeezed);
    return differences(shipped, squeezed, {});
  });
}
