import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { until } from './lab.ts';
import { type AlertLab, programOf } from './needs.ts';
import { Page } from './page.ts';
import { start } from './process.ts';

/** One series of the answer to an instant query. */
interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [at: number, value: string];
}

/** A real Prometheus on loopback. */
export interface Prometheus {
  readonly url: string;
  query(promql: string): Promise<readonly Result[]>;
  /** The server's metrics about itself. */
  ownMetrics(): Promise<Page>;
  /** It reads its configuration anew; what came of it is in `prometheus_config_last_reload_successful`. */
  reload(): void;
  log(): string;
  stop(): Promise<void>;
}

/** Starts Debian's Prometheus with this configuration (JSON is YAML), or with that of a file. */
export async function startPrometheus(
  config: object | string,
  wantedPort?: number,
  lab: AlertLab = 'alertmanager',
): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'rackwatch-prometheus-'));
  const file = typeof config === 'string' ? config : join(folder, 'prometheus.yml');
  if (typeof config !== 'string') writeFileSync(file, JSON.stringify(config));
  const port = wantedPort ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = start('prometheus', programOf(lab, 'prometheus'), [
    `--config.file=${file}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const isReady = async () => (await fetch(`${url}/-/ready`)).ok;
  await until(isReady, { what: 'Prometheus is ready' }).catch(async (error) => {
    await child.stop();
    throw new Error(`${error.message}\n${child.output()}`, { cause: error });
  });
  return {
    url,
    query: (promql) => query(url, promql),
    ownMetrics: async () => new Page(await (await fetch(`${url}/metrics`)).text()),
    reload: () => child.signal('SIGHUP'),
    log: child.output,
    stop: async () => {
      await child.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function query(url: string, promql: string): Promise<readonly Result[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(promql)}`);
  const answer = (await response.json()) as { status: string; error?: string; data: { result: Result[] } };
  if (answer.status !== 'success') throw new Error(`${promql}: ${answer.error}`);
  return answer.data.result;
}
