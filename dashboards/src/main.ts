import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dashboards } from './index.ts';

/** Writes `dashboards/*.json`; with --check, says which of them are not what the code makes, and ends with 1. */
const isCheck = process.argv.includes('--check');
const stale: string[] = [];
for (const [name, dashboard] of Object.entries(dashboards)) {
  const file = fileURLToPath(new URL(`../${name}.json`, import.meta.url));
  const json = `${JSON.stringify(dashboard, null, 2)}\n`;
  if (!isCheck) writeFileSync(file, json);
  else if (read(file) !== json) stale.push(`dashboards/${name}.json`);
}
if (stale.length > 0) {
  process.stderr.write(`not current, run npm run dashboards: ${stale.join(', ')}\n`);
  process.exitCode = 1;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
