import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sources } from '../sources/index.ts';
import { describeConfig, exampleConfig, jsonSchema } from './docs/config-reference.ts';
import { describeErrors, describeInsights, describeOwnMetrics, describeSource } from './docs/metric-reference.ts';
import type { CliOptions } from './run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Writes every generated reference; with `--check` writes nothing and returns 1 if one is out of date. */
export async function docs({ check = false }: CliOptions): Promise<number> {
  const stale = [...generate()].filter(([file, text]) => readIfThere(root + file) !== text);
  for (const [file, text] of stale) {
    if (!check) writeFileSync(root + file, text);
    process.stdout.write(`${check ? 'out of date' : 'written'}: ${relative(process.cwd(), root + file)}\n`);
  }
  return check && stale.length > 0 ? 1 : 0;
}

function* generate(): Generator<[file: string, text: string]> {
  for (const source of sources) yield [`src/sources/${source.name}/METRICS.md`, describeSource(source)];
  yield ['src/insights/METRICS.md', describeInsights()];
  yield ['src/telemetry/METRICS.md', describeOwnMetrics()];
  yield ['src/core/ERRORS.md', describeErrors()];
  yield ['src/config/CONFIGURATION.md', describeConfig()];
  yield ['src/config/rackwatch.schema.json', jsonSchema()];
  yield ['rackwatch.example.yaml', exampleConfig()];
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
