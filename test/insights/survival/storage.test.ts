import { expect, test } from 'vitest';
import { memberLosses, osdLosses } from './losses.ts';

const keys = { usable_ratio: 0.8 };
const ceph = (facts: object) => ({ ceph: [{ facts: { staleReasons: [], ...facts } }] });
const pool = (size: number, more: object = {}) => ({
  ...{ name: 'p', redundancy: { kind: 'replicated', size }, undersizedPgs: 0 },
  ...more,
});

interface Osd {
  readonly sizeBytes?: number | undefined;
  readonly usedBytes?: number | undefined;
  readonly up?: boolean;
  readonly in?: boolean;
}

/** OSDs of 100 bytes with 40 used; their ids are their places in the list. */
const osds = (...list: readonly (readonly [member: string, more?: Osd])[]) =>
  list.map(([member, more], id) => ({
    ...{ id: String(id), member, deviceClass: 'hdd', up: true, in: true, sizeBytes: 100, usedBytes: 40 },
    ...more,
  }));
const hosts = (names: string, more: Osd = {}) => osds(...[...names].map((name) => [name, more] as const));

const losses = (resource: string, facts: object) =>
  Object.fromEntries(
    Object.entries(memberLosses(ceph(facts), { keys })).flatMap(([name, line]) =>
      name.includes(` ${resource} `) ? [[name.replace(` ${resource}`, ''), line]] : [],
    ),
  );

test.each([
  ['three hosts stand the loss of any', hosts('abc'), pool(3), { 'a p': [1], 'b p': [1], 'c p': [1] }],
  [
    'with one down, of no other',
    [...hosts('ab'), ...hosts('c', { up: false })],
    pool(3),
    { 'a p': [0], 'b p': [0], 'c p': [1] },
  ],
  ['two copies need both of two hosts', hosts('ab'), pool(2, { minSize: 2 }), { 'a p': [0], 'b p': [0] }],
  [
    'without regard to hosts a host may have all copies',
    hosts('abc'),
    pool(3, { failureDomain: 'osd' }),
    { 'a p': [0], 'b p': [0], 'c p': [0] },
  ],
])('availability: %s', (_name, list, one, expected) => {
  expect(losses('storage_availability', { osds: list, pools: [one] })).toEqual(expected);
});

test.each([
  [
    'three hosts never restore a third copy',
    hosts('abc'),
    pool(3),
    { 'a hdd': [0, -40, -0.25], 'b hdd': [0, -40, -0.25], 'c hdd': [0, -40, -0.25] },
  ],
  [
    'three hosts restore the second of two',
    hosts('abc'),
    pool(2),
    { 'a hdd': [1, 40, 0.25], 'b hdd': [1, 40, 0.25], 'c hdd': [1, 40, 0.25] },
  ],
  [
    'four hosts restore the third',
    hosts('abcd'),
    pool(3),
    { 'a hdd': [1, 80, 80 / 240], 'b hdd': [1, 80, 80 / 240], 'c hdd': [1, 80, 80 / 240], 'd hdd': [1, 80, 80 / 240] },
  ],
  [
    'what is full has no place',
    hosts('abc', { usedBytes: 70 }),
    pool(2),
    { 'a hdd': [0, -50, -0.3125], 'b hdd': [0, -50, -0.3125], 'c hdd': [0, -50, -0.3125] },
  ],
  [
    'copies without regard to hosts need none of their own',
    hosts('ab', { usedBytes: 30 }),
    pool(3, { failureDomain: 'osd' }),
    { 'a hdd': [1, 20, 0.25], 'b hdd': [1, 20, 0.25] },
  ],
  [
    'what was down has to come back as well',
    [...hosts('abc'), ...hosts('d', { up: false })],
    pool(2),
    { 'a hdd': [1, 0, 0], 'b hdd': [1, 0, 0], 'c hdd': [1, 0, 0] },
  ],
  [
    'what is out has come back',
    [...hosts('abc'), ...hosts('d', { up: false, in: false })],
    pool(2),
    { 'a hdd': [1, 40, 0.25], 'b hdd': [1, 40, 0.25], 'c hdd': [1, 40, 0.25] },
  ],
  [
    'a large host cannot hold both copies',
    osds(['a'], ['b'], ['c', { sizeBytes: 1000 }]),
    pool(2),
    { 'a hdd': [1, 40, 40 / 880], 'b hdd': [1, 40, 40 / 880], 'c hdd': [1, 40, 0.25] },
  ],
  ['hosts without any use', hosts('ab', { usedBytes: 0 }), pool(2), { 'a hdd': [0, 0, 0], 'b hdd': [0, 0, 0] }],
])('recovery: %s', (_name, list, one, expected) => {
  const found = losses('storage_recovery', { osds: list, pools: [one] });
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, line] of Object.entries(expected)) {
    for (const [i, value] of line.entries()) expect(found[name]?.[i]).toBeCloseTo(value, 9);
  }
});

const twoEach = osds(['a'], ['a'], ['b'], ['b'], ['c'], ['c']);

test.each([
  ['its neighbour on the host takes all of it', twoEach, pool(3), '0 a hdd', [1, 0]],
  ['its neighbour has no room', osds(['a', { usedBytes: 41 }], ['a'], ['b'], ['c']), pool(3), '0 a hdd', [0, -1]],
  ['it has no neighbour', hosts('abc'), pool(3), '0 a hdd', [0, -40]],
  ['with more hosts than copies all help', hosts('abcd'), pool(3), '0 a hdd', [1, 80]],
  ['a neighbour that is down is none', osds(['a'], ['a', { up: false }], ['b'], ['c']), pool(3), '0 a hdd', [0, -40]],
  [
    'a neighbour that is too full takes nothing',
    osds(['a'], ['a', { usedBytes: 90 }], ['b'], ['c']),
    pool(3),
    '0 a hdd',
    [0, -40],
  ],
])('an OSD fails: %s', (_name, list, one, name, line) => {
  expect(osdLosses(ceph({ osds: list, pools: [one] }), { keys })[name]).toEqual(line);
});

test('an OSD that is down or out is not lost once more', () => {
  const list = osds(['a'], ['a', { up: false }], ['b', { in: false }]);
  expect(Object.keys(osdLosses(ceph({ osds: list, pools: [pool(1)] })))).toEqual(['0 a hdd']);
});

test.each([
  ['the size of an OSD is not known', { osds: hosts('abc', { sizeBytes: undefined }), pools: [pool(2)] }],
  ['the host of an OSD is not known', { osds: osds(['a'], ['']), pools: [pool(2)] }],
  ['no pool is on the class', { osds: hosts('abc'), pools: [pool(2, { deviceClass: 'ssd' })] }],
  ['the size of no pool is known', { osds: hosts('abc'), pools: [pool(2, { redundancy: undefined })] }],
  ['the managers are silent', { osds: hosts('abc'), pools: [pool(2)], staleReasons: ['no_manager'] }],
  ['there are no OSDs', { pools: [pool(2)] }],
])('nothing is said of recovery when %s', (_name, facts) => {
  expect(losses('storage_recovery', facts)).toEqual({});
  expect(osdLosses(ceph(facts))).toEqual({});
});
