import type { Dispatcher } from 'undici';
import { SourceError } from '../../../core/errors.ts';

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** The header Date. */
  readonly date?: string;
}

/**
 * One GET with its whole body. A scrape has some sixty of them, so it goes below undici's `request`, whose streams cost
 * more than LXD's small answers. Rejects with what undici, or the signal, has to say.
 */
export function exchange(
  dispatcher: Dispatcher,
  path: string,
  signal: AbortSignal,
  maxBodyBytes: number,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const chunks: Buffer[] = [];
    let bytes = 0;
    let status = 0;
    let date: string | undefined;
    let controller: Dispatcher.DispatchController | undefined;
    const abort = () => controller?.abort(signal.reason);
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', abort);
      finish();
    };
    signal.addEventListener('abort', abort);
    dispatcher.dispatch(
      { method: 'GET', path, headers: { 'user-agent': 'rackwatch' } },
      {
        onRequestStart(started) {
          controller = started;
          if (signal.aborted) abort();
        },
        onResponseStart(_controller, statusCode, headers) {
          status = statusCode;
          if (typeof headers['date'] === 'string') date = headers['date'];
        },
        onResponseData(running, chunk) {
          bytes += chunk.length;
          if (bytes > maxBodyBytes) {
            running.abort(new SourceError('too_large', `${path}: the answer exceeds ${maxBodyBytes} bytes`));
          } else chunks.push(chunk);
        },
        onResponseEnd: () =>
          settle(() =>
            resolve({ status, body: Buffer.concat(chunks, bytes), ...(date === undefined ? {} : { date }) }),
          ),
        onResponseError: (_controller, error) => settle(() => reject(error)),
      },
    );
  });
}
