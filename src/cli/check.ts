import { loadConfig } from '../config/load.ts';
import { loadWebConfig } from '../http/web-config.ts';
import { insights } from '../insights/index.ts';
import { sources } from '../sources/index.ts';
import type { CliOptions } from './run.ts';

/** Checks a configuration without touching the network. A ConfigError names every problem. */
export async function check({ config: file = '' }: CliOptions): Promise<number> {
  const config = loadConfig(file, sources, insights);
  if (config.web_config_file) loadWebConfig(config.web_config_file);
  process.stdout.write(`${file}: OK\n`);
  return 0;
}
