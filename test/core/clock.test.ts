import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clockOffsetSeconds, delay, systemClock } from '../../src/core/clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Whether a promise is settled, after everything that is ready has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.finally(() => {
    settled = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return settled;
}

test('the system clock counts milliseconds since the epoch', () => {
  vi.setSystemTime(new Date('2026-01-02T03:04:05.678Z'));
  expect(systemClock.now()).toBe(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
});

test('a delay takes its time', async () => {
  const done = delay(1000);
  await vi.advanceTimersByTimeAsync(999);
  expect(await isSettled(done)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await isSettled(done)).toBe(true);
});

test('a delay ends when it is told to, and leaves nothing behind', async () => {
  const abort = new AbortController();
  const done = delay(1000, abort.signal);
  expect(await isSettled(done)).toBe(false);
  abort.abort();
  expect(await isSettled(done)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
});

test('a delay that runs its course leaves no listener behind', async () => {
  const { signal } = new AbortController();
  const done = delay(10, signal);
  await vi.advanceTimersByTimeAsync(10);
  await done;
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('a delay that was told to end before it began takes no time', async () => {
  expect(await isSettled(delay(1000, AbortSignal.abort()))).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('a negative delay ends at the next turn', async () => {
  expect(await isSettled(delay(-5))).toBe(true);
});

test.each([
  ['the same second, asked in its midst', 10_000, 10_400, 10_600, 0],
  ['an hour ahead', 3_610_000, 10_400, 10_600, 3600],
  ['a minute behind, after a long wait', 10_000, 65_500, 75_500, -60],
  ['not a time', Number.NaN, 10_400, 10_600, undefined],
])('a clock that tells whole seconds: %s', (_name, toldMs, askedAtMs, answeredAtMs, expected) => {
  expect(clockOffsetSeconds(toldMs, askedAtMs, answeredAtMs)).toBe(expected);
});
