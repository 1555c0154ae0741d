import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import { temporaryFile } from '../temporary.ts';

export interface FakeHttp {
  /** `unix:///PATH`, as an endpoint in the configuration. */
  readonly endpoint: string;
  /** Paths with their query, in the order in which they were asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** An HTTP server on a unix socket that answers as it is told, for faults that a real daemon cannot be made to have. */
export async function httpOnSocket(
  listener: RequestListener,
  onUpgrade?: (request: IncomingMessage, socket: Duplex) => void,
): Promise<FakeHttp> {
  const path = temporaryFile('socket');
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    listener(request, response);
  });
  const upgraded = new Set<Duplex>();
  if (onUpgrade) {
    server.on('upgrade', (request, socket) => {
      asked.push(request.url ?? '');
      upgraded.add(socket);
      // A client that has gone in the meantime is no fault of the server.
      socket.on('error', () => socket.destroy());
      onUpgrade(request, socket);
    });
  }
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    endpoint: `unix://${path}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }),
  };
}
