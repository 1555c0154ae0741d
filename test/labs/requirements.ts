import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { labNames, labsRequired, missingFor } from './needs.ts';

/** Runs once before the project `labs`: says loudly what cannot run here, and builds the program the labs start. */
export default function setup(): void {
  for (const lab of labNames) {
    const missing = missingFor(lab);
    if (missing.length === 0) continue;
    const fate = labsRequired ? 'its tests FAIL (RACKWATCH_LABS=required)' : 'its tests are SKIPPED';
    console.error(`!!! lab ${lab}: missing ${missing.join(', ')}: ${fate}`);
  }
  execFileSync('npm', ['run', '-s', 'build'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
