import { App } from '../app.ts';
import { loadConfig } from '../config/load.ts';
import { insights } from '../insights/index.ts';
import { sources } from '../sources/index.ts';
import { createLogger } from '../telemetry/logger.ts';
import type { CliOptions } from './run.ts';

/** Collects once and prints what `/metrics` would show; returns 1 if a collector failed, with the reason on stderr. */
export async function dump({ config: file = '', source = [] }: CliOptions): Promise<number> {
  const config = loadConfig(file, sources, insights);
  const unknown = source.filter((name) => !(name in config.sources));
  if (unknown.length > 0) throw new Error(`source ${unknown.join(', ')} is not configured in ${file}`);
  const app = new App({ config, sources, insights, log: createLogger('silent') });
  try {
    const page = await app.scrape(app.deadline(), { sources: source, targets: [] });
    await new Promise((resolve) => process.stdout.write(Buffer.concat(page), resolve));
    return reportFailures(app, source);
  } finally {
    await app.close();
  }
}

function reportFailures(app: App, only: readonly string[]): number {
  let failed = 0;
  for (const { newest, source, target } of app.views()) {
    if (only.length > 0 && !only.includes(source)) continue;
    if (!newest) {
      failed++;
      process.stderr.write(`${source} ${target}: no answer in time (timeout)\n`);
    }
    for (const { collector, failure } of newest?.outcomes ?? []) {
      if (!failure) continue;
      failed++;
      process.stderr.write(`${source} ${target} ${collector}: ${failure.message} (${failure.code})\n`);
    }
  }
  return failed > 0 ? 1 : 0;
}
