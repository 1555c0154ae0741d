import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { Gauge, Registry } from 'prom-client';
import { request } from 'undici';
import { z } from 'zod';
import { App } from '../../dist/app.js';
import { gauge } from '../../dist/core/metric.js';
import { createPacer } from '../../dist/core/pace.js';
import { regroupText } from '../../dist/core/regroup-text.js';
import { Stage } from '../../dist/core/snapshot.js';
import { defineSource } from '../../dist/core/source.js';
import { buildServer } from '../../dist/http/server.js';
import { cpuMsFor, median } from './cost.mjs';
import { familyCount, labelNames, labelsOf, lxdText, sampleOf } from './text.mjs';

const MiB = 1024 * 1024;

export async function run(report) {
  const peer = fork(fileURLToPath(new URL('peer.mjs', import.meta.url)));
  try {
    const [{ port }] = await once(peer, 'message');
    await benchRegroup(report, 100_000);
    await benchPage(report, 100_000, peer);
    await benchLoop(report, 500_000, peer, `http://127.0.0.1:${port}`);
  } finally {
    peer.kill();
  }
}

/** Both sides take turns, so that what else the machine does meets both. */
async function benchRegroup(report, count) {
  const registry = new Registry();
  for (let family = 0; family < familyCount; family++) {
    const names = [...labelNames, 'member'];
    const metric = new Gauge({
      name: `lxd_kind_${family}_bytes`,
      help: 'Help.',
      labelNames: names,
      registers: [registry],
    });
    for (let i = 0; i < count / familyCount; i++) metric.set({ ...labelsOf(i), member: 'm1' }, sampleOf(i));
  }
  const pieces = [...lxdText(count)];
  async function* stream() {
    yield* pieces;
  }
  const regroup = async () => {
    const stage = new Stage();
    const options = { family: stage.family, labels: { member: 'm1' }, maxBytes: 100 * MiB };
    const { series } = await regroupText(stream(), options);
    stage.seal();
    if (series < count) throw new Error(`only ${series} series`);
  };
  const [ours, theirs] = [[], []];
  for (let round = 0; round < 13; round++) {
    ours.push(await cpuMsFor(regroup));
    theirs.push(await cpuMsFor(() => registry.metrics()));
  }
  // The first rounds are those of the compiler.
  const [a, b] = [median(ours.slice(4)), median(theirs.slice(4))];
  report(`regroup and label ${count} series of LXD text`, a, 'ms CPU', `first time ${ours[0].toFixed(0)} ms`);
  report(`prom-client renders ${count} series`, b, 'ms CPU');
  report('regrouping to rendering with prom-client', a / b, 'ratio', '', 0.25);
}

const emitted = Array.from({ length: familyCount }, (_, family) =>
  gauge(`bench_emitted_${family}_bytes`, { help: 'Help.', labels: [...labelNames, 'member'] }),
);

async function emitSeries({ emit }, count) {
  const pace = createPacer();
  for (const metric of emitted) {
    for (let i = 0; i < count / familyCount; i++) {
      emit(metric, { ...labelsOf(i), member: 'm1' }, sampleOf(i));
      if (i % 64 === 0) await pace();
    }
  }
}

/** The program with one source of these collectors, listening. */
async function serve(collectors, minAgeMs) {
  const source = defineSource({
    name: 'bench',
    configSchema: z.strictObject({}),
    open: () => {
      const targets = [{ name: 'one', client: undefined }];
      return { targets: () => targets, close: async () => undefined };
    },
    collectors: Object.entries(collectors).map(([name, collect]) => ({ name, help: '', metrics: [], collect })),
  });
  const log = pino({ level: 'silent' });
  const settings = { min_age: minAgeMs, timeout: 120_000, stale_after: 600_000, collectors: {} };
  const config = { listen: '127.0.0.1:0', scrape_timeout: 120_000, members: {}, sources: { bench: settings } };
  const server = buildServer(new App({ config, sources: [source], insights: [], log }));
  return { url: await server.listen({ host: '127.0.0.1', port: 0 }), close: () => server.close() };
}

/** Has the other process fetch a page; its CPU is not ours. */
async function fetchPage(peer, url, gzip = false) {
  peer.send({ url: `${url}/metrics?source=bench`, gzip });
  const [{ bytes, error }] = await once(peer, 'message');
  if (error) throw new Error(error);
  return bytes;
}

async function benchPage(report, count, peer) {
  const { url, close } = await serve({ emitted: (input) => emitSeries(input, count) }, 600_000);
  const bytes = await fetchPage(peer, url);
  const rounds = [];
  for (let round = 0; round < 25; round++) rounds.push(await cpuMsFor(() => fetchPage(peer, url)));
  await close();
  const note = `${(bytes / MiB).toFixed(1)} MiB over a socket`;
  report(`/metrics of ${count} fresh series, not compressed`, median(rounds.slice(5)), 'ms CPU', note, 25);
}

/** Half of the series arrive as a text over HTTP, the other half are emitted, at the same time. */
async function benchLoop(report, count, peer, textUrl) {
  const passed = async ({ family }) => {
    const { body } = await request(`${textUrl}/${count / 2}`);
    await regroupText(body, { family, labels: { member: 'm1' }, maxBytes: 500 * MiB });
    return undefined;
  };
  const { url, close } = await serve({ passed, emitted: (input) => emitSeries(input, count / 2) }, 0);
  // What the figures before have left behind is not collected on the time of these.
  globalThis.gc?.();
  for (const gzip of [false, true]) {
    const longest = [];
    for (let round = 0; round < 3; round++) longest.push(await longestTurnMs(() => fetchPage(peer, url, gzip)));
    const name = `longest turn, ${count} series collected and served${gzip ? ', gzip' : ''}`;
    report(name, Math.max(...longest), 'ms CPU', longest.map((ms) => ms.toFixed(0)).join(' '), 20);
  }
  await close();
}

/**
 * The longest turn of the event loop while `work` runs, in CPU time of the main thread: what other processes do with the
 * CPU meanwhile does not count.
 */
async function longestTurnMs(work) {
  const cpuMs = openThreadClock();
  let longest = 0;
  let last = cpuMs();
  const tick = () => {
    const now = cpuMs();
    longest = Math.max(longest, now - last);
    last = now;
    next = setImmediate(tick);
  };
  let next = setImmediate(tick);
  await work();
  clearImmediate(next);
  return longest;
}

/** CPU milliseconds of the main thread. https://docs.kernel.org/scheduler/sched-stats.html */
function openThreadClock() {
  const file = openSync('/proc/self/schedstat');
  const bytes = Buffer.alloc(100);
  return () => {
    const length = readSync(file, bytes, 0, bytes.length, 0);
    return Number(bytes.toString('latin1', 0, length).split(' ')[0]) / 1e6;
  };
}
