import { expect, expectTypeOf, test } from 'vitest';
import { counter, type Emit, emitState, gauge, info, type Metric } from '../../src/core/metric.ts';

const state = gauge('disk_state', { help: 'State.', labels: ['disk', 'state'] });
const total = counter('reads_total', { help: 'Reads.' });

function record() {
  const samples: [string, Readonly<Record<string, string>>, number][] = [];
  const emit: Emit = (metric, labels, value) => samples.push([metric.name, { ...labels }, value]);
  return { samples, emit };
}

test('a descriptor is what was declared', () => {
  expect(state).toEqual({ name: 'disk_state', type: 'gauge', help: 'State.', labels: ['disk', 'state'] });
  expect(total).toEqual({ name: 'reads_total', type: 'counter', help: 'Reads.', labels: [] });
  expect(info('disk_info', { help: 'Info.', labels: ['model'] }).type).toBe('gauge');
});

test('the labels are part of the type', () => {
  expectTypeOf(state).toEqualTypeOf<Metric<'disk' | 'state'>>();
  expectTypeOf(total).toEqualTypeOf<Metric<never>>();
});

test('a label that is wrong, missing or no string does not compile', () => {
  const { emit, samples } = record();
  emit(state, { disk: 'a', state: 'ok' }, 1);
  // @ts-expect-error a typo
  emit(state, { disc: 'a', state: 'ok' }, 1);
  // @ts-expect-error a label is missing
  emit(state, { disk: 'a' }, 1);
  // @ts-expect-error one too many
  emit(state, { disk: 'a', state: 'ok', size: '1' }, 1);
  // @ts-expect-error not a string
  emit(state, { disk: 1, state: 'ok' }, 1);
  // @ts-expect-error may be missing at run time
  emit(state, { disk: 'a', state: process.env.STATE }, 1);
  // @ts-expect-error there are no labels
  emit(total, { disk: 'a' }, 1);
  // @ts-expect-error not a number
  emit(total, {}, '1');
  expect(samples).toHaveLength(8);
});

test('a state that is no label does not compile', () => {
  const { emit } = record();
  emitState(emit, state, { disk: 'a' }, 'state', ['ok', 'bad'], 'ok');
  // @ts-expect-error the label does not exist
  emitState(emit, state, { disk: 'a' }, 'status', ['ok'], 'ok');
  // @ts-expect-error the other label is missing
  emitState(emit, state, {}, 'state', ['ok'], 'ok');
  // @ts-expect-error there is no other label
  emitState(emit, gauge('m', { help: '', labels: ['state'] }), { disk: 'a' }, 'state', ['ok'], 'ok');
});

test.each(['1st', 'a-b', 'a b', '', 'ä'])('%j is no metric name', (name) => {
  expect(() => gauge(name, { help: '' })).toThrow('not a metric name');
});

test.each(['1st', 'a-b', 'a:b', '', '__reserved'])('%j is no label name', (label) => {
  expect(() => gauge('m', { help: '', labels: [label] })).toThrow('is not a label name');
});

test('names tell the type', () => {
  expect(() => counter('reads', { help: '' })).toThrow('counters end in _total');
  expect(() => gauge('reads_total', { help: '' })).toThrow('gauges do not');
  expect(() => info('disk', { help: '', labels: ['model'] })).toThrow('ends in _info');
});

test.each([
  ['ok', [1, 0]],
  ['bad', [0, 1]],
  ['other', [0, 0]],
  [undefined, [0, 0]],
])('of the states, only the present one is 1: %s', (present, values) => {
  const { emit, samples } = record();
  emitState(emit, state, { disk: 'a' }, 'state', ['ok', 'bad'], present);
  expect(samples).toEqual([
    ['disk_state', { disk: 'a', state: 'ok' }, values[0]],
    ['disk_state', { disk: 'a', state: 'bad' }, values[1]],
  ]);
});
