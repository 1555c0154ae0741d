import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { stringify } from 'yaml';
import { App } from '../../dist/app.js';
import { parseConfig } from '../../dist/config/problems.js';
import { configSchema } from '../../dist/config/schema.js';
import { bmc } from '../../dist/sources/bmc/index.js';
import { cpuMsFor, median } from './cost.mjs';
import { cpuMsOf, freePort } from './process.mjs';

const SIM = '127.0.62.1';
const SIM_PORT = 9623;
// V8 has seen everything by then, as it has in a process that runs for days: the last of them in turns, as is measured.
const WARM_UP = 200;
const TURNS = 100;
const MEASURED = 40;

export async function run(report) {
  if (isInstalled('ipmi_sim') && isInstalled('prometheus-ipmi-exporter')) await againstExporter(report);
}

function isInstalled(program) {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function open(settings) {
  const text = stringify({ sources: { bmc: { min_age: '0s', ...settings } } });
  const config = parseConfig(configSchema([bmc]), text, 'bench');
  return new App({ config, sources: [bmc], insights: [], log: pino({ level: 'silent' }) });
}

/** Reads every target once and waits for all of them, which a scrape would not do. */
async function sweep(app) {
  const until = Date.now() + 1_200_000;
  await app.scrape(until);
  while (app.views().some(({ newest }) => newest === undefined))
    await new Promise((resolve) => setTimeout(resolve, 50));
}

/**
 * A background target is not waited for once it has been answered: wait for a newer snapshot of each. The old ones are
 * not held, as nothing else would.
 */
async function refresh(app) {
  const before = new Map(app.views().map(({ newest, target }) => [target, new WeakRef(newest)]));
  await app.scrape(Date.now() + 1_200_000);
  while (app.views().some(({ newest, target }) => newest === before.get(target).deref()))
    await new Promise((resolve) => setTimeout(resolve, 50));
}

function assertHealthy(app) {
  const failed = app
    .views()
    .flatMap(({ newest, target }) =>
      (newest?.outcomes ?? []).flatMap(({ collector, failure }) =>
        failure ? [`${target} ${collector} ${failure.message}`] : [],
      ),
    );
  if (failed.length > 0) throw new Error(`${failed.length} collectors failed: ${failed.slice(0, 5).join('; ')}`);
}

/** The kernel counts in ticks of 10 ms, so the mean of many tells more than the median. */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const lab = (name, ...args) =>
  execFileSync('bash', [fileURLToPath(new URL(`../labs/bmc/${name}`, import.meta.url)), ...args]);

/** The same simulated board, read by us and by Debian's prometheus-ipmi-exporter with FreeIPMI. */
async function againstExporter(report) {
  const home = mkdtempSync(join(tmpdir(), 'rackwatch-bench-bmc-'));
  lab('up.sh', '1');
  const proxy = await startProxy();
  process.env.BMC_BENCH_ADMIN = 'ADMIN';
  const defaults = {
    user: 'ADMIN',
    password: { env: 'BMC_BENCH_ADMIN' },
    privilege: 'administrator',
    port: proxy.port,
  };
  const app = open({ timeout: '60s', defaults, targets: [{ member: 'sim', address: '127.0.0.1' }] });
  const exporter = await startExporter(home);
  try {
    await sweep(app);
    for (let i = 0; i < WARM_UP; i++) await refresh(app);
    await exporter.scrape(proxy.port);
    const costs = { ours: [], theirs: [] };
    const counts = { ours: 0, theirs: 0 };
    for (let i = 0; i < TURNS; i++) {
      await proxy.takeCount();
      costs.ours.push(await cpuMsFor(() => refresh(app)));
      counts.ours = await proxy.takeCount();
      const before = exporter.cpuMs();
      await exporter.scrape(proxy.port);
      costs.theirs.push(exporter.cpuMs() - before);
      counts.theirs = await proxy.takeCount();
    }
    assertHealthy(app);
    const [ours, theirs] = [median(costs.ours.slice(-MEASURED)), mean(costs.theirs.slice(-MEASURED))];
    report('bmc: a scrape of 43 sensors', ours, 'ms CPU', `prometheus-ipmi-exporter: ${theirs} ms`);
    report('bmc: CPU, of the exporter’s', ours / theirs, 'ratio', '', 1 / 8);
    const datagrams = `${counts.ours} against ${counts.theirs} requests`;
    report('bmc: datagrams, of the exporter’s', counts.ours / counts.theirs, 'ratio', datagrams, 1 / 2);
  } finally {
    await app.close();
    await exporter.stop();
    proxy.close();
    lab('down.sh');
    rmSync(home, { recursive: true });
  }
}

/** A network in between that counts the requests, in a process of its own whose CPU does not count. */
async function startProxy() {
  const child = fork(fileURLToPath(new URL('bmc-proxy.mjs', import.meta.url)), [SIM, String(SIM_PORT)]);
  const [{ port }] = await once(child, 'message');
  const takeCount = async () => {
    child.send('count');
    const [{ count }] = await once(child, 'message');
    return count;
  };
  return { port, takeCount, close: () => child.disconnect() };
}

async function startExporter(home) {
  const config = join(home, 'exporter.yml');
  const module = {
    user: 'ADMIN',
    pass: 'ADMIN',
    driver: 'LAN_2_0',
    privilege: 'admin',
    timeout: 10_000,
    collectors: ['bmc', 'ipmi', 'chassis', 'dcmi', 'sel'],
    workaround_flags: ['opensesspriv'],
  };
  writeFileSync(config, stringify({ modules: { default: module } }));
  const port = await freePort();
  const args = [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'];
  const child = spawn('prometheus-ipmi-exporter', args, { stdio: 'ignore', env: { ...process.env, HOME: home } });
  const scrape = async (target) => {
    const response = await fetch(`http://127.0.0.1:${port}/ipmi?target=127.0.0.1:${target}`);
    const text = await response.text();
    if (!/^ipmi_up\{collector="ipmi"\} 1$/m.test(text)) throw new Error(`the exporter read nothing:\n${text}`);
  };
  while (!(await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined))?.ok)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const stop = async () => {
    child.kill();
    await once(child, 'exit');
  };
  return { scrape, stop, cpuMs: () => cpuMsOf(child.pid) };
}
