import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Tests that run the program as its users do need it built, and built from what is here now. Returns what to do when
 * they are done.
 */
export default function setUp(): () => void {
  const root = fileURLToPath(new URL('..', import.meta.url));
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  return () => rmSync(process.env.RACKWATCH_TEST_FOLDER ?? '', { recursive: true, force: true });
}
