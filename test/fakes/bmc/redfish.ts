import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createBoard } from '../../../src/demo/bmc/board.ts';
import { buildResources } from '../../../src/demo/bmc/redfish-resources.ts';
import { createRedfishServer } from '../../../src/demo/bmc/redfish-server.ts';
import { RedfishBmc, type RedfishBmcOptions } from '../../../src/sources/bmc/client/redfish-bmc.ts';
import { PASSWORD } from './simulated.ts';

type Resources = Record<string, object>;

interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A BMC over HTTP, or with an identity over HTTPS. What is changed in `resources` or put into `faults` is seen by the next request. */
export async function startRedfish(options: Partial<RedfishBmcOptions> = {}, identity?: Identity) {
  const board = createBoard('test');
  const resources: Resources = {};
  const faults = new Map<string, (response: ServerResponse) => void>();
  const log: string[] = [];
  let underway = 0;
  let most = 0;
  const real = createRedfishServer({
    user: 'monitor',
    password: PASSWORD,
    resources: () => ({ ...buildResources(board), ...resources }),
  });
  const answer: RequestListener = (request, response) => {
    log.push(`${request.method} ${request.url}`);
    most = Math.max(most, ++underway);
    response.on('close', () => underway--);
    const fault = faults.get(request.url ?? '');
    if (fault) fault(response);
    else real.emit('request', request, response);
  };
  const server = identity ? createTlsServer(identity, answer) : createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const clock = { time: 0 };
  const bmc = new RedfishBmc({
    origin: `${identity ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    user: 'monitor',
    password: () => PASSWORD,
    authentication: 'basic',
    maxBodyBytes: 1_000_000,
    clock: { now: () => clock.time },
    ...options,
  });
  const close = async () => {
    await bmc.close();
    server.closeAllConnections();
    server.close();
  };
  return { board, bmc, clock, close, faults, log, resources, mostAtOnce: () => most };
}

export type RedfishFake = Awaited<ReturnType<typeof startRedfish>>;
