import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { alertsFolder } from '../shipped.ts';
import { renderTable } from './table.ts';

/** Writes `alerts/proof.md`; with --check, ends with 1 where it is not what the code makes. */
const file = `${alertsFolder}proof.md`;
const text = renderTable();
const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (present !== text) {
  process.stderr.write('not current, run npm run proof: alerts/proof.md\n');
  process.exitCode = 1;
}
