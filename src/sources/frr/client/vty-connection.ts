import type { Duplex } from 'node:stream';
import { codeOf, describeError, SourceError } from '../../../core/errors.ts';
import { encodeCommand, ReplyDecoder, type VtyReply } from './vty-codec.ts';

export interface VtyOptions {
  /** For messages: the daemon's name. */
  readonly name: string;
  /** Opens the stream to the daemon. */
  dial(signal: AbortSignal): Promise<Duplex>;
  /** Runs on every new stream, before anything else is asked; what it throws ends the stream. */
  greet?(ask: (text: string) => Promise<VtyReply>): Promise<void>;
}

interface Request {
  readonly text: string;
  readonly maxBytes: number;
  /** Of the cycle that asks; a greeting has none. */
  readonly signal?: AbortSignal;
  readonly resolve: (reply: VtyReply) => void;
  readonly reject: (error: unknown) => void;
}

/** A request on the wire. Whoever asked may be gone; its reply is read to the end nevertheless. */
interface Flight {
  readonly request: Request;
  readonly decoder: ReplyDecoder;
  readonly sentAt: number;
  abandoned: boolean;
}

const DIAL_TIMEOUT_MS = 5_000;
const GREETING_MAX_BYTES = 64 * 1024;
/** How long closing waits for a reply that is on its way. */
const FAREWELL_MS = 1_500;

/**
 * The one connection to one daemon: one command at a time, each waits for the reply before it.
 *
 * It never hangs up on a reply. FRR 10.2.0 to 10.3.1 die when a client leaves in the middle of a large one, so a
 * request whose time is over is only given up by its asker: the reply is still read and dropped, and until it has come
 * nothing else is asked.
 */
export class VtyConnection {
  readonly #options: VtyOptions;
  readonly #queue: Request[] = [];
  readonly #closing = new AbortController();
  #stream: Duplex | undefined;
  #flight: Flight | undefined;
  #opening = false;
  /** The newest signal that is listened to: one listener does for all commands of a cycle. */
  #heeded: AbortSignal | undefined;
  #onIdle: (() => void) | undefined;

  constructor(options: VtyOptions) {
    this.#options = options;
  }

