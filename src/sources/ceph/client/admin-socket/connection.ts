import { connect } from 'node:net';
import { codeOf, describeError, SourceError } from '../../../../core/errors.ts';
import { decodeAnswer, encodeCommand, parseAnswer } from './frame.ts';

/** Asks a daemon's admin socket one thing; a daemon closes the connection after each answer. */
export async function askAdminSocket(path: string, command: string, signal: AbortSignal): Promise<unknown> {
  return parseAnswer(await exchange(path, encodeCommand(command), signal));
}

function exchange(path: string, request: Buffer, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new SourceError('timeout', `${path}: no time left`));
    const socket = connect(path, () => socket.write(request));
    let bytes: Buffer = Buffer.alloc(0);
    const end = (result: string | Error) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      if (typeof result === 'string') resolve(result);
      else reject(result);
    };
    const onAbort = () => end(new SourceError('timeout', `${path}: no complete answer in time`));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      try {
        const answer = decodeAnswer(bytes);
        if (answer !== undefined) end(answer);
      } catch (error) {
        end(error as Error);
      }
    });
    socket.on('error', (error) => end(new SourceError(codeOf(error), describeError(error), { cause: error })));
    socket.on('close', () => end(new SourceError('protocol', `${path}: closed before the answer was whole`)));
  });
}
