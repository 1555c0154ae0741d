import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Admission } from '../../../src/sources/bmc/admission.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const silent = () => 0;

test('lets no more in than there are places, first come, first served', async () => {
  const admission = new Admission(2);
  const order: number[] = [];
  const leave = [await admission.enter(silent), await admission.enter(silent)];
  const waiting = [1, 2].map(async (n) => {
    const out = await admission.enter(silent);
    order.push(n);
    return out;
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual([]);
  leave[0]?.();
  leave[0]?.();
  await waiting[0];
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual([1]);
  leave[1]?.();
  await waiting[1];
  expect(order).toEqual([1, 2]);
});

test('who does not get on gives the place to the next, and takes none along when it ends at last', async () => {
  const admission = new Admission(1);
  const leaveSilent = await admission.enter(silent);
  const second = admission.enter(silent);
  await vi.advanceTimersByTimeAsync(100);
  const leave = await second;
  leaveSilent();
  let isIn = false;
  const third = admission.enter(silent).then((out) => {
    isIn = true;
    return out;
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(isIn).toBe(false);
  leave();
  (await third)();
  expect(vi.getTimerCount()).toBe(0);
});

test('who gets on keeps the place', async () => {
  const admission = new Admission(1);
  let steps = 0;
  await admission.enter(() => steps);
  let isIn = false;
  void admission.enter(silent).then(() => {
    isIn = true;
  });
  for (; steps < 50; steps++) await vi.advanceTimersByTimeAsync(99);
  expect(isIn).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(isIn).toBe(true);
});
