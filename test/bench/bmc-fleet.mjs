import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { median } from './cost.mjs';
import { cpuMsOf } from './process.mjs';

/*
 * A fleet of simulated BMCs in one process, and rackwatch in another, started as its README says for a fleet. Figures are
 * those of rackwatch's process alone, by the kernel's count.
 */

const root = join(import.meta.dirname, '../..');
const COUNT = Number(process.env.BENCH_BMCS ?? 1000);
const SWEEPS = 8;
/** As many as are read at a time, in the order of the configuration: when the last ones have been read, all have. */
const PLACES = 32;
const MIN_AGE_S = 5;

export async function run(report) {
  const home = mkdtempSync(join(tmpdir(), 'rackwatch-bench-bmc-'));
  const boards = await startBoards();
  const rackwatch = await serve(home, boards.ports);
  try {
    const note = `${COUNT} BMCs of 43 sensors`;
    const [started, idle] = [rackwatch.cpuSeconds(), rackwatch.megabytes('VmRSS')];
    while (!(await fetch(`${rackwatch.url}/-/ready`)).ok);
    report('bmc: first sweep, sensor records included', rackwatch.cpuSeconds() - started, 's CPU', note, 60);
    await assertHealthy(rackwatch);
    const costs = [];
    for (let i = 0; i < SWEEPS; i++) costs.push(await sweep(rackwatch));
    await assertHealthy(rackwatch);
    report('bmc: a sweep on kept sessions, and its page', median(costs), 's CPU', note, 60);
    report('bmc: memory before the first sweep', idle, 'MB RSS', JSON.stringify(environment()));
    report('bmc: memory with everything held', rackwatch.megabytes('VmRSS'), 'MB RSS', note, 250);
    report('bmc: memory, at most so far', rackwatch.megabytes('VmHWM'), 'MB RSS', note, 250);
  } finally {
    await rackwatch.stop();
    boards.stop();
    rmSync(home, { recursive: true });
  }
}

/** Asks for the whole page, which begins a sweep, and waits for its end. Returns its CPU seconds. */
async function sweep(rackwatch) {
  await delay(MIN_AGE_S * 1000);
  const before = rackwatch.cpuSeconds();
  const started = performance.now();
  await rackwatch.read('/metrics?source=bmc');
  for (let i = Math.max(0, COUNT - PLACES); i < COUNT; i++)
    while ((await ageMs(rackwatch, `m${i}`)) >= performance.now() - started) await delay(100);
  return rackwatch.cpuSeconds() - before;
}

async function ageMs(rackwatch, target) {
  const page = await rackwatch.read(`/metrics?source=bmc&target=${target}`);
  return Number(/^rackwatch_snapshot_age_seconds\{.*\} (.*)$/m.exec(page)?.[1]) * 1000;
}

async function assertHealthy(rackwatch) {
  const page = await rackwatch.read('/metrics?source=bmc');
  const failed = page.match(/^rackwatch_collector_success\{.*\} 0$/gm) ?? [];
  const up = page.match(/^bmc_up\{.*\} 1$/gm) ?? [];
  if (failed.length > 0 || up.length !== COUNT)
    throw new Error(`${up.length} of ${COUNT} BMCs are up; ${failed.slice(0, 5).join(' ')}`);
}

async function startBoards() {
  const child = spawn(process.execPath, [join(root, 'test/bench/bmc-boards.mjs'), String(COUNT)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return { ports: JSON.parse(line), stop: () => child.stdin.end() };
}

/** The environment that the README gives a fleet. */
function environment() {
  const readme = readFileSync(join(root, 'src/sources/bmc/README.md'), 'utf8');
  const lines = [...readme.matchAll(/^Environment="?(\w+)=([^"\n]*)"?$/gm)];
  if (lines.length === 0) throw new Error('the README has no environment for a fleet');
  return Object.fromEntries(lines.map(([, name, value]) => [name, value]));
}

async function serve(home, ports) {
  const targets = ports.map((port, i) => ({ member: `m${i}`, address: '127.0.0.1', port }));
  const defaults = { user: 'monitor', password: { env: 'BMC_BENCH_PASSWORD' } };
  const bmc = { min_age: `${MIN_AGE_S}s`, timeout: '60s', stale_after: '10m', defaults, targets };
  const file = join(home, 'rackwatch.yaml');
  writeFileSync(file, stringify({ listen: '127.0.0.1:0', sources: { bmc } }));
  const child = spawn(process.execPath, [join(root, 'dist/main.js'), 'serve', '--config', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment(), BMC_BENCH_PASSWORD: 'bench' },
  });
  const [line] = await once(createInterface(child.stderr), 'line');
  child.stderr.resume();
  const { url } = JSON.parse(line);
  return {
    url,
    read: async (path) => (await fetch(`${url}${path}`)).text(),
    cpuSeconds: () => cpuMsOf(child.pid) / 1000,
    megabytes: (name) => megabytesOf(child.pid, name),
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** A line of the process's status, which has KiB. */
function megabytesOf(pid, name) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return (Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024) / 1e6;
}
