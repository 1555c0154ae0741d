import { afterEach, expect, test, vi } from 'vitest';
import { Gate } from '../../../../../src/sources/bmc/client/ipmi/gate.ts';

afterEach(() => {
  vi.useRealTimers();
});

const never = new AbortController().signal;

test('lets no more in than its limit, first come, first served', async () => {
  const gate = new Gate(2);
  const order: number[] = [];
  const leave = [await gate.enter(never), await gate.enter(never)];
  const waiting = [1, 2].map(async (n) => {
    const out = await gate.enter(never);
    order.push(n);
    return out;
  });
  await Promise.resolve();
  expect(order).toEqual([]);
  leave[0]?.();
  leave[0]?.();
  await waiting[0];
  expect(order).toEqual([1]);
  leave[1]?.();
  await waiting[1];
  expect(order).toEqual([1, 2]);
});

test('who does not answer within a second keeps nobody waiting', async () => {
  vi.useFakeTimers();
  const gate = new Gate(1);
  const silent = await gate.enter(never);
  const next = gate.enter(never);
  await vi.advanceTimersByTimeAsync(1000);
  const leave = await next;
  const third = gate.enter(never);
  // That the silent one gives up at last must not let one more in.
  silent();
  let isIn = false;
  void third.then(() => {
    isIn = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(isIn).toBe(false);
  leave();
  await third;
});

test('waiting ends with the signal, and takes no place', async () => {
  const gate = new Gate(1);
  const leave = await gate.enter(never);
  const abort = new AbortController();
  const waiting = gate.enter(abort.signal);
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'timeout' });
  await expect(gate.enter(abort.signal)).rejects.toMatchObject({ code: 'timeout' });
  leave();
  (await gate.enter(never))();
});
