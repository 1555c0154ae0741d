import { setMaxListeners } from 'node:events';
import { connect } from 'node:net';
import type { MonitorAddress } from './address.ts';
import { decodeBanner } from './banner.ts';

/** A monitor as configured. */
export interface Monitor {
  /** As configured: a name, or the text of the address. */
  readonly label: string;
  readonly addresses: readonly MonitorAddress[];
}

export interface MonitorAnswer {
  readonly monitor: Monitor;
  /** One for each address, in their order. */
  readonly reachable: readonly boolean[];
}

/** A monitor answers in milliseconds; one that is stopped accepts the connection and says nothing. */
const PATIENCE_MS = 2500;

/** Connects to every address of every monitor at once and waits for the messenger's banner. Never rejects. */
export function probeMonitors(monitors: readonly Monitor[], signal: AbortSignal): Promise<readonly MonitorAnswer[]> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  setMaxListeners(0, deadline);
  return Promise.all(
    monitors.map(async (monitor) => ({
      monitor,
      reachable: await Promise.all(monitor.addresses.map((address) => hasBanner(address, deadline))),
    })),
  );
}

function hasBanner({ host, port, messenger }: MonitorAddress, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const socket = connect({ host, port });
    let bytes: Buffer = Buffer.alloc(0);
    const end = (reachable: boolean) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(reachable);
    };
    const onAbort = () => end(false);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const spoken = decodeBanner(bytes);
      if (spoken !== undefined) end(messenger ? spoken === messenger : spoken !== 'unknown');
    });
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
  });
}
