import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dashboards } from '../../dashboards/src/index.ts';
import { type Options, readOptions, usage } from './options.ts';
import { findProgram, runProgram } from './programs.ts';
import { INTERVAL, type Rack, startRack } from './rack.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const say = (line: string) => process.stdout.write(`${line}\n`);

/** The rack of `--keep`, and of a run that is interrupted. */
let rack: Rack | undefined;

async function main(options: Options): Promise<void> {
  const chosen = choose(options.only);
  const chromium = findProgram(['chromium', 'chromium-browser', 'google-chrome'], 'apt-get install chromium');
  if (!existsSync(join(here, 'node_modules', '.package-lock.json'))) {
    say('Grafana’s components are installed first, once: about 450 MB in test/preview/node_modules');
    await runProgram('npm', ['ci'], here);
  }
  if (options.prometheus === undefined) rack = await startRack(options, say);
  // Not before they are installed.
  const { buildPage } = await import('./bundle.ts');
  const { drawAll } = await import('./pictures.ts');
  const out = resolve(options.out ?? join(here, 'out'));
  mkdirSync(out, { recursive: true });
  await buildPage();
  const complaints = await drawAll({
    chromium,
    dashboards: chosen,
    out,
    prometheus: rack?.prometheus ?? (options.prometheus as string),
    interval: rack ? INTERVAL : 15,
    ...(rack ? { from: `now-${Math.ceil(options.minutes * 60)}s` } : {}),
    say,
  });
  for (const complaint of complaints) say(`  ${complaint}`);
  if (complaints.length > 0) process.exitCode = 1;
  if (!options.keep || !rack) return;
  say(`still there until Ctrl+C: ${rack.statusPage} ${rack.prometheus}`);
  await new Promise(() => setInterval(() => undefined, 60_000));
}

function choose(only: readonly string[]): readonly (readonly [name: string, dashboard: object])[] {
  const all = Object.entries(dashboards);
  const unknown = only.filter((name) => !(name in dashboards));
  if (unknown.length > 0) throw new Error(`no dashboard ${unknown.join(', ')}: ${Object.keys(dashboards).join(', ')}`);
  return only.length === 0 ? all : all.filter(([name]) => only.includes(name));
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, async () => {
    await rack?.stop();
    process.exit(130);
  });
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options) await main(options);
  else process.stdout.write(usage);
} catch (error) {
  process.stderr.write(`${describe(error)}\n`);
  process.exitCode = 1;
} finally {
  await rack?.stop();
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describe(error.cause)}`;
}
