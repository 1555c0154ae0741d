import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

export interface VtyReplySize {
  readonly command: string;
  readonly bytes: number;
}

/** Stands between a client and a daemon of FRR, and notes what goes through. */
export interface VtyRelay {
  /** What the client is to connect to. */
  readonly path: string;
  /** Replies that have passed whole, in order. */
  readonly replies: readonly VtyReplySize[];
  /** How many times a client left before a reply was whole. The daemon does not notice: the relay reads it to its end. */
  readonly hangUps: number;
  close(): Promise<void>;
}

export interface VtyPace {
  /** Bytes of a reply that are read at once, and the pause after them. */
  readonly bytes: number;
  readonly pauseMs: number;
}

/** @param pace how slowly the daemon's replies are read; the daemon sees a client that dawdles */
export async function startVtyRelay(daemon: string, pace: VtyPace = { bytes: 65536, pauseMs: 0 }): Promise<VtyRelay> {
  const folder = mkdtempSync(join(tmpdir(), 'rackwatch-relay-'));
  const path = join(folder, basename(daemon));
  const replies: VtyReplySize[] = [];
  const clients = new Set<Socket>();
  let hangUps = 0;
  const server = createServer((client) => {
    clients.add(client);
    const stream = openStream(daemon, pace, client, (reply) => replies.push(reply));
    client.on('data', (chunk: Buffer) => stream.send(chunk));
    client.on('error', () => client.destroy());
    client.on('close', () => {
      clients.delete(client);
      if (stream.leave()) hangUps++;
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    path,
    replies,
    get hangUps() {
      return hangUps;
    },
    async close() {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

/** The way to the daemon for one client. */
function openStream(path: string, pace: VtyPace, client: Socket, onReply: (reply: VtyReplySize) => void) {
  let request = '';
  let bytes = 0;
  /** How many of the bytes that end a reply have come: a NUL, two more and the status. */
  let ending = 0;
  let isLeft = false;
  const take = (chunk: Buffer) => {
    for (const byte of chunk) {
      bytes++;
      if (ending > 0 || byte === 0) ending++;
      if (ending < 4) continue;
      onReply({ command: request.slice(0, -1), bytes });
      request = '';
      bytes = 0;
      ending = 0;
    }
    if (client.writable) client.write(chunk);
    if (isLeft && request === '') upstream.destroy();
  };
  const upstream: Socket = connect({
    path,
    onread: {
      buffer: Buffer.alloc(pace.bytes),
      callback: (count, buffer) => {
        take(Buffer.from(buffer.subarray(0, count)));
        if (pace.pauseMs === 0) return true;
        setTimeout(() => upstream.resume(), pace.pauseMs);
        return false;
      },
    },
  });
  upstream.on('error', () => client.destroy());
  upstream.on('close', () => client.destroy());
  return {
    send(chunk: Buffer) {
      request += chunk.toString('latin1');
      upstream.write(chunk);
    },
    /** Says whether a reply is on its way. */
    leave(): boolean {
      isLeft = true;
      if (request === '') upstream.destroy();
      return request !== '';
    },
  };
}
