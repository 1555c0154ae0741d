import type { RmcpServer } from '../../../src/demo/bmc/rmcp-server.ts';
import type { DatagramTransport, OpenTransport } from '../../../src/sources/bmc/client/ipmi/transport.ts';

/** What the network does to a datagram: the datagrams that arrive in its place, none when it is lost. */
type Network = (datagram: Buffer, direction: 'to-bmc' | 'to-client') => readonly Buffer[];

export interface Loopback {
  readonly open: OpenTransport;
  network: Network;
  /** Transports that are open at the moment. */
  openCount: number;
  /** Hands bytes to the client as if they had come from the BMC. */
  inject(bytes: Buffer): void;
  /** Reports a closed port. */
  refuse(): void;
}

/** Joins a client to a simulated BMC without sockets. Answers arrive in a later turn of the event loop. */
export function createLoopback(server: Pick<RmcpServer, 'answer'>): Loopback {
  let current: Parameters<OpenTransport>[0] | undefined;
  const loopback: Loopback = {
    network: (datagram) => [datagram],
    openCount: 0,
    inject: (bytes) => current?.datagram(bytes),
    refuse: () => current?.failure(new Error('ECONNREFUSED')),
    open: async (handlers) => {
      current = handlers;
      loopback.openCount++;
      let closed = false;
      const deliver = (bytes: Buffer) => setImmediate(() => closed || handlers.datagram(bytes));
      const transport: DatagramTransport = {
        send: (datagram) => {
          for (const arrived of loopback.network(datagram, 'to-bmc')) {
            const answer = server.answer(arrived);
            if (answer) for (const bytes of loopback.network(answer, 'to-client')) deliver(bytes);
          }
        },
        close: () => {
          if (!closed) loopback.openCount--;
          closed = true;
        },
      };
      return transport;
    },
  };
  return loopback;
}
