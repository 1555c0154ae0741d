import { Agent, request } from 'undici';
import { clockOffsetSeconds } from '../../../../core/clock.ts';
import { codeOf, describeError, SourceError } from '../../../../core/errors.ts';

/** Far more than any cluster's page: a manager of a thousand OSDs answers some 30 MB. */
export const MAX_BODY_BYTES = 128 * 1024 * 1024;

export interface TextResponse {
  readonly status: number;
  /** How far the clock of the server's host is ahead of ours; undefined if it does not say. */
  readonly clockOffsetSeconds?: number | undefined;
  readonly body: Buffer;
}

/** Gets a page. Throws a SourceError when no whole answer comes; any status is an answer. */
export type FetchText = (url: string, signal: AbortSignal) => Promise<TextResponse>;

/** A client that opens a connection for every request: what it reads, it reads once in several seconds. */
export class HttpTextClient {
  readonly #agent = new Agent({ pipelining: 0, connections: 4 });
  readonly #maxBytes: number;

  constructor(maxBytes: number = MAX_BODY_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Redirects are not followed: a standby manager points to the active one, which is asked as well. */
  readonly fetch: FetchText = async (url, signal) => {
    const askedAt = Date.now();
    const response = await this.#request(url, signal);
    const offset = clockOffsetSeconds(Date.parse(String(response.headers['date'])), askedAt, Date.now());
    try {
      const body = await readBounded(response.body, this.#maxBytes);
      return { status: response.statusCode, clockOffsetSeconds: offset, body };
    } catch (error) {
      if (error instanceof SourceError) throw error;
      throw signal.aborted
        ? lateError(signal)
        : new SourceError('protocol', 'the answer was cut off', { cause: error });
    }
  };

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #request(url: string, signal: AbortSignal) {
    try {
      return await request(url, { dispatcher: this.#agent, signal, headers: { accept: 'text/plain' } });
    } catch (error) {
      if (signal.aborted) throw lateError(signal);
      throw new SourceError(codeOf(error), describeError(error), { cause: error });
    }
  }
}

const lateError = (signal: AbortSignal): SourceError =>
  new SourceError('timeout', 'no complete answer in time', { cause: signal.reason });

async function readBounded(body: AsyncIterable<Buffer> & { destroy(): unknown }, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      body.destroy();
      throw new SourceError('too_large', `the answer has more than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
