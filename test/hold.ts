import { createServer, type Server } from 'node:net';

/**
 * Takes a name that no other process on this machine has at the same time, or nothing where one has it. It is held by
 * listening on a socket in Linux's abstract namespace, which is closed to give it back: the kernel does, however a process
 * ends.
 */
export function hold(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer().unref();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(`\0rackwatch-${name}`, () => resolve(server));
  });
}
