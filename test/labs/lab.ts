import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type LabName, labsRequired, missingFor } from './needs.ts';
import { takeTurn } from './turn.ts';

/** Where every lab keeps its state: `<labRoot>/<area>`. */
export const labRoot = join(process.env.TMPDIR ?? tmpdir(), 'rackwatch-lab');

/** As long as all the labs together may take. */
const LONGEST_WAIT_MS = 40 * 60_000;

/**
 * A suite that needs real daemons. Where something is missing it is skipped, with the reason on stderr, or fails when
 * RACKWATCH_LABS=required. Start the daemons in its `beforeAll` and stop them in its `afterAll`: in between, no other
 * test file has these labs, although files run side by side.
 */
export function describeLab(needs: LabName | readonly LabName[], suite: () => void): void {
  const labs = [needs].flat();
  const missing = labs.flatMap((lab) => missingFor(lab).map((what) => `${what} (lab ${lab})`));
  const name = `lab ${labs.join(' + ')}`;
  if (missing.length > 0 && labsRequired) {
    test(`${name} can run`, () => {
      throw new Error(`missing: ${missing.join(', ')}`);
    });
    return;
  }
  describe.skipIf(missing.length > 0)(name, () => {
    let giveBack: (() => void) | undefined;
    beforeAll(async () => {
      giveBack = await takeTurn(labs);
    }, LONGEST_WAIT_MS);
    // Hooks of this kind run last to first: what the suite has started ends before.
    afterAll(() => giveBack?.());
    suite();
  });
}

interface ScriptOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/**
 * Runs `test/labs/<area>/<name>` with bash. What it prints goes to `<labRoot>/logs/<area>-<name>.log` (a file, so that
 * daemons it leaves behind hold no pipe open) and is returned; it is part of the error when the script fails.
 */
export function script(area: string, name: string, options: ScriptOptions = {}): Promise<string> {
  const path = fileURLToPath(new URL(`${area}/${name}`, import.meta.url));
  const log = join(labRoot, 'logs', `${area}-${name}.log`);
  return run('bash', [path, ...(options.args ?? [])], { ...options, log });
}

/** Runs a program to its end and returns what it printed, on both streams. Rejects if it fails or takes too long. */
export async function run(
  command: string,
  args: readonly string[],
  { env = {}, timeoutMs = 150_000, log }: Omit<ScriptOptions, 'args'> & { readonly log?: string } = {},
): Promise<string> {
  const path = log ?? join(labRoot, 'logs', `run-${process.pid}-${++runs}.log`);
  mkdirSync(join(path, '..'), { recursive: true });
  const file = openSync(path, 'w');
  const child = spawn(command, args, { stdio: ['ignore', file, file], env: { ...process.env, ...env } });
  closeSync(file);
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const ending = await new Promise<string | undefined>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(code === 0 ? undefined : `ended with ${code ?? signal}`));
  });
  clearTimeout(timer);
  const output = readFileSync(path, 'utf8');
  if (ending === undefined) {
    if (log === undefined) rmSync(path);
    return output;
  }
  throw new Error(`${[command, ...args].join(' ')}: ${ending}\n${output.slice(-4000)}\n(all of it in ${path})`);
}

let runs = 0;

interface Patience {
  /** For the message: what was waited for. */
  readonly what: string;
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Polls until the condition gives something truthy, and returns that. A condition that throws is not met yet; its last
 * error is the cause when time runs out.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { what, timeoutMs = 60_000, everyMs = 100 }: Patience,
): Promise<Exclude<T, false | 0 | '' | null | undefined>> {
  const end = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const value = await condition();
      if (value) return value as Exclude<T, false | 0 | '' | null | undefined>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  } while (performance.now() < end);
  throw new Error(`waited ${timeoutMs} ms in vain: ${what}`, { cause });
}
