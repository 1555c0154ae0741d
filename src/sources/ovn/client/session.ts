import type { Duplex } from 'node:stream';
import { codeOf, SourceError } from '../../../core/errors.ts';
import { JsonFramer } from './framing.ts';
import { decodeMessage, encodeRequest, encodeResponse, type Message, peerError } from './messages.ts';
import { describeStreamError } from './transport.ts';

export interface SessionOptions {
  /** A request without an answer for this long ends the session: the server hangs. */
  readonly answerTimeoutMs: number;
  /** After this long without a byte the server is asked for an echo. */
  readonly idleMs: number;
  readonly maxMessageBytes: number;
  readonly onNotification: (method: string, params: readonly unknown[]) => void;
}

export interface RequestOptions<T> {
  /** The server needs long for this one. */
  readonly slow?: boolean;
  /** Called with the result before the next message is looked at: a promise would see it after that message. */
  readonly take: (result: unknown) => T;
}

interface Pending {
  readonly method: string;
  readonly settle: (result: unknown) => void;
  readonly reject: (error: SourceError) => void;
  readonly timer: NodeJS.Timeout;
  readonly slow: boolean;
}

/** Time for an answer that the server must first make out of a whole database. */
const SLOW_ANSWER_MS = 60_000;

/** One JSON-RPC conversation over one stream, from connected to closed. It never comes back: connect anew. */
export class Session {
  /** Resolves, never rejects, with the reason why the session ended. */
  readonly closed: Promise<SourceError>;
  /** Responses that answer no open request. */
  strays = 0;
  readonly #stream: Duplex;
  readonly #options: SessionOptions;
  readonly #framer: JsonFramer;
  readonly #pending = new Map<unknown, Pending>();
  readonly #idleTimer: NodeJS.Timeout;
  #resolveClosed: (reason: SourceError) => void = () => {};
  #reason: SourceError | undefined;
  #lastId = 0;

  constructor(stream: Duplex, options: SessionOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#framer = new JsonFramer(options.maxMessageBytes);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#idleTimer = setTimeout(() => void this.request('echo', []).catch(() => {}), options.idleMs).unref();
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', (error) => this.#end(asReason(describeStreamError(error))));
    const onClose = () => this.#end(new SourceError('connect', 'the server closed the connection'));
    stream.on('end', onClose);
    stream.on('close', onClose);
  }

  /**
   * @returns the result
   * @throws SourceError the server's error; `timeout` when nothing comes, which ends the session; or why it has ended
   */
  request<T = unknown>(
    method: string,
    params: readonly unknown[],
    { slow = false, take }: RequestOptions<T> = { take: (result) => result as T },
  ): Promise<T> {
    if (this.#reason) return Promise.reject(this.#reason);
    const id = ++this.#lastId;
    const timeoutMs = slow ? SLOW_ANSWER_MS : this.#options.answerTimeoutMs;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(id, timeoutMs), timeoutMs).unref();
      this.#pending.set(id, { method, settle: (result) => resolve(take(result)), reject, timer, slow });
      this.#stream.write(encodeRequest(id, method, params));
    });
  }

  /** Ends the session, with `reason` for whoever waits. */
  close(reason: SourceError = new SourceError('closed', 'the session was closed')): void {
    this.#end(reason);
  }

  /** The server answers in order: behind a slow request the others are late without its being dead. */
  #giveUp(id: number, timeoutMs: number): void {
    const { method, reject, slow } = this.#pending.get(id) as Pending;
    const error = new SourceError('timeout', `no answer to ${method} within ${timeoutMs / 1000} s`);
    const isBehindSlow = !slow && [...this.#pending.values()].some((other) => other.slow);
    if (!isBehindSlow) this.#end(error);
    this.#pending.delete(id);
    reject(error);
  }

  #receive(chunk: Buffer): void {
    this.#idleTimer.refresh();
    try {
      for (const value of this.#framer.push(chunk)) {
        if (this.#reason) return;
        this.#handle(decodeMessage(value));
      }
    } catch (error) {
      this.#end(asReason(error));
    }
  }

  #handle(message: Message): void {
    if (message.kind === 'notification') this.#options.onNotification(message.method, message.params);
    else if (message.kind === 'request') this.#answer(message);
    else this.#settle(message);
  }

  #settle(message: Extract<Message, { kind: 'response' }>): void {
    const pending = this.#pending.get(message.id);
    if (!pending) {
      this.strays++;
      return;
    }
    this.#pending.delete(message.id);
    clearTimeout(pending.timer);
    try {
      if (message.error !== undefined) throw peerError(pending.method, message.error);
      pending.settle(message.result);
    } catch (error) {
      pending.reject(asReason(error));
    }
  }

  /** The server closes the connection when its echo is not answered (RFC 7047 section 4.1.11). */
  #answer({ id, method, params }: Extract<Message, { kind: 'request' }>): void {
    this.#stream.write(method === 'echo' ? encodeResponse(id, params) : encodeResponse(id, null, 'unknown method'));
  }

  #end(reason: SourceError): void {
    if (this.#reason) return;
    this.#reason = reason;
    clearTimeout(this.#idleTimer);
    for (const { timer, reject } of this.#pending.values()) {
      clearTimeout(timer);
      reject(reason);
    }
    this.#pending.clear();
    this.#stream.destroy();
    this.#resolveClosed(reason);
  }
}

const asReason = (error: unknown): SourceError =>
  error instanceof SourceError ? error : new SourceError(codeOf(error), 'the connection broke', { cause: error });
