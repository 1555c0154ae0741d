import { expect, test } from 'vitest';
import { CycleMemo } from '../../../../src/sources/frr/client/cycle-memo.ts';

test('a thing is made once a cycle, and anew in the next', () => {
  const memo = new CycleMemo<number>();
  let made = 0;
  const make = () => ++made;
  const { signal } = new AbortController();
  const next = new AbortController().signal;
  expect([memo.get(signal, make), memo.get(signal, make), memo.get(next, make), memo.get(next, make)]).toEqual([
    1, 1, 2, 2,
  ]);
});
