import { setMaxListeners } from 'node:events';
import { Client, type Dispatcher } from 'undici';
import { codeOf, SourceError } from '../../../../core/errors.ts';
import { createConnector, type TlsTrust } from './connector.ts';
import { isResource, type Resource } from './resource.ts';

export interface RedfishOptions extends TlsTrust {
  /** `https://HOST` or `https://HOST:PORT`. */
  readonly origin: string;
  readonly user: string;
  /** Called for each request, or once per session; kept nowhere. */
  readonly password: () => string;
  /** `basic` leaves no session behind on the BMC; `session` logs in once, and out on close. */
  readonly authentication: 'basic' | 'session';
  readonly maxBodyBytes: number;
}

interface GetOptions {
  /** What everything else hangs on: a refusal is an error, not an absence. */
  readonly required?: boolean;
}

const SESSIONS = '/redfish/v1/SessionService/Sessions';
/** Refused for this resource: no licence, no right, or not there. */
const notOffered: ReadonlySet<number> = new Set([401, 403, 404, 405, 501]);

/** One BMC over HTTPS: one request at a time, on a connection that is kept. Redirects are not followed. */
export class RedfishConnection {
  requests = 0;
  sessions = 0;
  readonly #options: RedfishOptions;
  readonly #client: Client;
  readonly #stop = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();
  #session: { token: string; location: string | undefined } | undefined;

  constructor(options: RedfishOptions) {
    this.#options = options;
    this.#client = new Client(options.origin, { connect: createConnector(options), pipelining: 1 });
  }

  /**
   * GET of a resource; undefined where the BMC does not offer it to this login.
   * @throws SourceError `auth` and `forbidden` (required resources only), `connect`, `tls`, `timeout`, `protocol`,
   * `too_large`, `unavailable`
   */
  get(path: string, signal: AbortSignal, options: GetOptions = {}): Promise<Resource | undefined> {
    // Several requests wait on one signal at a time; Node would take that for a leak.
    setMaxListeners(0, signal);
    const either = AbortSignal.any([signal, this.#stop.signal]);
    const mine = this.#turn.then(() => this.#get(path, either, options));
    this.#turn = mine.catch(() => {});
    return mine;
  }

  /** Logs out where there is a session, and closes the connection. */
  async close(): Promise<void> {
    this.#stop.abort(new SourceError('closed', 'the connection was closed'));
    await this.#turn;
    await this.#logOut();
    await this.#client.destroy();
  }

  async #get(path: string, signal: AbortSignal, { required = false }: GetOptions): Promise<Resource | undefined> {
    let response = await this.#request('GET', path, signal);
    if (response.status === 401 && this.#session) {
      this.#session = undefined;
      response = await this.#request('GET', path, signal);
    }
    const { status, body } = response;
    if (status === 200) return parse(path, body);
    if (required && status === 401) throw new SourceError('auth', `GET ${path}: the login was not accepted (401)`);
    if (required && status === 403) throw new SourceError('forbidden', `GET ${path}: the login may not read it (403)`);
    if (required && status === 404) throw new SourceError('unsupported', `GET ${path}: there is no such thing (404)`);
    if (notOffered.has(status)) return undefined;
    throw new SourceError(status >= 500 || status === 429 ? 'unavailable' : 'protocol', `GET ${path}: HTTP ${status}`);
  }

  async #request(method: 'GET', path: string, signal: AbortSignal): Promise<{ status: number; body: string }> {
    const headers = { accept: 'application/json', 'odata-version': '4.0', ...(await this.#authorize(signal)) };
    return this.#send({ method, path, headers, signal });
  }

  async #authorize(signal: AbortSignal): Promise<Record<string, string>> {
    const { authentication, password, user } = this.#options;
    if (authentication === 'basic')
      return { authorization: `Basic ${Buffer.from(`${user}:${password()}`).toString('base64')}` };
    this.#session ??= await this.#logIn(signal);
    return { 'x-auth-token': this.#session.token };
  }

  /** DSP0266 §13.3.4: the token is in a header, the session's own address in Location. */
  async #logIn(signal: AbortSignal): Promise<{ token: string; location: string | undefined }> {
    const { password, user } = this.#options;
    const body = JSON.stringify({ UserName: user, Password: password() });
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const response = await this.#send({ method: 'POST', path: SESSIONS, headers, body, signal });
    const token = response.headers['x-auth-token'];
    if (response.status === 401 || response.status === 403)
      throw new SourceError('auth', `the login was not accepted (${response.status})`);
    if (response.status >= 400) throw new SourceError('unavailable', `no session: HTTP ${response.status}`);
    if (typeof token !== 'string') throw new SourceError('protocol', 'the answer to the login has no X-Auth-Token');
    this.sessions++;
    const { location } = response.headers as { location?: unknown };
    return { token, location: typeof location === 'string' ? location : undefined };
  }

  async #logOut(): Promise<void> {
    if (!this.#session?.location) return;
    const { location, token } = this.#session;
    this.#session = undefined;
    const { pathname } = new URL(location, this.#options.origin);
    const signal = AbortSignal.timeout(3000);
    await this.#send({ method: 'DELETE', path: pathname, headers: { 'x-auth-token': token }, signal }).catch(() => {});
  }

  async #send(options: Omit<Dispatcher.RequestOptions, 'signal'> & { signal: AbortSignal }) {
    this.requests++;
    const { method, path } = options;
    try {
      const response = await this.#client.request(options);
      const body = await this.#readBody(response.body, path);
      return { status: response.statusCode, headers: response.headers, body };
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const code = options.signal.aborted ? codeOf(options.signal.reason) : codeOf(error);
      throw new SourceError(code === 'internal' ? 'protocol' : code, `${method} ${path} failed`, { cause: error });
    }
  }

  async #readBody(body: Dispatcher.ResponseData['body'], path: string): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > this.#options.maxBodyBytes)
        throw new SourceError('too_large', `${path}: more than ${this.#options.maxBodyBytes} bytes`);
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}

function parse(path: string, body: string): Resource {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    const what = /^\s*</.test(body) ? 'a web page' : 'no JSON';
    throw new SourceError('protocol', `GET ${path}: the answer is ${what}`);
  }
  if (!isResource(value)) throw new SourceError('protocol', `GET ${path}: the answer is no resource`);
  return value;
}
