import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SourceError } from '../../../core/errors.ts';
import { Session } from './session.ts';
import { connect } from './transport.ts';

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * Runs one command of a daemon on this host over its control socket, as ovs-appctl(8) does: JSON-RPC 1.0, the
 * parameters are strings and the result is one string.
 * @param pattern path of the socket; a `*` in its last part stands for the pid that daemons put there
 */
export async function runUnixctl(
  pattern: string,
  command: string,
  args: readonly string[],
  { answerTimeoutMs, signal }: { answerTimeoutMs: number; signal: AbortSignal },
): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]);
  const stream = await connect({ kind: 'unix', path: findSocket(pattern) }, undefined, limit);
  const session = new Session(stream, {
    answerTimeoutMs,
    idleMs: answerTimeoutMs * 2,
    maxMessageBytes: MAX_ANSWER_BYTES,
    onNotification: () => {},
  });
  try {
    const answer = await session.request(command, args);
    if (typeof answer !== 'string') throw new SourceError('protocol', `${command}: the answer is not a text`);
    return answer;
  } finally {
    session.close();
  }
}

function findSocket(pattern: string): string {
  const [before, after, ...more] = basename(pattern).split('*');
  if (after === undefined) return pattern;
  if (more.length > 0) throw new SourceError('not_found', `${pattern}: more than one *`);
  const folder = dirname(pattern);
  const names = readFolder(folder).filter((name) => name.startsWith(before as string) && name.endsWith(after));
  if (names.length !== 1)
    throw new SourceError('not_found', `${pattern}: ${names.length} sockets match, one is needed`);
  return join(folder, names[0] as string);
}

function readFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new SourceError('connect', `${folder} cannot be read`, { cause: error });
  }
}
