import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepEqual } from '../../src/core/keep-equal.ts';

const call = () => undefined;

test.each<[string, () => unknown]>([
  ['a number', () => 5],
  ['not a number', () => Number.NaN],
  ['a text', () => 'text'],
  ['nothing', () => undefined],
  ['null', () => null],
  ['a list', () => [1, [2], 'x']],
  ['an object', () => ({ a: 1, b: { c: undefined } })],
  ['a map', () => new Map([['a', { b: [1] }]])],
  ['a function', () => call],
])('%s that is equal is the one before', (_name, make) => {
  const before = make();
  expect(keepEqual(before, make())).toBe(before);
});

test.each<[string, unknown, unknown]>([
  ['a longer list', [1], [1, 2]],
  ['a shorter list', [1, 2], [1]],
  ['a list that is an object', [1], { 0: 1 }],
  ['an object that is a list', {}, []],
  ['a key more', { a: 1 }, { a: 1, b: undefined }],
  ['a key less', { a: 1, b: undefined }, { a: 1 }],
  ['another key', { a: undefined }, { b: undefined }],
  [
    'another order of a map',
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
    new Map([
      ['b', 2],
      ['a', 1],
    ]),
  ],
  ['a map without a key', new Map([['a', 1]]), new Map()],
  ['an object of a class', new Date(0), new Date(0)],
  ['an object for nothing', null, {}],
  ['a text for a number', 1, '1'],
])('%s is not equal', (_name, before, now) => {
  expect(keepEqual(before, now)).toBe(now);
  expect(keepEqual([before, { x: 1 }], [now, { x: 1 }])).toEqual([now, { x: 1 }]);
});

test('of what has changed in part the rest stays', () => {
  const before = {
    a: [{ x: 1 }, { x: 2 }],
    b: new Map([
      ['k', [1]],
      ['l', [2]],
    ]),
    c: { d: {} },
  };
  const now = keepEqual(before, {
    a: [{ x: 1 }, { x: 3 }, { x: 4 }],
    b: new Map([
      ['k', [1]],
      ['l', [3]],
    ]),
    c: { d: {} },
  });
  expect(now).toEqual({
    a: [{ x: 1 }, { x: 3 }, { x: 4 }],
    b: new Map([
      ['k', [1]],
      ['l', [3]],
    ]),
    c: { d: {} },
  });
  expect(now).not.toBe(before);
  expect([now.a[0] === before.a[0], now.b.get('k') === before.b.get('k'), now.c === before.c]).toEqual([
    true,
    true,
    true,
  ]);
});

test.each<[string, readonly number[]]>([
  ['is new at the front', [9, 1, 2, 3]],
  ['is new in the middle', [1, 9, 2, 3]],
  ['is new at the end', [1, 2, 3, 9]],
  ['is gone at the front', [2, 3]],
  ['is gone in the middle', [1, 3]],
  ['is gone at the end', [1, 2]],
])('of a list in which one %s the others stay', (_name, places) => {
  const before = [1, 2, 3].map((x) => ({ x }));
  const now = keepEqual(
    before,
    places.map((x) => ({ x })),
  );
  expect(now).toEqual(places.map((x) => ({ x })));
  expect(now.filter((one) => before.includes(one))).toEqual(now.filter(({ x }) => x !== 9));
});

test('the value is the one that was read, whatever was before, and what is equal is the one before', () => {
  fc.assert(
    fc.property(fc.anything({ withMap: true }), fc.anything({ withMap: true }), (before, now) => {
      const wanted = structuredClone(now);
      expect(keepEqual(structuredClone(before), now)).toEqual(wanted);
      expect(keepEqual(wanted, structuredClone(wanted))).toEqual(wanted);
    }),
  );
});
