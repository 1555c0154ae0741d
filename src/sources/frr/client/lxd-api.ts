import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, type Dispatcher, request } from 'undici';
import type { Secret } from '../../../config/secret.ts';
import { codeOf, describeError, SourceError } from '../../../core/errors.ts';
import { objectIn, textIn } from './json.ts';

export interface LxdAccess {
  /** `https://…:8443`; any member of the cluster, tried in this order. */
  readonly endpoints?: readonly string[] | undefined;
  readonly certificate?: string | undefined;
  readonly key_file?: Secret | undefined;
  /** The server's certificate, which must be exactly this one. */
  readonly server_certificate?: string | undefined;
  /** LXD's unix socket, in place of all the above. */
  readonly socket?: string | undefined;
}

/** What a request of LXD's REST API answers. */
export interface LxdReply {
  readonly status: number;
  readonly body: Buffer;
}

const REQUEST_TIMEOUT_MS = 30_000;
/** A member that is away answers to nothing; one that is there does at once. */
const CONNECT_TIMEOUT_MS = 3_000;
const LARGEST_BODY = 16 * 2 ** 20;

/** As much of LXD's REST API as running a program in an instance needs. */
export class LxdApi {
  readonly #agent: Agent;
  readonly #origins: readonly string[];
  /** The endpoint that answered last. */
  #preferred = 0;

  /** Reads the certificates. @throws when they cannot be read */
  constructor({ endpoints = [], certificate, key_file, server_certificate, socket }: LxdAccess) {
    if (socket !== undefined) {
      this.#origins = ['http://lxd'];
      this.#agent = new Agent({ connect: { socketPath: socket } });
      return;
    }
    this.#origins = endpoints.map((endpoint) => endpoint.replace(/\/+$/, ''));
    this.#agent = new Agent({
      connect: {
        timeout: CONNECT_TIMEOUT_MS,
        ...(certificate === undefined ? {} : { cert: readFileSync(certificate) }),
        ...(key_file === undefined ? {} : { key: key_file.reveal() }),
        ...(server_certificate === undefined ? {} : pin(readFileSync(server_certificate))),
      },
    });
  }

  /**
   * Tries the endpoints in turn. One that cannot be reached at all is passed over; where a request may have arrived it is
   * not sent again, but the next one goes elsewhere. @throws SourceError
   */
  async request(method: Dispatcher.HttpMethod, path: string, body?: object): Promise<LxdReply> {
    let failure: unknown;
    for (let tried = 0; tried < this.#origins.length; tried++) {
      const index = (this.#preferred + tried) % this.#origins.length;
      try {
        const reply = await this.#requestAt(this.#origins[index] as string, method, path, body);
        this.#preferred = index;
        return reply;
      } catch (error) {
        failure = error;
        if (isUnreached(error)) continue;
        if (codeOf(error) === 'timeout') this.#preferred = (index + 1) % this.#origins.length;
        break;
      }
    }
    throw new SourceError(codeOf(failure), `LXD: ${describeError(failure)}`, { cause: failure });
  }

  /** The `metadata` of a reply in JSON. @throws SourceError with LXD's own words */
  async json(method: Dispatcher.HttpMethod, path: string, body?: object): Promise<LxdMetadata> {
    const { status, body: bytes } = await this.request(method, path, body);
    let reply: unknown;
    try {
      reply = JSON.parse(bytes.toString('utf8'));
    } catch (cause) {
      throw new SourceError('protocol', `LXD: the answer to ${method} ${path} is not JSON`, { cause });
    }
    const message = textIn(reply, 'error');
    if (status >= 400 || message !== undefined) throw refusal(status, message ?? `status ${status}`);
    return { metadata: objectIn(reply, 'metadata'), operation: textIn(reply, 'operation') };
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #requestAt(origin: string, method: Dispatcher.HttpMethod, path: string, body?: object): Promise<LxdReply> {
    const { statusCode, body: stream } = await request(origin + path, {
      dispatcher: this.#agent,
      method,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of stream) {
      length += (chunk as Buffer).length;
      if (length > LARGEST_BODY) throw new SourceError('too_large', `more than ${LARGEST_BODY} bytes at ${path}`);
      chunks.push(chunk as Buffer);
    }
    return { status: statusCode, body: Buffer.concat(chunks) };
  }
}

const isUnreached = (error: unknown): boolean =>
  codeOf(error) === 'connect' ||
  (error instanceof Error && 'code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT');

export interface LxdMetadata {
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Path of the operation that was started. */
  readonly operation: string | undefined;
}

/** LXD's certificates are signed by themselves and name the host only: the one certificate counts, not its names. */
const pin = (pem: Buffer) => ({
  ca: pem,
  checkServerIdentity: (_: string, { raw }: { raw: Buffer }) =>
    raw.equals(new X509Certificate(pem).raw)
      ? undefined
      : new SourceError('tls', 'the certificate is not the pinned one'),
});

/** LXD says much in words: a stopped instance is a bad request, a member that is away an internal error. */
function refusal(status: number, message: string): SourceError {
  const text = `LXD: ${message.slice(0, 200)}`;
  if (status === 403) return new SourceError('forbidden', text);
  if (status === 401) return new SourceError('auth', text);
  if (status === 404) return new SourceError('not_found', text);
  return new SourceError('unavailable', text);
}
