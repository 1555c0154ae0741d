import type { Clock } from '../../src/core/clock.ts';

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

export function createClock(now = Date.UTC(2026, 8, 14, 12)): ManualClock {
  let at = now;
  return {
    now: () => at,
    advance: (ms) => {
      at += ms;
    },
  };
}
