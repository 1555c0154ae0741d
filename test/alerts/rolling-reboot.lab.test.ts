import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Stage } from '../../src/demo/stage.ts';
import { describeLab, until } from '../labs/lab.ts';
import { type Prometheus, startPrometheus } from '../labs/prometheus.ts';
import { type Chain, startChain } from './chain.ts';
import { hasten } from './copies.ts';
import { type Episode, episodesOf } from './episodes.ts';

/**
 * Forty-five minutes of reboots in less than four. More would leave too few scrapes in the minute that some alerts wait: the
 * machine takes what time it needs for one.
 */
const SPEED = 12;

/** Ceph's own rules, from Debian's package ceph-prometheus-alerts. */
const STOCK_RULES = '/etc/prometheus/ceph/ceph_default_alerts.yml';

/** Scrapes the same rackwatch with Ceph's own rules, and tells nobody. */
async function startStock(rackwatch: string): Promise<{ prometheus: Prometheus; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'rackwatch-stock-'));
  writeFileSync(join(folder, 'stock.yml'), hasten(readFileSync(STOCK_RULES, 'utf8'), SPEED));
  const prometheus = await startPrometheus({
    global: { scrape_interval: '1500ms', scrape_timeout: '1500ms', evaluation_interval: '1s' },
    rule_files: [join(folder, 'stock.yml')],
    // The job's name is one that the rules look for.
    scrape_configs: [{ job_name: 'ceph', static_configs: [{ targets: [rackwatch] }], params: { source: ['ceph'] } }],
  });
  return { prometheus, folder };
}

describeLab('alertmanager', () => {
  let chain: Chain;
  let stock: Awaited<ReturnType<typeof startStock>>;

  beforeAll(async () => {
    chain = await startChain(SPEED);
    stock = await startStock(chain.rackwatch);
    const isQuiet = async () =>
      (await stock.prometheus.query('up == 1')).length > 0 && (await stock.prometheus.query('ALERTS')).length === 0;
    await until(isQuiet, { what: "Ceph's own rules find nothing wrong" });
  });

  afterAll(async () => {
    await stock?.prometheus.stop();
    if (stock) rmSync(stock.folder, { recursive: true });
    await chain?.close();
  });

  const isInMaintenance = async () =>
    (await chain.prometheus.query('ALERTS{alertname="MemberInMaintenance"}')).length > 0;
  const aboveInfo = () =>
    chain.inbox.mails.map(({ subject }) => subject).filter((text) => !text.startsWith('[digest]'));

  test('a rolling reboot of three members tells nobody anything above info', { timeout: 340_000 }, async () => {
    const stage = new Stage(chain.state);
    const began = Date.now();
    await stage.play('rolling-reboot').ended;
    await until(async () => !(await isInMaintenance()), { what: 'the last maintenance has ended' });
    const before = chain.inbox.pings();
    await until(() => chain.inbox.pings() >= before + 5, { what: 'what was muted had its time to be sent' });
    const ours = await episodesOf(chain.prometheus, 'severity=~"critical|warning"', began);
    const theirs = await episodesOf(stock.prometheus, 'severity=~"critical|warning"', began);
    report('fired and muted', ours);
    report("of Ceph's own rules", theirs);
    expect(aboveInfo()).toEqual([]);
    expect(chain.inbox.pages).toEqual([]);
    const maintained = await episodesOf(chain.prometheus, 'alertname="MemberInMaintenance"', began);
    expect(maintained.map(({ count, member }) => [member, count])).toEqual([
      ['abydos', 1],
      ['langara', 1],
      ['orilla', 1],
    ]);
    expect(theirs.length).toBeGreaterThan(0);
  });

  test('what else fails during a reboot is told', { timeout: 200_000 }, async () => {
    const { faults } = chain.state;
    chain.state.evacuate('orilla');
    await until(isInMaintenance, { what: 'orilla is in maintenance' });
    chain.state.hang('orilla');
    const began = Date.now();
    faults.failedSupplies.add('abydos/PS2');
    faults.downOsds.add(5);
    faults.downPeers.add('192.0.2.1');
    const told = (text: string) => chain.inbox.mails.find(({ subject }) => subject.includes(text))?.at ?? 0;
    const subjects = ['Power supply PS2 of abydos', 'OSD 5 ', '192.0.2.1'];
    await until(() => subjects.every(told), { what: `mails about ${subjects.join(', ')}`, timeoutMs: 150_000 });
    expect(await isInMaintenance()).toBe(true);
    for (const subject of subjects) {
      const seconds = ((told(subject) - began) * SPEED) / 1000;
      process.stdout.write(`${subject.trim()}: told after ${Math.round(seconds)} s of the rack's time\n`);
    }
    expect(aboveInfo().filter((text) => !subjects.some((subject) => text.includes(subject)))).toEqual([]);
  });
});

function report(what: string, episodes: readonly Episode[]): void {
  const lines = episodes.map(
    ({ alertname, count, member, severity }) => `  ${count} × ${alertname} ${member} ${severity}`,
  );
  process.stdout.write(`${what}:\n${lines.join('\n')}\n`);
}
