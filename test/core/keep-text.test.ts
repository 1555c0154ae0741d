import { expect, test } from 'vitest';
import { expose } from '../../src/core/exposition.ts';
import { gauge } from '../../src/core/metric.ts';
import { type Families, Stage } from '../../src/core/snapshot.ts';

const steady = gauge('steady', { help: 'Seldom another.', labels: ['of'] });
const lively = gauge('lively', { help: 'Always another.', labels: ['of'] });

const LINES = 40;

function stage(now: { readonly steady?: number; readonly lively?: number }, last?: Families): Families {
  const made = new Stage();
  for (let i = 0; i < LINES; i++) {
    if (now.steady !== undefined) made.emit(steady, { of: String(i) }, now.steady);
    if (now.lively !== undefined && i % 10 === 0) made.emit(lively, { of: String(i) }, now.lively);
  }
  return made.seal(last);
}

const textOf = (families: Families) => Buffer.concat(expose([families])).toString();

/** Bytes of all memory that the families hold. */
function heldBy(families: Families): number {
  const slabs = new Set([...families.values()].flatMap(({ chunks }) => chunks.map(({ buffer }) => buffer)));
  return [...slabs].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

const bytesOf = (families: Families) =>
  [...families.values()].flatMap(({ chunks }) => chunks).reduce((sum, { length }) => sum + length, 0);

test('where nothing has changed, all stays the same object', () => {
  const first = stage({ steady: 1, lively: 1 });
  expect(stage({ steady: 1, lively: 1 }, first)).toBe(first);
});

test('a family that has not changed stays where it is, and the others have their new text', () => {
  const first = stage({ steady: 1, lively: 1 });
  const second = stage({ steady: 1, lively: 2 }, first);
  expect(second.get('steady')).toBe(first.get('steady'));
  expect(textOf(second)).toBe(textOf(stage({ steady: 1, lively: 2 })));
  expect(textOf(first)).toBe(textOf(stage({ steady: 1, lively: 1 })));
});

test('a value that is another is seen, whether or not it takes as many digits', () => {
  const first = stage({ lively: 1 });
  for (const value of [2, 10, 1.5])
    expect(textOf(stage({ lively: value }, first))).toContain(`lively{of="30"} ${value}`);
});

test('families that are gone are gone, and new ones are there', () => {
  const first = stage({ steady: 1, lively: 1 });
  expect([...stage({ steady: 1 }, first).keys()]).toEqual(['steady']);
  expect([...stage({ lively: 1 }, first).keys()]).toEqual(['lively']);
  expect([...stage({ steady: 1, lively: 1 }, stage({ steady: 1 })).keys()]).toEqual(['steady', 'lively']);
  expect(stage({}, first).size).toBe(0);
});

test('a header that is another makes another family', () => {
  const header = (help: string) => ({ name: 'm', type: 'gauge', help }) as const;
  const write = (help: string, last?: Families) => {
    const made = new Stage();
    made.family(header(help)).add('m', '1');
    return made.seal(last);
  };
  expect(textOf(write('New.', write('Old.')))).toContain('# HELP m New.\n');
});

test.each([
  ['the large family', { steady: 2, lively: 1 }],
  ['the small one', { steady: 1, lively: 2 }],
])('the memory held is little more than the text, when %s changes again and again', (_, change) => {
  let families = stage({ steady: 1, lively: 1 });
  for (let cycle = 1; cycle <= 20; cycle++) {
    const steadyNow = change.steady === 2 ? cycle : 1;
    const livelyNow = change.lively === 2 ? cycle : 1;
    families = stage({ steady: steadyNow, lively: livelyNow }, families);
    expect(textOf(families)).toBe(textOf(stage({ steady: steadyNow, lively: livelyNow })));
    expect(heldBy(families)).toBeLessThanOrEqual(1.5 * bytesOf(families));
  }
});
