import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ErrorCode } from '../../src/core/errors.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { type FreshnessPolicy, Target } from '../../src/core/target.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A target whose cycles end when they are told to. */
function targetOf(policy: Partial<FreshnessPolicy> = {}) {
  const running: ((codes: (ErrorCode | undefined)[]) => Promise<void>)[] = [];
  let cycles = 0;
  const cycle = () => {
    cycles++;
    return new Promise<Snapshot>((resolve) => {
      running.push(async (codes) => {
        const outcomes = codes.map((code, i) => ({
          collector: `c${i}`,
          durationSeconds: 0,
          repeats: 0,
          ...(code ? { failure: { code, message: code } } : {}),
        }));
        resolve({
          source: 's',
          target: 't',
          takenAt: Date.now(),
          durationSeconds: 0,
          outcomes,
          stages: [],
          facts: { cycles },
        });
        await vi.advanceTimersByTimeAsync(0);
      });
    });
  };
  const target = new Target({ source: 's', name: 't' }, cycle, {
    minAgeMs: 5000,
    staleAfterMs: 60_000,
    background: false,
    ...policy,
  });
  return {
    target,
    cycles: () => cycles,
    /** Ends the cycle that runs; one code per collector, undefined where it succeeds. */
    end: (...codes: (ErrorCode | undefined)[]) => {
      const finish = running.shift();
      return finish ? finish(codes) : expect.unreachable('no cycle runs');
    },
    /** Reads with so much time, and tells whether that has come back. */
    read(timeoutMs: number) {
      const state = { done: false };
      void target.read(Date.now() + timeoutMs).then(() => (state.done = true));
      return state;
    },
  };
}

test('before its first cycle a target shows nothing', () => {
  expect(targetOf().target.view()).toEqual({ source: 's', target: 't', up: false, errorCounts: new Map() });
});

test('a read waits for the cycle and then shows what it gave', async () => {
  const { target, read, end } = targetOf();
  const reading = read(10_000);
  await vi.advanceTimersByTimeAsync(9000);
  expect(reading.done).toBe(false);
  await end(undefined);
  expect(reading.done).toBe(true);
  expect(target.view()).toMatchObject({ up: true, ageSeconds: 0, snapshot: { facts: { cycles: 1 } } });
});

test('reads that overlap share one cycle', async () => {
  const { read, end, cycles } = targetOf();
  const [first, second] = [read(10_000), read(10_000)];
  await end(undefined);
  expect([first.done, second.done, cycles()]).toEqual([true, true, 1]);
});

test('a young snapshot answers without a cycle, an older one does not', async () => {
  const { read, end, cycles } = targetOf();
  read(10_000);
  await end(undefined);
  await vi.advanceTimersByTimeAsync(4999);
  const young = read(10_000);
  await vi.advanceTimersByTimeAsync(0);
  expect([young.done, cycles()]).toEqual([true, 1]);
  await vi.advanceTimersByTimeAsync(1);
  read(10_000);
  expect(cycles()).toBe(2);
});

test('a read ends at its deadline; the cycle goes on, and the next read shares it', async () => {
  const { target, read, end, cycles } = targetOf();
  const reading = read(1000);
  await vi.advanceTimersByTimeAsync(1000);
  expect(reading.done).toBe(true);
  expect(target.view().snapshot).toBeUndefined();
  const next = read(1000);
  await end(undefined);
  expect([next.done, cycles()]).toEqual([true, 1]);
  expect(target.view().up).toBe(true);
});

test('a read whose deadline is past starts a cycle and does not wait', async () => {
  const { read, cycles } = targetOf();
  const reading = read(-1);
  await vi.advanceTimersByTimeAsync(0);
  expect([reading.done, cycles()]).toEqual([true, 1]);
});

test('when every collector fails, the last good snapshot stays until it is stale', async () => {
  const { target, read, end } = targetOf();
  read(10_000);
  await end(undefined, undefined);
  await vi.advanceTimersByTimeAsync(10_000);
  read(10_000);
  await end('connect', 'connect');
  expect(target.view()).toMatchObject({ up: false, ageSeconds: 10, snapshot: { facts: { cycles: 1 } } });
  expect(target.view().newest?.facts).toEqual({ cycles: 2 });
  await vi.advanceTimersByTimeAsync(49_999);
  expect(target.view().snapshot).toBeDefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(target.view()).not.toHaveProperty('snapshot');
  expect(target.view()).not.toHaveProperty('ageSeconds');
  expect(target.view().newest?.facts).toEqual({ cycles: 2 });
});

test('one collector that succeeds is enough to be up and to replace what is shown', async () => {
  const { target, read, end } = targetOf();
  read(10_000);
  await end(undefined, undefined);
  await vi.advanceTimersByTimeAsync(10_000);
  read(10_000);
  await end('forbidden', undefined);
  expect(target.view()).toMatchObject({ up: true, snapshot: { facts: { cycles: 2 } } });
});

test('errors are counted by collector and code', async () => {
  const { target, read, end } = targetOf({ minAgeMs: 0 });
  for (const code of ['auth', 'auth', 'timeout', undefined] as const) {
    read(10_000);
    await end(code, undefined);
  }
  expect(target.view().errorCounts).toEqual(
    new Map([
      [
        'c0',
        new Map([
          ['auth', 2],
          ['timeout', 1],
        ]),
      ],
    ]),
  );
});

test('after a time-out, scrapes wait for the target half a second at most, until it answers again', async () => {
  const { read, end } = targetOf({ minAgeMs: 0 });
  read(10_000);
  await end('timeout', undefined);
  const reading = read(10_000);
  await vi.advanceTimersByTimeAsync(499);
  expect(reading.done).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(reading.done).toBe(true);
  await end(undefined, undefined);
  const healthy = read(10_000);
  await vi.advanceTimersByTimeAsync(5000);
  expect(healthy.done).toBe(false);
});

test('a background target makes a scrape wait only for its first answer', async () => {
  const { target, read, end, cycles } = targetOf({ background: true, minAgeMs: 0 });
  const first = read(10_000);
  await vi.advanceTimersByTimeAsync(5000);
  expect(first.done).toBe(false);
  await end(undefined);
  const second = read(10_000);
  await vi.advanceTimersByTimeAsync(0);
  expect([second.done, cycles()]).toEqual([true, 2]);
  expect(target.view().snapshot?.facts).toEqual({ cycles: 1 });
  await end(undefined);
  expect(target.view().snapshot?.facts).toEqual({ cycles: 2 });
});
