import { expect, test } from 'vitest';
import { createPacer } from '../../src/core/pace.ts';

/** Counts the turns of the event loop until `stop`. */
function countTurns() {
  const tick = () => {
    turns.count++;
    next = setImmediate(tick);
  };
  let next = setImmediate(tick);
  const turns = { count: 0, stop: () => clearImmediate(next) };
  return turns;
}

test('a long loop gives the event loop its turns, and mostly goes on at once', async () => {
  const turns = countTurns();
  const pace = createPacer();
  let [steps, waits] = [0, 0];
  for (; turns.count < 5; steps++) {
    const turn = pace();
    if (turn) waits++;
    await turn;
  }
  turns.stop();
  expect(waits).toBeGreaterThanOrEqual(4);
  expect(steps).toBeGreaterThan(waits * 2);
});

test('of several long loops, one goes on at each turn, and none is forgotten', async () => {
  const turns = countTurns();
  const resumed = new Map<number, number>();
  const slices = [0, 0, 0, 0, 0, 0];
  await Promise.all(
    [...slices.keys()].map(async (loop) => {
      const pace = createPacer();
      while (slices.some((count) => count < 3)) {
        const turn = pace();
        if (!turn) continue;
        await turn;
        slices[loop] = (slices[loop] as number) + 1;
        resumed.set(turns.count, (resumed.get(turns.count) ?? 0) + 1);
      }
    }),
  );
  turns.stop();
  // The counter and the pacer may change places within a turn; all six together must not be in one.
  expect(Math.max(...resumed.values())).toBeLessThanOrEqual(2);
  expect(Math.max(...slices) - Math.min(...slices)).toBeLessThanOrEqual(2);
});
