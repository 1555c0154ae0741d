import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readShipped } from '../alerts/shipped.ts';
import { describeLab, run, until } from '../labs/lab.ts';
import { alertLabs, programOf } from '../labs/needs.ts';
import { type Rackwatch, startRackwatch } from '../labs/rackwatch.ts';
import { adapt, block } from './readme.ts';

const SHARDS = ['0', '1', '2'];
const fleet = Array.from({ length: 30 }, (_, index) => `10.0.7.${index + 1}`);

interface Discovered {
  readonly discoveredLabels: Readonly<Record<string, string>>;
  /** Nothing where relabelling drops the target. */
  readonly labels: Readonly<Record<string, string>>;
}

interface Configuration {
  readonly scrape_configs: readonly { readonly job_name: string; readonly relabel_configs: readonly object[] }[];
}

/** The shipped job `bmc` with the recipe before its own steps, for one of three Prometheus, and this rackwatch next to it. */
function shard(number: string, { host }: URL): Configuration {
  const recipe = adapt(block('yaml', /hashmod/), { 'regex: "0"': `regex: "${number}"` });
  const { relabel_configs: first } = parse(recipe) as { relabel_configs: object[] };
  const shipped = parse(adapt(readShipped('prometheus.yml'), { '127.0.0.1:9947': host })) as Configuration;
  const jobs = shipped.scrape_configs.filter(({ job_name }) => job_name === 'bmc');
  return { scrape_configs: jobs.map((job) => ({ ...job, relabel_configs: [...first, ...job.relabel_configs] })) };
}

for (const lab of alertLabs) {
  describeLab(lab, () => {
    let folder: string;
    let rackwatch: Rackwatch;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'rackwatch-shards-'));
      const password_file = join(folder, 'password');
      writeFileSync(password_file, 'secret', { mode: 0o600 });
      const modules = { default: { user: 'monitor', password_file } };
      const members = fleet.map((address) => ({ member: `rack7-${address.split('.')[3]}`, address }));
      rackwatch = await startRackwatch({ sources: { bmc: { fleet: { modules, members } } } });
    });

    afterAll(async () => {
      await rackwatch?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** What a shard discovers and what it keeps; promtool waits for its time limit, whatever it has found. */
    async function discover(number: string) {
      const file = join(folder, `shard-${number}.yml`);
      writeFileSync(file, stringify(shard(number, new URL(rackwatch.url))));
      await run(programOf(lab, 'promtool'), ['check', 'config', file]);
      const args = ['check', 'service-discovery', '--timeout=2s', file, 'bmc'];
      const ask = async () => JSON.parse(await run(programOf(lab, 'promtool'), args)) as Discovered[];
      const isAll = async () => {
        const found = await ask();
        return found.length === fleet.length && found;
      };
      const all = await until(isAll, { what: `shard ${number} discovers the fleet` });
      return all.map(({ labels }) => labels).filter((labels) => Object.keys(labels).length > 0);
    }

    test('three Prometheus share a fleet: each BMC is probed by one, through the rackwatch next to it', async () => {
      const shards = await Promise.all(SHARDS.map(discover));
      const shares = shards.map((kept) => kept.map(({ instance }) => instance));
      for (const share of shares) expect(share.length).toBeGreaterThan(0);
      expect(shares.flat().sort()).toEqual([...fleet].sort());
      for (const kept of shards.flat())
        expect(kept).toMatchObject({
          __address__: new URL(rackwatch.url).host,
          __metrics_path__: '/probe',
          __param_target: kept['instance'],
          __param_module: 'default',
        });
    });
  });
}
