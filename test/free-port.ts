import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that Linux gives to whoever asks for any (ip_local_port_range, 32768 and up). */
const [FIRST, END] = [20_000, 32_768];

/**
 * A port of loopback that is free, for TCP and for UDP: Alertmanager's mesh wants both. No other process gets it from here
 * for as long as this one lives, and no connection has it for its own end: else a daemon that starts a moment later finds it
 * taken.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (END - FIRST));
    if ((await isReserved(port)) && (await isFree(port))) return port;
  }
}

/** By a socket in Linux's abstract namespace: the kernel gives it back however a process ends. */
function isReserved(port: number): Promise<boolean> {
  return listens(createServer().unref(), `\0rackwatch-port-${port}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const socket = createSocket('udp4');
  const [tcp, udp] = await Promise.all([
    listens(server, { port, host: '127.0.0.1' }),
    once(socket.bind(port, '127.0.0.1'), 'listening').then(
      () => true,
      () => false,
    ),
  ]);
  await Promise.all([
    tcp && new Promise((resolve) => server.close(resolve)),
    new Promise<void>((resolve) => socket.close(() => resolve())),
  ]);
  return tcp && udp;
}

function listens(server: ReturnType<typeof createServer>, where: string | { port: number; host: string }) {
  return new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(where, () => resolve(true));
  });
}
