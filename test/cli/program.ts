import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { temporaryFile } from '../temporary.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program to its end. */
export function rackwatch(...args: readonly string[]): Promise<Ended> {
  return startRackwatch(...args).ended;
}

/** Starts the built program. */
export function startRackwatch(...args: readonly string[]): {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has printed so far on both streams. */
  readonly output: () => string;
} {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return { child, ended, output: () => stdout + stderr };
}

export function configFile(text: string): string {
  const file = temporaryFile('rackwatch.yaml');
  writeFileSync(file, text);
  return file;
}
