import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labRoot, until } from './lab.ts';

/** A program that a test started and keeps running. */
export interface Running {
  readonly pid: number;
  /** All that it has printed so far, both streams. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** Exit code, or the signal's name, once it has ended. */
  readonly ended: Promise<number | string>;
  /** Ends it: SIGTERM, and SIGKILL where that does not help in time. */
  stop(): Promise<number | string>;
}

const running = new Set<ChildProcess>();
// Whatever happens to the test process, nothing it started stays.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a program in the background; its output goes to `<labRoot>/logs/<name>-<n>.log`. */
export function start(
  name: string,
  command: string,
  args: readonly string[],
  { env = {}, cwd }: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Running {
  mkdirSync(join(labRoot, 'logs'), { recursive: true });
  const log = join(labRoot, 'logs', `${name}-${process.pid}-${++starts}.log`);
  const file = openSync(log, 'w');
  const child = spawn(command, args, {
    stdio: ['ignore', file, file],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  closeSync(file);
  running.add(child);
  const ended = new Promise<number | string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  }).finally(() => running.delete(child));
  const output = () => readFileSync(log, 'utf8');
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 8000);
    return ended.finally(() => clearTimeout(timer));
  };
  return { pid: child.pid ?? 0, output, signal: (signal) => child.kill(signal), ended, stop };
}

let starts = 0;

/** Whether a process runs; one that has ended and was not waited for does not. */
export function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readStatus(pid));
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return 'State:\tZ';
  }
}

/** Ends a process that this one did not start itself, by its id, and waits for its end; one may have ended by itself. */
export async function stopPid(pid: number, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (!isAlive(pid)) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  await until(() => !isAlive(pid), { what: `process ${pid} ends after ${signal}`, timeoutMs: 20_000 });
}
