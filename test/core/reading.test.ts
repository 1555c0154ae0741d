import { expect, test } from 'vitest';
import { defineFacts, type FactsView, factsView } from '../../src/core/insight.ts';
import { keepEqual } from '../../src/core/keep-equal.ts';
import { derived, note } from '../../src/core/reading.ts';

const disks = defineFacts<{ readonly disks: readonly string[]; readonly sizes: readonly number[] }>('disks');

const list = ['sda'];
const sizes = [5];

interface Shown {
  readonly target?: string;
  readonly up?: boolean;
  readonly ageSeconds?: number;
  readonly facts?: object;
}

function viewOf(...targets: readonly Shown[]): FactsView {
  const taken = { source: 'disks', takenAt: 0, durationSeconds: 0, outcomes: [], stages: [] };
  return factsView(
    targets.map(({ ageSeconds = 1, facts = { disks: list, sizes }, target = 'a', up = true }) => {
      const snapshot = { ...taken, target, facts };
      return { source: 'disks', target, up, ageSeconds, errorCounts: new Map(), snapshot, newest: snapshot };
    }),
  );
}

const readings: Readonly<Record<string, (view: FactsView) => unknown>> = {
  nothing: () => undefined,
  'the targets': (view) => view.of(disks).length,
  'a part': (view) => view.of(disks)[0]?.facts.disks,
  'a part that is not there': (view) => view.of(disks)[1]?.facts.disks,
  'whether one is up': (view) => view.of(disks)[0]?.up,
  'its age': (view) => view.of(disks)[0]?.ageSeconds,
  'what was tried': (view) => view.reach(disks).map(({ up }) => up),
};
const bare = { target: 'b', facts: {} };

test.each([
  ['the same', [{}, bare], []],
  ['another list', [{ facts: { disks: ['sda'], sizes } }, bare], ['a part']],
  ['another part', [{ facts: { disks: list, sizes: [6] } }, bare], []],
  ['a part that appears', [{}, { target: 'b', facts: { disks: list } }], ['a part that is not there']],
  ['older', [{ ageSeconds: 2 }, bare], ['its age']],
  ['silent', [{ up: false }, bare], ['whether one is up', 'what was tried']],
  [
    'one that goes',
    [{}],
    ['the targets', 'a part', 'a part that is not there', 'whether one is up', 'its age', 'what was tried'],
  ],
  [
    'another name',
    [{ target: 'c' }, bare],
    ['the targets', 'a part', 'a part that is not there', 'whether one is up', 'its age', 'what was tried'],
  ],
])('what was read holds in a view that is %s, or not', (_name, targets, broken) => {
  const now = viewOf(...targets);
  const isBroken = Object.entries(readings).filter(([, read]) => !note(viewOf({}, bare), read).reading.holdsIn(now));
  expect(isBroken.map(([name]) => name)).toEqual(broken);
});

test('a list of the parts that there are cannot be read', () => {
  expect(() => note(viewOf({}), (view) => ({ ...view.of(disks)[0]?.facts }))).toThrow('part by part');
  expect(() => note(viewOf({}), (view) => 'disks' in (view.of(disks)[0]?.facts ?? {}))).toThrow('part by part');
});

test('who has read something derived need not run again where it has become the same', () => {
  const first = viewOf({});
  const longer = viewOf({ facts: { disks: ['sda'], sizes } });
  const count = derived((view) => ({ disks: view.of(disks)[0]?.facts.disks?.length }), keepEqual);
  const { reading, value } = note(first, count);
  expect([reading.holdsIn(longer), count(longer) === value]).toEqual([true, true]);
  expect(reading.holdsIn(viewOf({ facts: { disks: ['sda', 'sdb'] } }))).toBe(false);
});

test('what is derived is derived once, and anew when what it was derived from is another', () => {
  let times = 0;
  const count = derived((view) => {
    times++;
    return { disks: view.of(disks)[0]?.facts.disks?.length };
  });
  const first = viewOf({});
  expect([count(first), count(first), count(viewOf({ ageSeconds: 9 })), times]).toEqual([
    { disks: 1 },
    { disks: 1 },
    { disks: 1 },
    1,
  ]);
  expect([count(viewOf({ facts: { disks: ['sda', 'sdb'] } })), times]).toEqual([{ disks: 2 }, 2]);
});

test('what was read of something derived holds as long as that is the same', () => {
  const count = derived((view) => view.of(disks)[0]?.facts.disks?.length);
  const twice = derived((view) => 2 * (count(view) ?? 0));
  const { reading, value } = note(viewOf({}), (view) => twice(view));
  expect(value).toBe(2);
  expect(reading.holdsIn(viewOf({ ageSeconds: 9 }))).toBe(true);
  expect(reading.holdsIn(viewOf({ facts: { disks: ['sdb'], sizes } }))).toBe(true);
  expect(reading.holdsIn(viewOf({ facts: { disks: ['sda', 'sdb'], sizes } }))).toBe(false);
});
