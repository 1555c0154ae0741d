import { readFileSync } from 'node:fs';
import { describeError } from '../core/errors.ts';
import type { AnyInsight } from '../core/insight.ts';
import type { AnySource, SourceSettings } from '../core/source.ts';
import type { ConfiguredSource } from '../core/target-pool.ts';
import { ConfigError, parseConfig } from './problems.ts';
import { type Config, configSchema } from './schema.ts';

/** Reads and validates a file. Throws a ConfigError. */
export function loadConfig(file: string, sources: readonly AnySource[], insights: readonly AnyInsight[] = []): Config {
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
    return settings ? [{ source, settings, members: membersByName(config, source) }] : [];
  });
}

/** What stands under `members:` for one source, the other way round. */
function membersByName({ members }: Config, { memberKey }: AnySource): ReadonlyMap<string, string> {
  const entries = Object.entries(members).flatMap(([member, names]) => {
    const name = memberKey && names[memberKey.key];
    return name === undefined ? [] : [[name, member] as const];
  });
  return new Map(entries);
}

export interface ConfiguredInsight {
  readonly insight: AnyInsight;
  /** Its own keys, with their defaults. */
  readonly config: unknown;
}

/** The insights that the configuration leaves on. */
export function configuredInsights(config: Config, insights: readonly AnyInsight[]): ConfiguredInsight[] {
  return insights.flatMap((insight) => {
    const settings = config.insights[insight.name] ?? true;
    if (settings === false) return [];
    return [{ insight, config: settings === true ? (insight.configSchema?.parse({}) ?? {}) : settings }];
  });
}
