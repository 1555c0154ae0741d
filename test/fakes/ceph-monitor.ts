import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What a fake monitor sends to whoever connects: its banner, whole or byte by byte, something else, or nothing. */
export type Greeting = { readonly bytes: string; readonly slowly?: boolean } | 'silence' | 'hang up';

export interface FakeMonitor {
  readonly port: number;
  greet(greeting: Greeting): void;
  close(): Promise<void>;
}

/** The whole of what a 16.2.15 monitor sends on its v2 port: 16 bytes of features follow the greeting. */
export const bannerV2 = 'ceph v2\n\x10\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0';
export const bannerV1 = 'ceph v027\0\0';

export async function startFakeMonitor(first: Greeting): Promise<FakeMonitor> {
  let greeting = first;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    if (greeting === 'hang up') socket.destroy();
    else if (greeting !== 'silence') void send(socket, greeting.bytes, greeting.slowly ?? false);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    greet: (next) => {
      greeting = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function send(socket: Socket, text: string, slowly: boolean): Promise<void> {
  const bytes = Buffer.from(text, 'latin1');
  socket.setNoDelay(true);
  for (let at = 0; at < bytes.length && !socket.destroyed; at += slowly ? 1 : bytes.length) {
    socket.write(slowly ? bytes.subarray(at, at + 1) : bytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
