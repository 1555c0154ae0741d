import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/cli/doctor/report.ts';
import { freePort } from '../free-port.ts';
import { until } from './lab.ts';
import { Page } from './page.ts';
import { type Running, start } from './process.ts';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Granted to a machine that is busy with something else; little beside the time for which LXD can hang. */
const PATIENCE_MS = 10_000;

interface ScrapeOptions {
  /** What Prometheus would say in its header. */
  readonly timeoutSeconds?: number;
  /** Such as `?source=lxd`. */
  readonly query?: string;
}

/** The built program, serving as a process of its own. */
export interface Rackwatch {
  readonly url: string;
  readonly pid: number;
  /** Scrapes as Prometheus does; rejects for an answer that is not whole, not in order or much too late. */
  scrape(options?: ScrapeOptions): Promise<Page>;
  /** Scrapes until the page satisfies; returns that page. */
  scrapeUntil(what: string, satisfies: (page: Page) => boolean, timeoutMs?: number): Promise<Page>;
  /** Writes another configuration over the file; takes effect with `reload`. */
  configure(config: unknown): void;
  /** POST /-/reload; resolves to the status and the text. */
  reload(): Promise<{ readonly status: number; readonly text: string }>;
  log(): string;
  stop(): Promise<number | string>;
}

/** Starts `rackwatch serve`; the configuration is written as JSON, which YAML includes. */
export async function startRackwatch(config: object): Promise<Rackwatch> {
  const folder = mkdtempSync(join(tmpdir(), 'rackwatch-test-'));
  const file = join(folder, 'rackwatch.yaml');
  const configure = (next: unknown) =>
    writeFileSync(
      file,
      typeof next === 'string' ? next : JSON.stringify({ reload_by_http: true, ...(next as object) }),
    );
  configure(config);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['--enable-source-maps', program, 'serve', '--config', file, '--listen', `127.0.0.1:${port}`];
  const child = start('rackwatch', process.execPath, args);
  await waitHealthy(url, child);
  return {
    url,
    pid: child.pid,
    configure,
    scrape: (options) => scrape(url, options),
    scrapeUntil: (what, satisfies, timeoutMs = 60_000) => scrapeUntil(url, what, satisfies, timeoutMs),
    reload: async () => {
      const response = await fetch(`${url}/-/reload`, { method: 'POST' });
      return { status: response.status, text: await response.text() };
    },
    log: child.output,
    stop: () => child.stop().finally(() => rmSync(folder, { recursive: true, force: true })),
  };
}

export interface Dump {
  readonly code: number;
  readonly page: Page;
  /** One line for every collector that failed. */
  readonly errors: readonly string[];
}

/** Runs `rackwatch dump`: one collection, as `/metrics` would show it, and why what failed has failed. */
export async function dump(config: object): Promise<Dump> {
  const { code, stdout, stderr } = await runOnce('dump', config);
  return { code, page: new Page(stdout), errors: stderr.split('\n').filter(Boolean) };
}

export interface Diagnosis {
  readonly code: number;
  /** What `--json` says. */
  readonly report: Report;
}

/** Runs `rackwatch doctor --json`. */
export async function doctor(config: object): Promise<Diagnosis> {
  const { code, stdout } = await runOnce('doctor', config, '--json');
  return { code, report: JSON.parse(stdout) as Report };
}

/** Runs a command that ends by itself, over a configuration that is written as JSON. */
async function runOnce(command: string, config: object, ...more: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'rackwatch-test-'));
  const file = join(folder, 'rackwatch.yaml');
  writeFileSync(file, JSON.stringify(config));
  try {
    return await execute(process.execPath, [program, command, '--config', file, ...more]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function execute(command: string, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error ? error.code : 0;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(error);
    });
  });
}

async function waitHealthy(url: string, child: Running): Promise<void> {
  let ended: number | string | undefined;
  void child.ended.then((how) => {
    ended = how;
  });
  const healthy = async () => ended !== undefined || (await fetch(`${url}/-/healthy`)).ok;
  await until(healthy, { what: `rackwatch answers at ${url}` });
  if (ended !== undefined) throw new Error(`rackwatch ended with ${ended}:\n${child.output()}`);
}

async function scrape(url: string, { query = '', timeoutSeconds = 10 }: ScrapeOptions = {}): Promise<Page> {
  const response = await fetch(`${url}/metrics${query}`, {
    headers: { 'x-prometheus-scrape-timeout-seconds': String(timeoutSeconds) },
    signal: AbortSignal.timeout(timeoutSeconds * 1000 + PATIENCE_MS),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  return new Page(text);
}

async function scrapeUntil(
  url: string,
  what: string,
  satisfies: (page: Page) => boolean,
  timeoutMs: number,
): Promise<Page> {
  let last = new Page('');
  const satisfied = async () => {
    last = await scrape(url);
    return satisfies(last) && last;
  };
  try {
    return await until(satisfied, { what, timeoutMs, everyMs: 500 });
  } catch (error) {
    throw new Error(`${(error as Error).message}\nthe last page was:\n${ownPart(last)}`, { cause: error });
  }
}

/** What a person needs to see of a page that disappoints: how the targets and collectors fared. */
export function ownPart(page: Page): string {
  const lines = page.text.split('\n');
  return lines
    .filter((line) =>
      /^(rackwatch_(target|collector_(success|errors)|snapshot)|lxd_(cluster|instance_(info|state)))/.test(line),
    )
    .join('\n');
}
