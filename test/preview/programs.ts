import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that runs beside this one. */
export interface Running {
  /** What it has printed so far. */
  output(): string;
  /** Rejects with what it printed when it ends by itself. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** Finds a program by one of its names; throws with what to do when it is not there. */
export function findProgram(names: readonly string[], advice: string): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (found === undefined) throw new Error(`${names[0]} is not here: ${advice}`);
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const children = new Set<ChildProcess>();
// Nothing stays behind, whatever ends this process.
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export function startProgram(command: string, args: readonly string[], cwd: string): Running {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-20_000);
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(`ended with ${code ?? signal}`));
  }).finally(() => children.delete(child));
  let isWanted = true;
  const failed = ended.then((how) => {
    if (isWanted) throw new Error(`${command}: ${how}\n${text.slice(-3000)}`);
    return new Promise<never>(() => undefined);
  });
  failed.catch(() => undefined);
  return {
    output: () => text,
    failed,
    stop: async () => {
      isWanted = false;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 8000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Runs a program to its end, its output shown; rejects when it fails. */
export function runProgram(command: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${[command, ...args].join(' ')}: ended with ${code ?? signal}`));
    });
  });
}

/** Asks until the answer is yes. What throws is a no; its last error is the cause when time is up. */
export async function until(what: string, seconds: number, condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + seconds * 1000;
  let cause: unknown;
  while (performance.now() < end) {
    try {
      if (await condition()) return;
    } catch (error) {
      cause = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`waited ${seconds} s in vain until ${what}`, { cause });
}
