import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findScenario } from '../../src/demo/scenarios/index.ts';
import { freePort } from '../free-port.ts';
import { findProgram, startProgram, until } from './programs.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Seconds between two scrapes: short, because a few minutes have to fill a graph. */
export const INTERVAL = 5;

export interface Rack {
  readonly prometheus: string;
  readonly statusPage: string;
  stop(): Promise<void>;
}

export interface Story {
  readonly minutes: number;
  readonly scenario: string | undefined;
  readonly speed: number;
}

/**
 * Starts the demo, and a Prometheus with the shipped rules that scrapes it; resolves when it has so many minutes of
 * history. Throws with what to do where there is no Prometheus.
 */
export async function startRack({ minutes, scenario, speed }: Story, say: (line: string) => void): Promise<Rack> {
  if (scenario !== undefined) findScenario(scenario);
  const program = findProgram(['prometheus'], 'apt-get install prometheus, or give one with --prometheus URL');
  const folder = mkdtempSync(join(tmpdir(), 'rackwatch-preview-'));
  const statusPage = `http://127.0.0.1:${await freePort()}`;
  const prometheus = `http://127.0.0.1:${await freePort()}`;
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(configuration(statusPage)));
  const demo = startProgram(
    process.execPath,
    ['--import', 'tsx', 'src/main.ts', 'demo', '--listen', new URL(statusPage).host, '--speed', String(speed)],
    root,
  );
  const server = startProgram(
    program,
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${new URL(prometheus).host}`,
    ],
    root,
  );
  const stop = async () => {
    await Promise.all([demo.stop(), server.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const told = gather({ minutes, scenario, speed }, { prometheus, statusPage }, say);
    await Promise.race([told, demo.failed, server.failed]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { prometheus, statusPage, stop };
}

const configuration = (statusPage: string) => ({
  global: { scrape_interval: `${INTERVAL}s`, scrape_timeout: `${INTERVAL}s`, evaluation_interval: `${INTERVAL}s` },
  rule_files: [`${root}alerts/rules/*.yml`],
  scrape_configs: [{ job_name: 'rackwatch', static_configs: [{ targets: [new URL(statusPage).host] }] }],
});

async function gather(
  { minutes, scenario }: Story,
  { prometheus, statusPage }: Pick<Rack, 'prometheus' | 'statusPage'>,
  say: (line: string) => void,
): Promise<void> {
  await until('the demo is ready', 90, async () => (await fetch(`${statusPage}/-/ready`)).ok);
  await until('Prometheus is ready', 60, async () => (await fetch(`${prometheus}/-/ready`)).ok);
  const hasMinutes = async (wanted: number) => {
    const scrapes = `count_over_time(up{job="rackwatch"}[${Math.ceil(wanted * 60) + 60}s]) >= ${(wanted * 60) / INTERVAL}`;
    const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(scrapes)}`);
    const { data } = (await response.json()) as { data: { result: unknown[] } };
    return data.result.length > 0;
  };
  const wait = (wanted: number) =>
    until(`there are ${wanted} minutes of history`, wanted * 60 + 120, () => hasMinutes(wanted));
  say(`${statusPage} is watched by ${prometheus}; ${minutes} minutes of history are gathered`);
  if (scenario !== undefined) {
    await wait(minutes / 3);
    const response = await fetch(`${statusPage}/demo/play/${scenario}`, { method: 'POST', redirect: 'manual' });
    if (response.status !== 303) throw new Error(`the demo does not play ${scenario}: ${response.status}`);
    say(`the story ${scenario} begins`);
  }
  await wait(minutes);
}
