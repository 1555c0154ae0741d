import { createServer } from 'node:net';

/** Answers of a fake admin socket by command; a Buffer is sent as it is, a string with its length before it. */
export type AdminAnswers = Readonly<Record<string, string | Buffer>>;

/** An admin socket: a JSON object ended by NUL comes in, a big-endian length and the text go out, and it hangs up. */
export async function startFakeAdminSocket(path: string, answers: AdminAnswers): Promise<() => Promise<void>> {
  const server = createServer((socket) => {
    let request = '';
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      request += chunk.toString('latin1');
      if (!request.endsWith('\0')) return;
      const { prefix, format } = JSON.parse(request.slice(0, -1)) as { prefix: string; format: string };
      const answer = (format === 'json' && answers[prefix]) || 'ERROR: (22) Invalid argument\nunknown command';
      socket.end(typeof answer === 'string' ? frame(answer) : answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function frame(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([body.length >>> 24, body.length >>> 16, body.length >>> 8, body.length]), body]);
}