  /**
   * Sends a command and returns the daemon's reply.
   * @throws SourceError connect, timeout, protocol, too_large or closed
   */
  run(text: string, maxBytes: number, signal: AbortSignal): Promise<VtyReply> {
    if (this.#closing.signal.aborted) return Promise.reject(this.#error('closed', 'is closed'));
    if (this.#flight?.abandoned) return Promise.reject(this.#late(this.#flight));
    if (signal.aborted) return Promise.reject(this.#error('timeout', `was not asked: no time left for ${text}`));
    this.#heed(signal);
    return new Promise((resolve, reject) => {
      this.#queue.push({ text, maxBytes, signal, resolve, reject });
      this.#pump();
    });
  }

  /** Lets a reply on its way arrive, for a moment, and then closes. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    for (const request of this.#queue.splice(0)) request.reject(this.#error('closed', 'is closed'));
    if (this.#flight) await this.#idle(FAREWELL_MS);
    this.#drop(this.#stream, this.#error('closed', 'is closed'));
  }

  #idle(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #heed(signal: AbortSignal): void {
    if (this.#heeded === signal) return;
    this.#heeded = signal;
    signal.addEventListener('abort', () => this.#giveUp(signal), { once: true });
  }

  /** What is asked in a cycle whose time is over; if it is on the wire, whatever waits behind it, too. */
  #giveUp(signal: AbortSignal): void {
    const flight = this.#flight;
    if (flight?.request.signal === signal && !flight.abandoned) {
      flight.abandoned = true;
      const late = this.#late(flight);
      for (const given of [flight.request, ...this.#queue.splice(0)]) given.reject(late);
      return;
    }
    for (const request of this.#queue.filter((waiting) => waiting.signal === signal)) {
      this.#queue.splice(this.#queue.indexOf(request), 1);
      request.reject(this.#error('timeout', `had no time left for ${request.text}`));
    }
  }

  #pump(): void {
    if (this.#flight || this.#opening || this.#queue.length === 0) return;
    if (!this.#stream) void this.#open();
    else this.#send(this.#stream, this.#queue.shift() as Request);
  }

  async #open(): Promise<void> {
    this.#opening = true;
    let stream: Duplex | undefined;
    try {
      stream = await this.#options.dial(AbortSignal.any([this.#closing.signal, AbortSignal.timeout(DIAL_TIMEOUT_MS)]));
      this.#adopt(stream);
      const opened = stream;
      await this.#options.greet?.((text) => this.#greet(opened, text));
    } catch (error) {
      const failure = this.#wrap(error);
      for (const request of this.#queue.splice(0)) request.reject(failure);
      this.#drop(stream, failure);
    } finally {
      this.#opening = false;
      this.#pump();
    }
  }

  #greet(stream: Duplex, text: string): Promise<VtyReply> {
    return new Promise((resolve, reject) => {
      if (this.#stream !== stream) return reject(this.#error('connect', 'hung up'));
      this.#send(stream, { text, maxBytes: GREETING_MAX_BYTES, resolve, reject });
    });
  }

  #adopt(stream: Duplex): void {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#receive(stream, chunk));
    stream.on('error', (error) => this.#drop(stream, this.#wrap(error)));
    stream.on('close', () => this.#drop(stream, this.#error('connect', 'hung up')));
    if (this.#closing.signal.aborted) this.#drop(stream, this.#error('closed', 'is closed'));
  }

  #send(stream: Duplex, request: Request): void {
    const decoder = new ReplyDecoder(request.maxBytes);
    this.#flight = { request, decoder, sentAt: performance.now(), abandoned: false };
    stream.write(encodeCommand(request.text));
  }

  #receive(stream: Duplex, chunk: Buffer): void {
    if (this.#stream !== stream) return;
    try {
      const reply = this.#decode(chunk);
      if (reply) this.#finish(reply);
    } catch (error) {
      this.#drop(stream, this.#wrap(error));
    }
  }

  #decode(chunk: Buffer): VtyReply | undefined {
    const flight = this.#flight;
    if (!flight) throw this.#error('protocol', 'sent bytes that nobody asked for');
    try {
      return flight.decoder.push(chunk);
    } catch (error) {
      throw this.#error('protocol', `answered ${flight.request.text} with garbage`, error);
    }
  }

  #finish(reply: VtyReply): void {
    const { request } = this.#flight as Flight;
    this.#flight = undefined;
    if (reply.bytes <= request.maxBytes) request.resolve(reply);
    else {
      const size = `${reply.bytes} bytes, more than ${request.maxBytes}`;
      request.reject(this.#error('too_large', `answered ${request.text} with ${size}`));
    }
    this.#onIdle?.();
    this.#pump();
  }

  #drop(stream: Duplex | undefined, reason: SourceError): void {
    if (!stream || this.#stream !== stream) return;
    this.#stream = undefined;
    stream.destroy();
    this.#flight?.request.reject(reason);
    this.#flight = undefined;
    this.#onIdle?.();
    this.#pump();
  }

  #late({ request, sentAt }: Flight): SourceError {
    const seconds = ((performance.now() - sentAt) / 1000).toFixed(1);
    return this.#error(
      'timeout',
      `has not answered ${request.text} for ${seconds} s; it is asked nothing else until it has`,
    );
  }

  #error(code: SourceError['code'], what: string, cause?: unknown): SourceError {
    return new SourceError(code, `${this.#options.name} ${what}`, cause === undefined ? undefined : { cause });
  }

  #wrap(error: unknown): SourceError {
    if (error instanceof SourceError) return error;
    return this.#error(codeOf(error), `cannot be reached: ${describeError(error)}`, error);
  }
}
