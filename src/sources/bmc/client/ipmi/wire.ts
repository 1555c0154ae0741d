import { SourceError } from '../../../../core/errors.ts';
import type { DatagramTransport, OpenTransport } from './transport.ts';

/** Why datagrams were thrown away. */
export type DropReason = 'malformed' | 'foreign' | 'forged' | 'duplicate' | 'late';

/** Counts over the life of a client. */
export interface WireStatistics {
  sent: number;
  received: number;
  retries: number;
  sessions: number;
  readonly dropped: Record<DropReason, number>;
}

export const newStatistics = (): WireStatistics => ({
  sent: 0,
  received: 0,
  retries: 0,
  sessions: 0,
  dropped: { malformed: 0, foreign: 0, forged: 0, duplicate: 0, late: 0 },
});

/** How often a request is sent, and how long each time is waited for its answer. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly firstMs: number;
  readonly growth: number;
}

export const defaultRetry: RetryPolicy = { attempts: 5, firstMs: 500, growth: 1.5 };

export const patienceMs = ({ firstMs, growth }: RetryPolicy, attempt: number): number => firstMs * growth ** attempt;

/** What an exchange makes of a datagram: its result, or why it is none of its business. */
export type Judge<T> = (datagram: Buffer) => { readonly result: T } | DropReason;

/** One UDP association and its counters. Who listens changes: first the set-up, then the session. */
export class Wire {
  readonly statistics: WireStatistics;
  #transport: DatagramTransport | undefined;
  #listen: (datagram: Buffer) => void = () => this.drop('late');
  #fail: (error: SourceError) => void = () => {};

  private constructor(statistics: WireStatistics) {
    this.statistics = statistics;
  }

  static async open(openTransport: OpenTransport, statistics: WireStatistics): Promise<Wire> {
    const wire = new Wire(statistics);
    wire.#transport = await openTransport({
      datagram: (bytes) => {
        statistics.received++;
        wire.#listen(bytes);
      },
      failure: (error) => wire.#fail(new SourceError('connect', 'the address refuses datagrams', { cause: error })),
    });
    return wire;
  }

  listen(datagram: (bytes: Buffer) => void, fail: (error: SourceError) => void): void {
    this.#listen = datagram;
    this.#fail = fail;
  }

  send(datagram: Buffer): void {
    this.statistics.sent++;
    this.#transport?.send(datagram);
  }

  drop(reason: DropReason): void {
    this.statistics.dropped[reason]++;
  }

  /** Sends until `judge` accepts an answer; one exchange at a time. */
  exchange<T>(step: string, datagram: Buffer, judge: Judge<T>, retry: RetryPolicy, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const end = (settle: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.listen(
          () => this.drop('late'),
          () => {},
        );
        settle();
      };
      const onAbort = () => end(() => reject(new SourceError('closed', `${step} was broken off`)));
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      const attempt = (count: number) => {
        if (count === retry.attempts)
          return end(() => reject(new SourceError('timeout', `${step}: no answer to ${count} attempts`)));
        if (count > 0) this.statistics.retries++;
        this.send(datagram);
        timer = setTimeout(attempt, patienceMs(retry, count), count + 1);
      };
      this.listen(
        (bytes) => {
          const verdict = judge(bytes);
          if (typeof verdict === 'string') this.drop(verdict);
          else end(() => resolve(verdict.result));
        },
        (error) => end(() => reject(error)),
      );
      attempt(0);
    });
  }

  close(): void {
    this.#transport?.close();
    this.#transport = undefined;
  }
}
