import type { Duplex } from 'node:stream';
import { delay } from '../../../../core/clock.ts';
import { codeOf, describeError, type ErrorCode, SourceError } from '../../../../core/errors.ts';
import { decodeEvent, type LxdEvent } from './event.ts';
import { EventStream } from './event-stream.ts';

export interface FeedOptions {
  /** Opens a stream at whichever member answers. */
  readonly connect: (signal: AbortSignal) => Promise<Duplex>;
  readonly onEvent: (event: LxdEvent) => void;
  /** After every connect: what happened before is only to be had from lists. */
  readonly onConnected: (signal: AbortSignal) => Promise<void>;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 15_000;
/** For a refusal that only an administrator can change. */
const REFUSED_RETRY_MS = 300_000;

const refusals: ReadonlySet<ErrorCode> = new Set(['auth', 'forbidden', 'unsupported', 'not_found']);

/** Follows LXD's events for as long as it lives, over one connection at a time. */
export class EventFeed {
  readonly #options: FeedOptions;
  readonly #stop = new AbortController();
  #stream: EventStream | undefined;
  #failure: SourceError | undefined;
  #running: Promise<void> | undefined;
  #firstAttempt: Promise<void> | undefined;
  /** Whether LXD has let this client follow its events before. */
  #wasAdmitted = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#stream !== undefined;
  }

  /** Why there is no connection: undefined while there is one, and before the first attempt has ended. */
  get failure(): SourceError | undefined {
    return this.#failure;
  }

  /**
   * Whether LXD does not let this client follow its events at all; another attempt is made much later. One that did
   * before and refuses now is rather a server that starts: it knows nobody until it has read its database.
   */
  get isRefused(): boolean {
    return !this.#wasAdmitted && this.#failure !== undefined && refusals.has(this.#failure.code);
  }

  /** Connects, if that has not begun yet; resolves as soon as the first attempt has ended, one way or the other. */
  start(): Promise<void> {
    this.#firstAttempt ??= new Promise((resolve) => {
      this.#running = this.#run(resolve);
    });
    return this.#firstAttempt;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#stream?.close();
    await this.#running;
  }

  async #run(onFirstAttempt: () => void): Promise<void> {
    const { signal } = this.#stop;
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      const begun = performance.now();
      try {
        this.#stream = await this.#open();
        this.#wasAdmitted = true;
        this.#failure = undefined;
        onFirstAttempt();
        this.#failure = await this.#stream.ended;
        // One that ends as soon as it begins is no better than none.
        if (performance.now() - begun > LAST_RETRY_MS) retryMs = FIRST_RETRY_MS;
      } catch (error) {
        this.#failure = asSourceError(error);
      }
      this.#stream = undefined;
      onFirstAttempt();
      await delay(this.isRefused ? REFUSED_RETRY_MS : retryMs, signal);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  }

  async #open(): Promise<EventStream> {
    const { connect, onConnected, onEvent } = this.#options;
    const { signal } = this.#stop;
    const stream = new EventStream(await connect(signal), (text) => {
      const event = decodeEvent(text);
      if (event) onEvent(event);
    });
    if (signal.aborted) stream.close();
    // Where the lists cannot be had now, the next scrape reads them.
    else void onConnected(signal).catch(() => undefined);
    return stream;
  }
}

const asSourceError = (error: unknown): SourceError =>
  error instanceof SourceError ? error : new SourceError(codeOf(error), describeError(error), { cause: error });
