import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIdentity } from '../../src/demo/certificate.ts';
import { type Alertmanager, startAlertmanager } from '../labs/alertmanager.ts';
import { type Inbox, openInbox } from '../labs/inbox.ts';
import { freePort } from '../labs/lab.ts';
import { type Prometheus, startPrometheus } from '../labs/prometheus.ts';
import { copyShipped, differences, type Replacements } from './copies.ts';
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
  closeInbox(): Promise<void>;
  close(): Promise<void>;
}

const USER = 'rackwatch@example.net';
const PASSWORD = 'not the real one';

/** Two series of each source on either side: Prometheus does not know which to take. */
const failingRule = `groups:
  - name: failing
    rules:
      - record: source:failing
        expr: rackwatch_target_up * on (source) rackwatch_target_up
`;

export async function startWatchedChain(speed: number): Promise<WatchedChain> {
  const secrets = mkdtempSync(join(tmpdir(), 'rackwatch-secrets-'));
  const write = (name: string, text: string) => {
    writeFileSync(join(secrets, name), text);
    return join(secrets, name);
  };
  const identity = createIdentity({ commonName: 'mail', usage: 'server', hosts: ['127.0.0.1'] });
  const inbox = await openInbox({ ...identity, user: USER, password: PASSWORD });
  const rack = await startWatchedRack(speed);
  const [port, prometheusPort] = [await freePort(), await freePort()];
  const addresses = rack.ports.map((one) => `127.0.0.1:${one}`);
  const forPrometheus: Replacements = {
    '["127.0.0.1:9947"]': JSON.stringify(addresses),
    '127.0.0.1:9947': addresses[0] ?? '',
    '127.0.0.1:9093': `127.0.0.1:${port}`,
    '127.0.0.1:9090': `127.0.0.1:${prometheusPort}`,
  };
  const forAlertmanager = replacementsFor(inbox, write);
  const copies = copyShipped(speed, forPrometheus, forAlertmanager);
  const rules = squeezeRules(copies.folder, speed);
  const file = join(copies.folder, 'prometheus.yml');
  const prometheus = await startPrometheus(file, prometheusPort);
  const alertmanager: Alertmanager = await startAlertmanager({
    ...({ lab: 'alertmanager', file: join(copies.folder, 'alertmanager.yml'), port } as const),
    authority: write('mail.crt', identity.certificate),
  });
  let closing: Promise<void> | undefined;
  const closeInbox = () => {
    closing ??= inbox.close();
    return closing;
  };
  return {
    ...{ rack, prometheus, closeInbox },
    differences: [
      ...rules,
      ...differences(readShipped('prometheus.yml'), copies.prometheus, forPrometheus),
      ...differences(readShipped('alertmanager.yml'), copies.alertmanager, forAlertmanager),
    ],
    loadFailingRule: () => {
      writeFileSync(join(copies.folder, 'rules/failing.yml'), failingRule);
      writeFileSync(file, copies.prometheus.replace('rule_files:\n', 'rule_files:\n  - rules/failing.yml\n'));
      prometheus.reload();
    },
    close: async () => {
      await prometheus.stop();
      await alertmanager.stop();
      await closeInbox();
      await rack.close();
      for (const folder of [copies.folder, secrets]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function replacementsFor({ httpPort, smtpPort }: Inbox, write: (name: string, text: string) => string): Replacements {
  return {
    'mail.example.net:587': `127.0.0.1:${smtpPort}`,
    '/etc/alertmanager/smtp-password': write('smtp-password', PASSWORD),
    '/etc/alertmanager/pagerduty-key': write('pagerduty-key', 'unused'),
    '/etc/alertmanager/opsgenie-key': write('opsgenie-key', 'unused'),
    'https://events.pagerduty.com/v2/enqueue': `http://127.0.0.1:${httpPort}/pager`,
    'https://deadmansswitch.example.net/ping': `http://127.0.0.1:${httpPort}/ping`,
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
