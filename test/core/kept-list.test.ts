import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptList } from '../../src/core/kept-list.ts';

/** Makes pairs, and counts how often. */
function countingList() {
  const count = { made: 0 };
  const make = keptList((_: unknown, left: string, right: string): readonly string[] => {
    count.made++;
    return [left, right];
  });
  return { count, make };
}

test.each<[string, readonly string[], readonly string[], number]>([
  ['the same', ['a', 'b', 'c'], ['x', 'y', 'z'], 0],
  ['one that is another in one list', ['a', 'B', 'c'], ['x', 'y', 'z'], 1],
  ['one that is another in both', ['A', 'b', 'c'], ['X', 'y', 'z'], 1],
  ['one in each list', ['A', 'b', 'c'], ['x', 'y', 'Z'], 2],
  ['a new one at the front', ['n', 'a', 'b', 'c'], ['m', 'x', 'y', 'z'], 1],
  ['a new one in the middle', ['a', 'n', 'b', 'c'], ['x', 'm', 'y', 'z'], 1],
  ['a new one at the end', ['a', 'b', 'c', 'n'], ['x', 'y', 'z', 'm'], 1],
  ['one that is gone', ['a', 'c'], ['x', 'z'], 0],
  ['none left', [], [], 0],
])('with %s, only what is another is made anew', (_name, left, right, made) => {
  const { count, make } = countingList();
  make(['a', 'b', 'c'], ['x', 'y', 'z']);
  count.made = 0;
  expect(make(left, right)).toEqual(left.map((text, i) => [text, right[i]]));
  expect(count.made).toBe(made);
});

test('the list is the last one where all its items are, also where they were made anew', () => {
  const lengths = keptList((_: unknown, text: string): number => text.length);
  const first = lengths(['a', 'bc']);
  expect(lengths(['a', 'bc'])).toBe(first);
  expect(lengths(['x', 'yz'])).toBe(first);
  expect(lengths(['x', 'y'])).toEqual([1, 1]);
  expect(lengths([])).toBe(lengths([]));
});

test('what was there before is told, and may be kept', () => {
  const keep = keptList((before: { readonly text: string } | undefined, text: string) =>
    before?.text.toLowerCase() === text.toLowerCase() ? before : { text },
  );
  const first = keep(['a', 'b']);
  expect(keep(['A', 'b'])).toBe(first);
  expect(keep(['A', 'c'])[0]).toBe(first[0]);
});

test('whatever came before, the list is that of making it afresh', () => {
  const item = fc.tuple(fc.constantFrom('a', 'b', undefined), fc.constantFrom(1, 2, Number.NaN));
  fc.assert(
    fc.property(fc.array(fc.array(item, { maxLength: 6 })), (lists) => {
      const make = keptList((_: unknown, text: string | undefined, count: number) => `${text} ${count}`);
      for (const list of lists) {
        const made = make(
          list.map(([text]) => text),
          list.map(([, count]) => count),
        );
        expect(made).toEqual(list.map(([text, count]) => `${text} ${count}`));
      }
    }),
  );
});
