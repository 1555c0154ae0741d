import { SourceError } from '../../../../core/errors.ts';

/** How long one request counts: who does not answer by then must not keep the others waiting. */
const HOLD_MS = 1000;

/**
 * Bounds the requests that are on their way to all BMCs together, so that a thousand of them answering at once do not
 * flood the sockets. Waiting is first come, first served.
 */
export class Gate {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #inside = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves to what has to be called when the request is done. Rejects when the signal aborts first. */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (this.#inside >= this.#limit) await this.#wait(signal);
    else this.#inside++;
    let isInside = true;
    const leave = () => {
      clearTimeout(timer);
      if (!isInside) return;
      isInside = false;
      this.#next();
    };
    const timer = setTimeout(leave, HOLD_MS).unref();
    return leave;
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = () => {
        this.#waiting.delete(go);
        reject(
          new SourceError('timeout', 'too many requests to other BMCs are on their way', { cause: signal.reason }),
        );
      };
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(go);
    });
  }

  /** Hands the place on, or gives it up. */
  #next(): void {
    const [go] = this.#waiting;
    if (!go) {
      this.#inside--;
      return;
    }
    this.#waiting.delete(go);
    go();
  }
}
