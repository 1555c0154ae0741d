import { createServer, type RequestListener } from 'node:http';
import { temporaryFile } from '../temporary.ts';

export interface FakeHttp {
  /** `unix:///PATH`, as an endpoint in the configuration. */
  readonly endpoint: string;
  /** Paths with their query, in the order in which they were asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** An HTTP server on a unix socket that answers as it is told, for faults that a real daemon cannot be made to have. */
export async function httpOnSocket(listener: RequestListener): Promise<FakeHttp> {
  const path = temporaryFile('socket');
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    endpoint: `unix://${path}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
