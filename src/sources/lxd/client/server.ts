import { Duplex } from 'node:stream';
import { buildConnector, Pool } from 'undici';
import { clockOffsetSeconds } from '../../../core/clock.ts';
import { codeOf, type ErrorCode, SourceError } from '../../../core/errors.ts';
import type { ServerInfo } from './api.ts';
import { type Answer, exchange } from './exchange.ts';
import { createConnector, type Identity, type Pin } from './identity.ts';
import { upgrade } from './upgrade.ts';

export interface Query {
  readonly [key: string]: string | number | boolean | undefined;
}

/** What can be asked: one daemon, or any member of the cluster. */
export interface LxdApi {
  get<T>(path: string, signal: AbortSignal, query?: Query): Promise<T>;
  getText(path: string, signal: AbortSignal, query?: Query): Promise<Buffer>;
  greet(signal: AbortSignal, query?: Query): Promise<Greeting>;
}

/** What a daemon says of itself to anyone. */
export interface Greeting {
  readonly info: ServerInfo;
  /** How far the clock of its host is ahead of ours. */
  readonly clockOffsetSeconds: number | undefined;
}

export interface ServerOptions {
  /** `https://HOST:PORT` or `unix:///PATH`. */
  readonly endpoint: string;
  readonly identity?: Identity | undefined;
  readonly pin?: Pin;
  readonly maxBodyBytes: number;
}

/** The frame of every JSON answer. https://documentation.ubuntu.com/lxd/latest/rest-api/#return-values */
interface Envelope {
  readonly type: 'sync' | 'async' | 'error';
  readonly error?: string;
  readonly error_code?: number;
  readonly metadata: unknown;
}

const CONNECTIONS = 6;

/** Scrapes are further apart than undici's 4 s, and a TLS handshake costs more than all that a scrape asks for. */
const KEEP_ALIVE_MS = 600_000;

/** One LXD daemon, over HTTPS or its unix socket. Keeps connections open; errors are SourceErrors. */
export class LxdServer implements LxdApi {
  readonly endpoint: string;
  readonly #pool: Pool;
  readonly #maxBodyBytes: number;

  constructor({ endpoint, identity, maxBodyBytes, pin }: ServerOptions) {
    this.endpoint = endpoint;
    this.#maxBodyBytes = maxBodyBytes;
    const socketPath = endpoint.startsWith('unix://') ? endpoint.slice('unix://'.length) : undefined;
    this.#pool = new Pool(socketPath ? 'http://lxd' : endpoint, {
      connections: CONNECTIONS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      connect: socketPath ? buildConnector({ socketPath }) : createConnector(identity, pin),
    });
  }

  /**
   * The `metadata` of a GET.
   * @throws SourceError connect, tls, timeout, auth, forbidden, not_found, unavailable, unsupported, too_large, protocol
   */
  async get<T>(path: string, signal: AbortSignal, query: Query = {}): Promise<T> {
    const { body, status } = await this.#exchange(path, query, signal);
    const envelope = parseEnvelope(body, this.endpoint, path);
    if (status < 300 && envelope.type === 'sync') return envelope.metadata as T;
    throw refusal(path, status, envelope.error ?? '');
  }

  /** The body of a GET that is not JSON; errors are JSON all the same. */
  async getText(path: string, signal: AbortSignal, query: Query = {}): Promise<Buffer> {
    const { body, status } = await this.#exchange(path, query, signal);
    if (status < 300) return body;
    throw refusal(path, status, parseEnvelope(body, this.endpoint, path).error ?? '');
  }

  /** `/1.0`, and what the answer tells of the clock. */
  async greet(signal: AbortSignal, query: Query = {}): Promise<Greeting> {
    const askedAt = Date.now();
    const { body, date = '', status } = await this.#exchange('/1.0', query, signal);
    const answeredAt = Date.now();
    const { error = '', metadata } = parseEnvelope(body, this.endpoint, '/1.0');
    if (status >= 300) throw refusal('/1.0', status, error);
    const offset = clockOffsetSeconds(Date.parse(date), askedAt, answeredAt);
    return { info: metadata as ServerInfo, clockOffsetSeconds: offset };
  }

  /** A WebSocket's stream, which is then the caller's to end. Errors are those of `get`. */
  async openWebSocket(path: string, signal: AbortSignal, query: Query = {}): Promise<Duplex> {
    try {
      const opened = await upgrade(this.#pool, withQuery(path, query), signal);
      if (opened instanceof Duplex) return opened;
      throw refusal(path, opened.status, parseEnvelope(opened.body, this.endpoint, path).error ?? '');
    } catch (error) {
      throw this.#explain(path, error);
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  async #exchange(path: string, query: Query, signal: AbortSignal): Promise<Answer> {
    try {
      return await exchange(this.#pool, withQuery(path, query), signal, this.#maxBodyBytes);
    } catch (error) {
      throw this.#explain(path, error);
    }
  }

  #explain(path: string, error: unknown): SourceError {
    if (error instanceof SourceError) return error;
    const code = codeOf(error);
    if (code === 'timeout') {
      return new SourceError(code, `${this.endpoint} did not answer ${path} in time`, { cause: error });
    }
    const known: ErrorCode = code === 'internal' ? 'protocol' : code;
    return new SourceError(known, `cannot read ${path} from ${this.endpoint}`, { cause: error });
  }
}

function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  return search.size > 0 ? `${path}?${search}` : path;
}

function parseEnvelope(body: Buffer, endpoint: string, path: string): Envelope {
  const text = body.toString('utf8');
  let value: Partial<Envelope> | null = null;
  try {
    value = JSON.parse(text) as Partial<Envelope> | null;
  } catch (error) {
    // JSON.parse quotes the text in its message, which is why it is not the cause.
    const length = error instanceof SyntaxError ? text.length : 0;
    throw new SourceError(
      'protocol',
      `${path}: ${endpoint} answered ${length} characters that are not JSON: is it LXD?`,
    );
  }
  if (value && typeof value === 'object' && typeof value.type === 'string' && 'metadata' in value)
    return value as Envelope;
  throw new SourceError('protocol', `${path}: ${endpoint} answered JSON, but not as LXD does`);
}

const statusCodes: Readonly<Record<number, ErrorCode>> = {
  401: 'auth',
  403: 'forbidden',
  404: 'not_found',
  423: 'unavailable',
  501: 'unsupported',
  503: 'unavailable',
};

/** LXD answers 500 for much that passes by itself: a member that is away, a database without a leader. */
function refusal(path: string, status: number, reason: string): SourceError {
  const code = statusCodes[status] ?? (status >= 500 ? 'unavailable' : 'protocol');
  return new SourceError(code, `${path}: LXD answered ${status}${reason ? `: ${reason}` : ''}`);
}
