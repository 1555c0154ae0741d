import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../labs/lab.ts';
import type { AlertLab } from '../labs/needs.ts';
import { type Chain, startChain } from './chain.ts';
import { PAGER_KEY } from './receivers.ts';

/** Everything waits so many times shorter than as shipped. */
const SPEED = 20;

/** The tests of the way from a fault of the simulated rack to a person, over these releases of the servers. */
export function proveDelivery(lab: AlertLab): void {
  let chain: Chain;

  beforeAll(async () => {
    chain = await startChain(SPEED, 2, lab);
  });

  afterAll(async () => {
    await chain?.close();
  });

  const mailsAbout = (text: string) => chain.inbox.mails.filter(({ subject }) => subject.includes(text));
  const pagesAbout = (text: string) =>
    chain.inbox.pages.filter(({ payload }) => payload.custom_details['alerts']?.includes(text));
  const held = async (name: string) =>
    (await chain.alertmanagers.at(-1)?.alerts())?.filter(({ labels }) => labels['alertname'] === name) ?? [];

  /** Long enough for anything that was about to be sent: the switch is pinged at every interval of its group. */
  const settle = async () => {
    const before = chain.inbox.pings();
    await until(() => chain.inbox.pings() >= before + 4, {
      what: 'the dead man’s switch was pinged four times',
      timeoutMs: 110_000,
    });
  };

  test('runs the shipped files with other addresses, secrets and times', () => {
    expect(chain.differences).toEqual([]);
  });

  test('a healthy rack tells nobody anything, and pings the dead man’s switch', async () => {
    await settle();
    expect(chain.inbox.mails.map(({ subject }) => subject)).toEqual([]);
    expect(chain.inbox.pages).toEqual([]);
  });

  test('a failed power supply becomes one mail, and its repair another', async () => {
    chain.state.faults.failedSupplies.add('abydos/PS2');
    await until(() => mailsAbout('PS2').length > 0, { what: 'a mail about the power supply' });
    expect(mailsAbout('PS2')[0]).toMatchObject({
      to: 'operator@example.net',
      subject: 'Power supply PS2 of abydos has failed [rack1]',
      secure: true,
      user: 'rackwatch@example.net',
    });
    chain.state.faults.failedSupplies.delete('abydos/PS2');
    await until(() => mailsAbout('OK: ').length > 0, { what: 'a mail about the repair' });
    await settle();
    expect(mailsAbout('PS2').map(({ subject }) => subject)).toEqual([
      'Power supply PS2 of abydos has failed [rack1]',
      'OK: Power supply PS2 of abydos has failed [rack1]',
    ]);
    expect(chain.inbox.pages).toEqual([]);
  });

  test('the mail reads well: what, how bad, what to do and where to look', () => {
    const { html = '', text = '' } = mailsAbout('PS2')[0] ?? {};
    expect(text.split('\n').filter(Boolean)).toEqual([
      'WARNING: Power supply PS2 of abydos has failed',
      expect.stringMatching(/^abydos runs on its other power supply alone\. ipmitool/),
      expect.stringMatching(/^since \d{4}-\d\d-\d\d \d\d:\d\d UTC$/),
      'runbook: https://git.example.net/rackwatch/alerts/runbooks/BmcPsuFailed.md',
      'dashboard: https://grafana.example.net/d/rackwatch-hardware',
      expect.stringMatching(/^Silence this: http:/),
    ]);
    expect(html).toContain('name="viewport"');
    expect(html).toContain('<a href="https://git.example.net/rackwatch/alerts/runbooks/BmcPsuFailed.md"');
  });

  test('lost transit pages although the pager refuses twice, mutes its parts, and resolves under the same key', async () => {
    chain.inbox.refuse(2);
    for (const peer of ['192.0.2.1', '192.0.2.2']) chain.state.faults.downPeers.add(peer);
    await until(() => pagesAbout('No provider reaches us').length > 0, { what: 'a page' });
    expect(chain.inbox.refused()).toBe(2);
    await until(async () => (await held('BgpTransitPeerDown')).length === 2, { what: 'the parts alert as well' });
    for (const alert of await held('BgpTransitPeerDown')) expect(alert.status.inhibitedBy).toHaveLength(1);
    await settle();
    expect(mailsAbout('Provider router')).toEqual([]);
    chain.state.faults.downPeers.clear();
    await until(() => pagesAbout('No provider reaches us').length > 1, { what: 'the page is resolved' });
    await settle();
    const [trigger, ...rest] = pagesAbout('No provider reaches us');
    expect(trigger).toMatchObject({
      routing_key: PAGER_KEY,
      event_action: 'trigger',
      payload: {
        summary: 'No provider reaches us over ipv4 [rack1]',
        severity: 'critical',
        component: 'frr',
        custom_details: { alerts: expect.stringContaining('off the internet') },
      },
      links: [
        { href: 'https://git.example.net/rackwatch/alerts/runbooks/BgpTransitLost.md', text: 'Runbook' },
        { href: 'https://grafana.example.net/d/rackwatch-routing', text: 'Dashboard' },
      ],
    });
    expect(rest).toMatchObject([{ event_action: 'resolve', dedup_key: trigger?.dedup_key }]);
  });

  test('a silence keeps quiet until it is over', async () => {
    const first = chain.alertmanagers[0];
    const add = ['silence', 'add', 'alertname=CephOsdDown', '--author=test', '--comment=test', '--duration=1h'];
    const id = (await first?.amtool(...add))?.trim() ?? '';
    chain.state.faults.downOsds.add(5);
    const isSilenced = async () => (await held('CephOsdDown')).some(({ status }) => status.silencedBy.length > 0);
    await until(isSilenced, { what: 'the alert is silenced on the other Alertmanager' });
    await settle();
    expect(mailsAbout('OSD 5')).toEqual([]);
    await first?.amtool('silence', 'expire', id);
    await until(() => mailsAbout('OSD 5').length > 0, { what: 'the mail that was held back' });
  });

  test('one of two Alertmanagers dies and nothing is lost', async () => {
    await chain.alertmanagers[0]?.stop();
    chain.state.faults.downDatabases.add('OVN_Northbound/langara').add('OVN_Northbound/orilla');
    await until(() => pagesAbout('northbound database has no quorum').length > 0, { what: 'a page by the other one' });
    await settle();
    expect(new Set(chain.inbox.pages.map(({ dedup_key }) => dedup_key)).size).toBe(2);
  });

  test('what people are told of was told once, by two Alertmanagers', () => {
    const pages = chain.inbox.pages.map(
      ({ dedup_key, event_action, payload }) => `${event_action} ${dedup_key} ${payload.custom_details['alerts']}`,
    );
    const mails = chain.inbox.mails.map(({ text }) => text);
    expect(pages.length).toBeGreaterThan(2);
    expect(new Set(pages).size).toBe(pages.length);
    expect(new Set(mails).size).toBe(mails.length);
  });
}
