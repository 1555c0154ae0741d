/** Handed in wherever time matters, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/**
 * How far a clock that tells whole seconds, rounded down, is ahead of ours: half a second off at most, and half the time
 * the answer took.
 * @param toldMs what it said, in milliseconds since the epoch; NaN gives undefined
 */
export function clockOffsetSeconds(toldMs: number, askedAtMs: number, answeredAtMs: number): number | undefined {
  return Number.isNaN(toldMs) ? undefined : (toldMs + 500 - (askedAtMs + answeredAtMs) / 2) / 1000;
}

/** Resolves after `ms`, or as soon as `signal` aborts. Never rejects and never keeps the process alive. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, ms));
    timer.unref();
    signal?.addEventListener('abort', done, { once: true });
  });
}
