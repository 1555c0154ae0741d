import { expect, test } from 'vitest';
import { freePort } from '../../../free-port.ts';
import { type FrrVersion, socketsOf } from '../../../labs/frr.ts';
import { until } from '../../../labs/lab.ts';
import { Page, type Sample } from '../../../labs/page.ts';
import { start } from '../../../labs/process.ts';
import type { OpenFrr } from '../open-frr.ts';

/** What prometheus-frr-exporter shows of r1 at this moment. */
async function readExporter(version: FrrVersion): Promise<Page> {
  const port = await freePort();
  const flags = ['--collector.bgp6', '--collector.vrrp', '--no-collector.bfd', '--no-collector.ospf'];
  const where = [`--web.listen-address=127.0.0.1:${port}`, `--frr.socket.dir-path=${socketsOf(version, 'r1')}`];
  const exporter = start('frr-exporter', 'prometheus-frr-exporter', [...where, ...flags]);
  try {
    return await until(
      async () => {
        const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
        return text.includes('frr_bgp_peer_state{') && new Page(text);
      },
      { what: 'frr_exporter has a page' },
    );
  } finally {
    await exporter.stop();
  }
}

/** Its own health is not the router's. */
const isAboutItself = ({ name }: Sample): boolean =>
  !name.startsWith('frr_') ||
  /^frr_(collector_up|exporter_build_info|scrape_duration_seconds|scrapes_total)$/.test(name);

/** Where we differ on purpose, and why; everything else must be there with the same labels. */
function differs({ name, labels, value }: Sample, ours: Page): string | undefined {
  const { peer, vrf, afi } = labels as Record<string, string>;
  const session = { router: 'r1', vrf: vrf ?? '', peer: peer ?? '' };
  const established = ours.value('frr_bgp_peer_session_state', { ...session, state: 'Established' });
  if (name === 'frr_bgp_peer_state' && value === 1 && afi !== undefined)
    return ours.value('frr_bgp_peer_negotiated', { ...session, afi }) === 0
      ? 'the family was not negotiated'
      : undefined;
  if (/^frr_bgp_peer_(uptime_seconds|prefixes_\w+)$/.test(name) && established === 0)
    return 'a session that is down has no uptime and no prefixes';
  return undefined;
}

/** Counters and clocks go on between the two readings. */
const moves = (name: string): boolean => /(_total|uptime_seconds)$/.test(name) && !/_count_total$/.test(name);

/** Side by side with the widely used exporter, on the same router. @param read the routers r1, r2 and r3 */
export function testComparison(version: FrrVersion, read: () => OpenFrr): void {
  test('every value of prometheus-frr-exporter is here, with its labels', async () => {
    await until(
      async () => {
        const theirs = await readExporter(version);
        const ours = new Page((await read().scrape()).text);
        const compared = theirs.samples.filter((sample) => !isAboutItself(sample) && !differs(sample, ours));
        expect(compared.length).toBeGreaterThan(100);
        for (const { name, labels, value } of compared) {
          const own = ours.value(name, { ...labels, router: 'r1' });
          expect(own, `${name} ${JSON.stringify(labels)}`).toBeDefined();
          if (!moves(name)) expect(own, `${name} ${JSON.stringify(labels)}`).toBe(value);
        }
        return true;
      },
      { what: 'both exporters agree', everyMs: 500, timeoutMs: 30_000 },
    );
  });

  test('where the two differ there is a reason', async () => {
    const theirs = await readExporter(version);
    const ours = new Page((await read().scrape()).text);
    const reasons = new Set(theirs.samples.flatMap((sample) => differs(sample, ours) ?? []));
    expect([...reasons].sort()).toEqual([
      'a session that is down has no uptime and no prefixes',
      'the family was not negotiated',
    ]);
  });
}
