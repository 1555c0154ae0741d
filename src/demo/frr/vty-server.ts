import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { answer, daemonNames, daemonOf } from './answers.ts';
import type { DemoRouter, RoutingModel } from './model.ts';

const NUL = '\0';

/** The daemons' sockets of one router, in a folder. What stops with the router hangs up on everybody. */
export async function startVtySockets(
  model: RoutingModel,
  router: DemoRouter,
  folder: string,
): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  for (const daemon of daemonNames) {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
      serve(model, router, daemon, socket);
    });
    server.listen(join(folder, `${daemon}.vty`));
    await once(server, 'listening');
    servers.push(server);
  }
  return async () => {
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  };
}

function serve(model: RoutingModel, router: DemoRouter, daemon: string, socket: Socket): void {
  let pending = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    if (!model.isRunning(router) || !model.runsDaemon(router, daemon)) return void socket.destroy();
    const commands = (pending + text).split(NUL);
    pending = commands.pop() as string;
    for (const command of commands) {
      const owner = daemonOf(command);
      const [reply, status] =
        owner === undefined || owner === daemon
          ? answer(model, router, command)
          : [`% Unknown command: ${command}\n`, 2];
      socket.write(Buffer.concat([Buffer.from(reply), Buffer.from([0, 0, 0, status])]));
    }
  });
}
