import { expect, test } from 'vitest';
import { SourceError } from '../../src/core/errors.ts';
import { expose } from '../../src/core/exposition.ts';
import { type AnyInsight, defineFacts, factsView, runInsight } from '../../src/core/insight.ts';
import { gauge } from '../../src/core/metric.ts';
import type { TargetView } from '../../src/core/target.ts';

interface PoolFacts {
  readonly pools: readonly string[];
  readonly sizeBytes: number;
}

const poolFacts = defineFacts<PoolFacts>('disks');
const pools = gauge('rackwatch_pools', { help: 'Pools.', labels: ['target'] });

function viewOf(target: string, facts: object | undefined, more: Partial<TargetView> = {}): TargetView {
  const taken = { takenAt: 0, durationSeconds: 0, outcomes: [], stages: [] };
  const base = { source: 'disks', target, up: true, ageSeconds: 1, errorCounts: new Map(), ...more };
  const snapshot = { source: base.source, target, ...taken, facts: facts ?? {} };
  return facts ? { ...base, snapshot, newest: snapshot } : base;
}

const counting: AnyInsight = {
  name: 'counting',
  help: 'Counts.',
  metrics: [pools],
  derive({ facts, emit }) {
    for (const { target, facts: known } of facts.of(poolFacts)) {
      if (known.pools) emit(pools, { target }, known.pools.length);
    }
  },
};

test('an insight sees the facts of one source, with their age and whether the target is up', () => {
  const facts = factsView([
    viewOf('a', { pools: ['x'], sizeBytes: 5 }),
    viewOf('b', { sizeBytes: 7 }, { up: false, ageSeconds: 90 }),
    viewOf('c', undefined),
    viewOf('d', { pools: [] }, { source: 'other' }),
  ]);
  expect(facts.of(poolFacts)).toEqual([
    { target: 'a', up: true, ageSeconds: 1, facts: { pools: ['x'], sizeBytes: 5 } },
    { target: 'b', up: false, ageSeconds: 90, facts: { sizeBytes: 7 } },
  ]);
});

test('a source that is not there gives an empty list', () => {
  expect(factsView([]).of(poolFacts)).toEqual([]);
  expect(factsView([]).reach(poolFacts)).toEqual([]);
});

test('an insight sees of every target that was tried whether it is up, also where its facts were withdrawn', () => {
  const failed = { source: 'disks', target: 'b', takenAt: 0, durationSeconds: 0, outcomes: [], stages: [], facts: {} };
  const views = [
    viewOf('a', { pools: ['x'] }),
    viewOf('b', undefined, { up: false, newest: failed }),
    viewOf('never tried', undefined, { up: false }),
    viewOf('d', { pools: [] }, { source: 'other' }),
  ];
  expect(factsView(views).reach(poolFacts)).toEqual([
    { target: 'a', up: true },
    { target: 'b', up: false },
  ]);
});

test('an insight turns facts into samples', () => {
  const facts = factsView([viewOf('a', { pools: ['x', 'y'] }), viewOf('b', { sizeBytes: 1 })]);
  const { families, outcome } = runInsight(counting, { facts, nowMs: 0, config: {} });
  expect(Buffer.concat(expose(families ? [families] : [])).toString()).toBe(
    '# HELP rackwatch_pools Pools.\n# TYPE rackwatch_pools gauge\nrackwatch_pools{target="a"} 2\n',
  );
  expect(outcome).toMatchObject({ collector: 'counting', repeats: 0 });
  expect(outcome).not.toHaveProperty('failure');
});

test('an insight that throws gives no samples, and its reason', () => {
  const failing: AnyInsight = {
    ...counting,
    derive({ emit }) {
      emit(pools, { target: 'half' }, 1);
      throw new SourceError('protocol', 'no such member');
    },
  };
  const { families, outcome } = runInsight(failing, { facts: factsView([]), nowMs: 0, config: {} });
  expect(families).toBeUndefined();
  expect(outcome.failure).toEqual({ code: 'protocol', message: 'no such member' });
});

const config = {};

const textOf = (insight: AnyInsight, facts: ReturnType<typeof factsView>) => {
  const { families } = runInsight(insight, { facts, nowMs: 0, config });
  return Buffer.concat(expose(families ? [families] : []))
    .toString()
    .split('\n')
    .at(-2);
};

/** Counts how often it is asked. */
function counted(derive: AnyInsight['derive']): { readonly insight: AnyInsight; times: number } {
  const asked = {
    times: 0,
    insight: {
      ...counting,
      derive(input: Parameters<AnyInsight['derive']>[0]) {
        asked.times++;
        derive(input);
      },
    },
  };
  return asked;
}

test('an insight is asked again when a part that it has read is another, and not before', () => {
  const list = ['x'];
  const asked = counted((input) => counting.derive(input));
  const same = (sizeBytes: number) => factsView([viewOf('a', { pools: list, sizeBytes }, { ageSeconds: sizeBytes })]);
  expect([textOf(asked.insight, same(1)), textOf(asked.insight, same(2)), asked.times]).toEqual([
    'rackwatch_pools{target="a"} 1',
    'rackwatch_pools{target="a"} 1',
    1,
  ]);
  expect([textOf(asked.insight, factsView([viewOf('a', { pools: ['x', 'y'] })])), asked.times]).toEqual([
    'rackwatch_pools{target="a"} 2',
    2,
  ]);
  expect([textOf(asked.insight, factsView([])), asked.times]).toEqual([undefined, 3]);
});

test('an insight that failed is asked again, whatever it has read', () => {
  let fails = true;
  const moody = counted(({ emit }) => {
    emit(pools, { target: fails ? 'half' : 'a' }, 1);
    if (fails) throw new SourceError('protocol', 'not now');
  });
  expect(textOf(moody.insight, factsView([]))).toBeUndefined();
  fails = false;
  expect(textOf(moody.insight, factsView([]))).toBe('rackwatch_pools{target="a"} 1');
});

test('series that are repeated are counted at every scrape, also while nothing has changed', () => {
  const twice = counted(({ emit }) => {
    for (const target of ['a', 'a', 'b']) emit(pools, { target }, 1);
  });
  const repeatsOf = () => runInsight(twice.insight, { facts: factsView([]), nowMs: 0, config }).outcome.repeats;
  expect([repeatsOf(), repeatsOf(), twice.times]).toEqual([1, 1, 1]);
});
