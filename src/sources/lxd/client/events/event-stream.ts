import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { SourceError } from '../../../../core/errors.ts';
import { encodeControl, FrameReader, type Message } from './frame.ts';

/** LXD's events are a few hundred bytes; that of an operation on many instances names them all. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

const PING_EVERY_MS = 10_000;
/** A peer that leaves two pings without any answer is away, whatever TCP believes. */
const SILENCE_MS = 25_000;

const EMPTY = Buffer.alloc(0);

/** One WebSocket of LXD's events, from its opening to its end. */
export class EventStream {
  /** Resolves once it is over, with the reason. */
  readonly ended: Promise<SourceError>;
  readonly #socket: Duplex;
  readonly #reader = new FrameReader(MAX_MESSAGE_BYTES);
  readonly #onText: (text: string) => void;
  readonly #timer: NodeJS.Timeout;
  #heardAt = performance.now();
  #reason: SourceError | undefined;

  /** @param onText takes every message; what it throws ends the stream */
  constructor(socket: Duplex, onText: (text: string) => void) {
    this.#socket = socket;
    this.#onText = onText;
    this.#timer = setInterval(() => this.#probe(), PING_EVERY_MS).unref();
    this.ended = new Promise((resolve) => {
      socket.once('close', () => {
        clearInterval(this.#timer);
        resolve(this.#reason ?? new SourceError('connect', 'LXD closed the stream of events'));
      });
    });
    socket.on('error', (error) =>
      this.#end(new SourceError('connect', 'the stream of events broke', { cause: error })),
    );
    socket.on('end', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  close(): void {
    this.#end(new SourceError('closed', 'rackwatch ended the stream of events'));
  }

  #take(chunk: Buffer): void {
    this.#heardAt = performance.now();
    if (this.#reason) return;
    try {
      for (const message of this.#reader.push(chunk)) this.#handle(message);
    } catch (error) {
      this.#end(
        error instanceof SourceError ? error : new SourceError('internal', 'an event was not taken', { cause: error }),
      );
    }
  }

  #handle({ kind, payload }: Message): void {
    if (kind === 'text') this.#onText(payload.toString('utf8'));
    if (kind === 'ping') this.#socket.write(encodeControl('pong', payload, randomBytes(4)));
    if (kind === 'close') this.#end(new SourceError('connect', 'LXD ended the stream of events'));
  }

  #probe(): void {
    if (performance.now() - this.#heardAt > SILENCE_MS)
      this.#end(new SourceError('timeout', 'LXD has kept silent on the stream of events'));
    else this.#socket.write(encodeControl('ping', EMPTY, randomBytes(4)));
  }

  #end(reason: SourceError): void {
    this.#reason ??= reason;
    this.#socket.destroy();
  }
}
