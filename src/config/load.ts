import { readFileSync } from 'node:fs';
import { describeError } from '../core/errors.ts';
import type { Insight } from '../core/insight.ts';
import type { AnySource, SourceSettings } from '../core/source.ts';
import type { ConfiguredSource } from '../core/target-pool.ts';
import { ConfigError, parseConfig } from './problems.ts';
import { type Config, configSchema } from './schema.ts';

/** Reads and validates a file. Throws a ConfigError. */
export function loadConfig(file: string, sources: readonly AnySource[], insights: readonly Insight[] = []): Config {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`${file}: ${describeError(error)}`]);
  }
  return parseConfig(configSchema(sources, insights), text, file);
}

/** The sources that the configuration turns on. */
export function configuredSources(config: Config, sources: readonly AnySource[]): ConfiguredSource[] {
  return sources.flatMap((source) => {
    const settings = config.sources[source.name] as SourceSettings | undefined;
    return settings ? [{ source, settings }] : [];
  });
}
