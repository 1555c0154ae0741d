import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a fake manager does with a request for its metrics. */
export type ManagerBehaviour =
  | { readonly kind: 'active'; readonly body: string }
  | { readonly kind: 'standby' | 'starting' | 'html' | 'redirect' | 'hang' }
  | { readonly kind: 'cut'; readonly body: string };

export interface FakeManager {
  readonly url: string;
  behave(behaviour: ManagerBehaviour): void;
  close(): Promise<void>;
}

const html = '<!DOCTYPE html>\n<html><head><title>Ceph Exporter</title></head><body>no cached data</body></html>\n';

/** A manager's prometheus module, as seen from outside; also does for a ceph-exporter. */
export async function startFakeManager(first: ManagerBehaviour): Promise<FakeManager> {
  let behaviour = first;
  const server = createServer((request, response) => {
    if (request.url === '/metrics') answer(response, behaviour);
    else response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave: (next) => {
      behaviour = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, behaviour: ManagerBehaviour): void {
  const type = { 'content-type': 'text/plain;charset=utf-8' };
  switch (behaviour.kind) {
    case 'active':
      response.writeHead(200, type).end(behaviour.body);
      break;
    case 'standby':
      response.writeHead(200, { ...type, 'content-length': '0' }).end();
      break;
    case 'starting':
      response.writeHead(503, { 'content-type': 'text/html' }).end(html);
      break;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end(html);
      break;
    case 'redirect':
      response.writeHead(303, { location: '/' }).end();
      break;
    case 'cut':
      response.writeHead(200, { ...type, 'content-length': String(behaviour.body.length) });
      response.write(behaviour.body.slice(0, behaviour.body.length / 2), () => response.destroy());
      break;
    case 'hang':
      break;
  }
}
