import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, until } from './lab.ts';
import { Page } from './page.ts';
import { type Running, start } from './process.ts';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

interface ScrapeOptions {
  /** What Prometheus would say in its header, and after what it would hang up. */
  readonly timeoutSeconds?: number;
  /** Such as `?source=lxd`. */
  readonly query?: string;
}

/** The built program, serving as a process of its own. */
export interface Rackwatch {
  readonly url: string;
  readonly pid: number;
  /** Scrapes as Prometheus does; rejects where Prometheus would count a failed scrape. */
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
    stop: () => child.stop().finally(() => rmSync(folder, { recursive: true })),
  };
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
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
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
function ownPart(page: Page): string {
  const lines = page.text.split('\n');
  return lines
    .filter((line) => /^(rackwatch_(target|collector_(success|errors)|snapshot)|lxd_cluster)/.test(line))
    .join('\n');
}
