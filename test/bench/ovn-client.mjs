import { createInterface } from 'node:readline';
import pino from 'pino';
import { runCycle } from '../../dist/core/cycle.js';
import { expose } from '../../dist/core/exposition.js';
import { ovn } from '../../dist/sources/ovn/index.js';
import { cpuMsFor, cpuMsSince, median } from './cost.mjs';

/**
 * The program's side of the OVN figures, in a process of its own so that its memory and CPU are its own: argv are the
 * sockets of northbound and southbound. A line on stdin asks for the next figure, which is a line on stdout.
 */
const WARM_UP = 20;
const SCRAPES = 60;
const log = pino({ level: 'silent' });
const clock = { now: () => Date.now() };

const [northbound, southbound] = process.argv.slice(2);
const tell = (figures) => process.stdout.write(`${JSON.stringify(figures)}\n`);

global.gc?.();
const emptyBytes = process.memoryUsage().rss;
const started = performance.now();
const beforeReady = process.cpuUsage();
const config = ovn.configSchema.parse({ northbound: [`unix:${northbound}`], southbound: [`unix:${southbound}`] });
const common = { min_age: 0, timeout: 60_000, stale_after: 180_000, collectors: {}, members: new Map() };
const settings = { ...config, ...common };
const source = ovn.open(settings, { log, clock });
const [{ client }] = source.targets();
const readBoth = () => {
  const signal = AbortSignal.timeout(60_000);
  return Promise.all([client.readNorthbound(signal), client.readSouthbound(signal)]);
};
const [, replica] = await readBoth();
tell({
  readyMs: performance.now() - started,
  cpuMs: cpuMsSince(beforeReady),
  grownBytes: process.resourceUsage().maxRSS * 1024 - emptyBytes,
  ports: replica.table('Port_Binding').rows.size,
});

async function scrape() {
  const { collectors } = ovn;
  const snapshot = await runCycle({
    ...{ source: 'ovn', target: 'ovn', collectors, client, config: settings, timeoutMs: 60_000, log, clock },
  });
  const failure = snapshot.outcomes.find((outcome) => outcome.failure);
  if (failure) throw new Error(JSON.stringify(failure));
  return expose(snapshot.stages).length;
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
let { value: word } = await lines.next();
for (; word === 'watch'; { value: word } = await lines.next()) {
  const beforeFlaps = process.cpuUsage();
  tell('watching');
  await lines.next();
  await readBoth();
  tell({ cpuMs: cpuMsSince(beforeFlaps) });
}

const costs = [];
for (let i = 0; i < WARM_UP + SCRAPES; i++) {
  const cost = await cpuMsFor(scrape);
  if (i >= WARM_UP) costs.push(cost);
}
tell({ cpuMs: median(costs) });
await source.close();
process.exit(0);
