import { connect, type NetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { delay } from '../../../core/clock.ts';
import { SourceError } from '../../../core/errors.ts';

/** Where a daemon's vty is: a path, or what a proxy made of it. */
export type VtyAddress = { readonly path: string } | { readonly host: string; readonly port: number };

const FIRST_RETRY_MS = 5;
const LAST_RETRY_MS = 320;

/**
 * Connects to a vty. FRR listens with a backlog of 5 and accepts between its other work: until it does, the kernel
 * answers EAGAIN, and trying again is right.
 */
export async function dialVty(address: VtyAddress, signal: AbortSignal): Promise<Duplex> {
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LAST_RETRY_MS)) {
    try {
      return await dialOnce(address, signal);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN' || signal.aborted) throw explain(error as NodeJS.ErrnoException, address);
    }
    await delay(waitMs, signal);
  }
}

function dialOnce(address: NetConnectOpts, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    const onAbort = () => socket.destroy(new SourceError('timeout', 'no connection in the time allowed'));
    const settling =
      <T>(settle: (value: T) => void, value: T) =>
      () => {
        signal.removeEventListener('abort', onAbort);
        socket.removeAllListeners();
        settle(value);
      };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', settling(resolve, socket));
    socket.once('error', (error) => settling(reject, error)());
    if (signal.aborted) onAbort();
  });
}

function explain(error: NodeJS.ErrnoException, address: VtyAddress): unknown {
  const where = 'path' in address ? address.path : `${address.host}:${address.port}`;
  if (error.code === 'EACCES')
    return new SourceError('forbidden', `${where}: only root and the group frrvty may use it`, { cause: error });
  if (error.code === 'ENOENT') return new SourceError('not_found', `${where} does not exist`, { cause: error });
  return error;
}
