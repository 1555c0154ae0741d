import { expect, test } from 'vitest';
import { FreshnessJudge, type Observation } from '../../../../src/sources/ceph/client/freshness.ts';

const well: Observation = {
  nowMs: 0,
  active: { manager: 'x', collections: 1, commits: undefined },
  asked: 3,
  reachable: 3,
  known: 3,
};

/** Judges a row of cycles, 15 s apart, and gives the reasons of each. */
function judgeAll(...cycles: Partial<Observation>[]): string[][] {
  const judge = new FreshnessJudge(60_000);
  return cycles.map((cycle, i) => [...judge.judge({ ...well, nowMs: i * 15_000, ...cycle }).reasons]);
}

const collected = (collections: number | undefined, manager = 'x') => ({
  active: { manager, collections, commits: undefined },
});
const committed = (commits: number | undefined, collections: number, manager = 'x') => ({
  active: { manager, collections, commits },
});

test('data are fresh while the counter rises and the monitors answer', () => {
  expect(judgeAll(collected(1), collected(2), collected(2), collected(3))).toEqual([[], [], [], []]);
});

test('the counter may stand still for frozen_after, and no longer', () => {
  const cycles = judgeAll(collected(1), collected(1), collected(1), collected(1), collected(1), collected(2));
  expect(cycles).toEqual([[], [], [], [], ['frozen'], []]);
});

test('a counter that falls, or is another manager’s, has not stopped', () => {
  const same = [collected(9), collected(9), collected(9), collected(9)];
  expect(judgeAll(...same, collected(1)).at(-1)).toEqual([]);
  expect(judgeAll(...same, collected(9, 'y')).at(-1)).toEqual([]);
});

test('a counter that does not exist cannot stop', () => {
  const silent = Array.from({ length: 9 }, () => collected(undefined));
  expect(judgeAll(...silent)).toEqual(silent.map(() => []));
});

test('monitors that answer and commit nothing for frozen_after are no quorum, though the manager goes on collecting', () => {
  const cycles = judgeAll(...[5, 6, 6, 6, 6, 6, 7].map((commits, i) => committed(commits, i)));
  expect(cycles).toEqual([[], [], [], [], [], ['no_quorum'], []]);
});

test('commits that are not told, or told by another manager, have not stopped', () => {
  const same = [committed(9, 1), committed(9, 2), committed(9, 3), committed(9, 4)];
  expect(judgeAll(...same, committed(9, 5)).at(-1)).toEqual(['no_quorum']);
  expect(judgeAll(...same, committed(undefined, 5)).at(-1)).toEqual([]);
  expect(judgeAll(...same, committed(9, 5, 'y')).at(-1)).toEqual([]);
  expect(judgeAll(...same, committed(3, 5)).at(-1)).toEqual([]);
});

test('without a manager there is nothing fresh, and what was is not younger for it', () => {
  const judge = new FreshnessJudge(60_000);
  judge.judge({ ...well, nowMs: 1000 });
  const { reasons, freshAtMs } = judge.judge({ ...well, nowMs: 9000, active: undefined });
  expect([...reasons]).toEqual(['no_manager']);
  expect(freshAtMs).toBe(1000);
});

test.each([
  ['two of three', { asked: 3, reachable: 2, known: 3 }, false, 2],
  ['one of three', { asked: 3, reachable: 1, known: 3 }, true, 2],
  ['none of one', { asked: 1, reachable: 0, known: 1 }, true, 1],
  ['two of four', { asked: 4, reachable: 2, known: 4 }, true, 3],
  ['three of five', { asked: 5, reachable: 3, known: 5 }, false, 3],
  [
    'one of three, before a manager has ever said how many there are',
    { asked: 3, reachable: 1, known: undefined },
    true,
    2,
  ],
  ['the only one configured of three: the others may be there', { asked: 1, reachable: 0, known: 3 }, false, 2],
  ['none of the two configured of three', { asked: 2, reachable: 0, known: 3 }, true, 2],
  ['none configured', { asked: 0, reachable: 0, known: 3 }, false, 2],
  [
    'none configured, and nobody knows how many there are',
    { asked: 0, reachable: 0, known: undefined },
    false,
    undefined,
  ],
])('%s', (_, monitors, isLost, majority) => {
  const judged = new FreshnessJudge(60_000).judge({ ...well, ...monitors });
  expect(judged.reasons.has('no_quorum')).toBe(isLost);
  expect(judged.majority).toBe(majority);
});

test('after a lost quorum the manager is believed when it has collected anew', () => {
  const cycles = judgeAll(
    collected(5),
    { ...collected(6), reachable: 1 },
    { ...collected(7), reachable: 1 },
    collected(7),
    collected(8),
  );
  expect(cycles).toEqual([[], ['no_quorum'], ['no_quorum'], ['no_quorum'], []]);
});

test('a monitor that is missed once, and a manager without a counter, do not stay lost', () => {
  const cycles = judgeAll(collected(undefined), { ...collected(undefined), reachable: 1 }, collected(undefined));
  expect(cycles).toEqual([[], ['no_quorum'], []]);
});
