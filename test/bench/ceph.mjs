import { readFileSync } from 'node:fs';
import pino from 'pino';
import { Gauge, Registry } from 'prom-client';
import { runCycle } from '../../dist/core/cycle.js';
import { expose } from '../../dist/core/exposition.js';
import { decodeCluster, isDecoded } from '../../dist/sources/ceph/client/manager/cluster.js';
import { parseSamples } from '../../dist/sources/ceph/client/manager/samples.js';
import { ceph } from '../../dist/sources/ceph/index.js';
import { cpuMsFor, median } from './cost.mjs';

const page = readFileSync(new URL('../sources/ceph/fixtures/16.2.15/manager.prom', import.meta.url), 'utf8');

/** The page of a real manager, and pages with as many OSDs as a large cluster has, against prom-client's rendering. */
export async function run(report) {
  const small = await measure(Buffer.from(page), 'core', 150);
  report(`ceph: ${Math.round(page.length / 1000)} kB of a manager to the shown text`, small.ms, 'ms CPU', '', 4);
  const hundreds = await measure(withOsds(250), 'core', 30);
  const thousand = await measure(withOsds(1000), 'core', 30);
  const perOsd = thousand.ms / hundreds.ms / 4;
  report('ceph: an OSD of 1000, against one of 250', perOsd, 'times', '1 is linear');
  const peer = await measurePromClient(thousand.body);
  const figures = `${thousand.ms.toFixed(0)} ms against ${peer.ms.toFixed(0)} ms`;
  const name = "ceph: a page of 1000 OSDs, against prom-client's rendering";
  report(name, thousand.ms / peer.ms, 'times', `${peer.series} series in the page, ${figures}`, 0.25);
}

/** Median CPU time from the body to the shown text: native families and all that is derived. */
async function measure(body, families, rounds) {
  const reading = async () => ({
    ...{ managers: [], monitors: [], exporters: new Map() },
    freshness: { reasons: new Set(), freshAtMs: Date.now(), majority: 2 },
    ...{ pages: await read(body), lastCluster: undefined },
  });
  const cycle = async () => {
    const shared = reading();
    const snapshot = await runCycle({
      ...{ source: 'ceph', target: 'cluster', collectors: ceph.collectors, timeoutMs: 60_000 },
      client: { read: () => shared, askOsds: async () => new Map() },
      config: { ...ceph.configSchema.parse({ managers: ['http://127.0.0.1:9283'], families }), members: new Map() },
      ...{ log: pino({ level: 'silent' }), clock: { now: () => Date.now() } },
    });
    const failure = snapshot.outcomes.find((outcome) => outcome.failure);
    if (failure) throw new Error(JSON.stringify(failure));
    expose(snapshot.stages);
  };
  for (let i = 0; i < rounds; i++) await cycle();
  const costs = [];
  for (let i = 0; i < rounds; i++) {
    costs.push(await cpuMsFor(cycle));
  }
  return { ms: median(costs), body };
}

const read = async (body) => ({
  bodies: [body],
  cluster: decodeCluster(await parseSamples(body, isDecoded)),
});

/** The lines of osd.0 once for every OSD. */
function withOsds(count) {
  const lines = page.split('\n').flatMap((line) => {
    if (!/ceph_daemon="osd\.\d+"/.test(line)) return [line];
    if (!line.includes('"osd.0"')) return [];
    return Array.from({ length: count }, (_, id) => line.replace('"osd.0"', `"osd.${id}"`));
  });
  return Buffer.from(lines.join('\n'));
}

/** The series of a page in a registry of prom-client, rendered. */
async function measurePromClient(body) {
  const registry = new Registry();
  let series = 0;
  for (const [name, list] of await parseSamples(body, () => true)) {
    const labelNames = Object.keys(list[0].labels);
    const gauge = new Gauge({ name, help: name, labelNames, registers: [registry] });
    for (const { labels, value } of list) gauge.set(labels, value);
    series += list.length;
  }
  for (let i = 0; i < 10; i++) await registry.metrics();
  const costs = [];
  for (let i = 0; i < 30; i++) {
    costs.push(await cpuMsFor(() => registry.metrics()));
  }
  return { ms: median(costs), series };
}
