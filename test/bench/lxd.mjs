import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { stringify } from 'yaml';
import { App } from '../../dist/app.js';
import { parseConfig } from '../../dist/config/problems.js';
import { configSchema } from '../../dist/config/schema.js';
import { lxd } from '../../dist/sources/lxd/index.js';
import { cpuMsSince, median } from './cost.mjs';

/** What is compiled late is compiled by then; a program that is scraped every 15 s is there within the hour. */
const WARM_UP = 200;
const SCRAPES = 100;

/** The seed-size cluster: 63 instances on 3 members, simulated in a process of its own, whose CPU does not count. */
export async function run(report) {
  const rack = spawn(process.execPath, [fileURLToPath(new URL('lxd-rack.mjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(rack.stdout, 'data');
  const settings = { ...JSON.parse(line), min_age: '0s' };
  const config = parseConfig(configSchema([lxd]), stringify({ sources: { lxd: settings } }), 'bench');
  const app = new App({ config, sources: [lxd], insights: [], log: pino({ level: 'silent' }) });
  try {
    const costs = [];
    let bytes = 0;
    for (let scrape = 0; scrape < WARM_UP + SCRAPES; scrape++) {
      const before = process.cpuUsage();
      const page = await app.scrape(app.deadline());
      if (scrape >= WARM_UP) costs.push(cpuMsSince(before));
      bytes = page.reduce((sum, chunk) => sum + chunk.length, 0);
    }
    const failed = app.views().flatMap(({ newest }) => newest?.outcomes.filter(({ failure }) => failure) ?? []);
    if (failed.length > 0) throw new Error(`collectors failed: ${JSON.stringify(failed)}`);
    report('a scrape of 63 instances on 3 members', median(costs), 'ms CPU', `${bytes} bytes`, 15);
  } finally {
    await app.close();
    rack.stdin.end();
    await once(rack, 'exit');
  }
}
