import { createHash, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { SourceError } from '../../../core/errors.ts';
import type { Answer } from './exchange.ts';

/** https://www.rfc-editor.org/rfc/rfc6455#section-1.3 */
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** An error of LXD is a short JSON object. */
const MAX_REFUSAL_BYTES = 64 * 1024;

/**
 * Asks for a WebSocket. Resolves to the stream that both sides then write frames on, or to the answer of a server that
 * does not want one. Who gets the stream has to end it.
 */
export function upgrade(dispatcher: Dispatcher, path: string, signal: AbortSignal): Promise<Duplex | Answer> {
  const key = randomBytes(16).toString('base64');
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const chunks: Buffer[] = [];
    let bytes = 0;
    let status = 0;
    let controller: Dispatcher.DispatchController | undefined;
    const abort = () => controller?.abort(signal.reason);
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', abort);
      finish();
    };
    signal.addEventListener('abort', abort);
    const headers = { 'user-agent': 'rackwatch', 'sec-websocket-version': '13', 'sec-websocket-key': key };
    dispatcher.dispatch(
      { method: 'GET', path, upgrade: 'websocket', headers },
      {
        onRequestStart(started) {
          controller = started;
          if (signal.aborted) abort();
        },
        onRequestUpgrade: (_controller, _status, answered, socket) =>
          settle(() => {
            if (answered['sec-websocket-accept'] === acceptOf(key)) return resolve(socket);
            socket.destroy();
            reject(new SourceError('protocol', `${path}: the server did not understand the wish for a WebSocket`));
          }),
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(running, chunk) {
          bytes += chunk.length;
          chunks.push(chunk);
          if (bytes > MAX_REFUSAL_BYTES)
            running.abort(new SourceError('too_large', `${path}: the answer exceeds ${MAX_REFUSAL_BYTES} bytes`));
        },
        onResponseEnd: () => settle(() => resolve({ status, body: Buffer.concat(chunks, bytes) })),
        onResponseError: (_controller, error) => settle(() => reject(error)),
      },
    );
  });
}

const acceptOf = (key: string): string =>
  createHash('sha1')
    .update(key + ACCEPT_SUFFIX)
    .digest('base64');
