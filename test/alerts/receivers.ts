import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIdentity } from '../../src/demo/certificate.ts';
import { type Inbox, openInbox } from '../labs/inbox.ts';
import type { Replacements } from './copies.ts';

/** Those who are told: mail server, pager and dead man's switch, and what an Alertmanager needs to reach them. */
export interface Receivers {
  readonly inbox: Inbox;
  /** File of the authority that the mail server's certificate is signed by. */
  readonly authority: string;
  /** Their addresses and secrets for `alertmanager.yml`. */
  readonly replacements: Replacements;
  close(): Promise<void>;
}

const USER = 'rackwatch@example.net';
const PASSWORD = 'not the real one';
export const PAGER_KEY = 'R0UT1NGK3Y';

export async function openReceivers(): Promise<Receivers> {
  const folder = mkdtempSync(join(tmpdir(), 'rackwatch-receivers-'));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const identity = createIdentity({ commonName: 'mail', usage: 'server', hosts: ['127.0.0.1'] });
  const inbox = await openInbox({ ...identity, user: USER, password: PASSWORD });
  return {
    inbox,
    authority: write('mail.crt', identity.certificate),
    replacements: {
      'mail.example.net:587': `127.0.0.1:${inbox.smtpPort}`,
      '/etc/alertmanager/smtp-password': write('smtp-password', PASSWORD),
      '/etc/alertmanager/pagerduty-key': write('pagerduty-key', PAGER_KEY),
      '/etc/alertmanager/opsgenie-key': write('opsgenie-key', 'unused'),
      'https://events.pagerduty.com/v2/enqueue': `http://127.0.0.1:${inbox.httpPort}/pager`,
      'https://deadmansswitch.example.net/ping': `http://127.0.0.1:${inbox.httpPort}/ping`,
    },
    close: async () => {
      await inbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
