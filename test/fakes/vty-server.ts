import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the fake answers: text and status, raw bytes, or nothing at all. */
export type VtyAnswer = readonly [text: string, status: number] | Uint8Array | 'silence' | 'hang up';

export interface FakeVty {
  /** Folder of the socket, as FRR's `/run/frr`. */
  readonly folder: string;
  /** Every command that arrived, in order. */
  readonly commands: readonly string[];
  /** Connections that were opened so far, and that are open now. */
  readonly accepted: number;
  readonly open: number;
  /** Answers that were held back with `silence` are sent now. */
  release(text: string, status: number): void;
  hangUp(): void;
  close(): Promise<void>;
}

const versionText = 'FRRouting 8.4.4 (lab) on Linux(6.1.0).\nCopyright 1996-2005 Kunihiro Ishiguro, et al.\n';

/** A daemon's vty with an encoder of its own: text, three NULs, the status. */
export async function startFakeVty(
  daemon: string,
  answer: (command: string) => VtyAnswer,
  { chunkBytes = 65536, version = [versionText, 0] }: { chunkBytes?: number; version?: VtyAnswer } = {},
): Promise<FakeVty> {
  const folder = mkdtempSync(join(tmpdir(), 'vty-'));
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  let accepted = 0;
  const send = (socket: Socket, reply: VtyAnswer) => {
    if (reply === 'silence') return;
    if (reply === 'hang up') return void socket.destroy();
    const bytes =
      reply instanceof Uint8Array ? reply : Buffer.concat([Buffer.from(reply[0]), Buffer.from([0, 0, 0, reply[1]])]);
    for (let at = 0; at < bytes.length; at += chunkBytes) socket.write(bytes.subarray(at, at + chunkBytes));
  };
  const server = createServer((socket) => {
    accepted++;
    sockets.add(socket);
    let text = '';
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const requests = text.split('\0');
      text = requests.pop() as string;
      for (const command of requests) {
        commands.push(command);
        send(socket, command === 'show version' ? version : answer(command));
      }
    });
  });
  await listen(server, join(folder, `${daemon}.vty`));
  const each = (act: (socket: Socket) => void) => {
    for (const socket of sockets) act(socket);
  };
  return {
    folder,
    commands,
    get accepted() {
      return accepted;
    },
    get open() {
      return sockets.size;
    },
    release: (released, status) => each((socket) => send(socket, [released, status])),
    hangUp: () => each((socket) => socket.destroy()),
    close: async () => {
      each((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => server.on('error', reject).listen(path, resolve));
