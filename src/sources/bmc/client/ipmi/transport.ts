import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { SourceError } from '../../../../core/errors.ts';

interface DatagramHandlers {
  datagram(bytes: Buffer): void;
  /** The network says that nothing listens; the transport stays usable. */
  failure(error: Error): void;
}

/** Carries datagrams to one BMC and back. */
export interface DatagramTransport {
  send(datagram: Buffer): void;
  /** Nothing is handed on after this. */
  close(): void;
}

export type OpenTransport = (handlers: DatagramHandlers) => Promise<DatagramTransport>;

/** UDP port of RMCP (IPMI 2.0 §13.1.2). */
export const RMCP_PORT = 623;

/**
 * A connected UDP socket: the kernel drops what comes from elsewhere and reports a closed port at once.
 * @param host address or name, resolved anew at every opening
 */
export const udpTransport =
  (host: string, port: number = RMCP_PORT): OpenTransport =>
  async (handlers) => {
    const { address, family } = await lookup(host);
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    let closed = false;
    const close = () => {
      if (closed) return;
      closed = true;
      socket.close();
    };
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(port, address, resolve);
    }).catch((error) => {
      close();
      throw new SourceError('connect', `UDP to ${host}:${port} failed`, { cause: error });
    });
    socket.removeAllListeners('error');
    socket.on('error', (error) => closed || handlers.failure(error));
    socket.on('message', (bytes) => closed || handlers.datagram(bytes));
    const send = (datagram: Buffer) => {
      if (!closed) socket.send(datagram, (error) => error && !closed && handlers.failure(error));
    };
    return { send, close };
  };
