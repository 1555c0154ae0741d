import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  applyDatum,
  type ColumnType,
  decodeColumnType,
  decodeDatum,
  defaultDatum,
} from '../../../../src/sources/ovn/client/datum.ts';

const scalar: ColumnType = { shape: 'scalar', key: 'string', differs: false };
const optionalFlag: ColumnType = { shape: 'optional', key: 'boolean', differs: false };
const set: ColumnType = { shape: 'set', key: 'string', differs: true };
const map: ColumnType = { shape: 'map', key: 'string', value: 'string', differs: true };

// Types as they stand in the schemas of OVN 23.03.
test.each([
  ['string', { shape: 'scalar', key: 'string', differs: false }],
  ['boolean', { shape: 'scalar', key: 'boolean', differs: false }],
  [{ key: { type: 'string', enum: ['set', ['a', 'b']] } }, { shape: 'scalar', key: 'string', differs: false }],
  [
    { key: { type: 'integer', minInteger: 0 }, min: 0 },
    { shape: 'optional', key: 'number', differs: false },
  ],
  [
    { key: { type: 'uuid', refTable: 'ACL' }, min: 0, max: 'unlimited' },
    { shape: 'set', key: 'string', differs: true },
  ],
  [
    { key: { type: 'uuid' }, min: 1, max: 'unlimited' },
    { shape: 'set', key: 'string', differs: true },
  ],
  [{ key: 'string', value: 'string', min: 0, max: 'unlimited' }, { ...map }],
  [
    { key: 'string', value: 'integer', min: 0 },
    { shape: 'map', key: 'string', value: 'number', differs: false },
  ],
])('reads the type %j', (json, type) => {
  expect(decodeColumnType(json)).toEqual(type);
});

test('refuses an unknown type', () => {
  expect(() => decodeColumnType({ key: 'decimal' })).toThrow(expect.objectContaining({ code: 'protocol' }));
  expect(() => decodeColumnType({})).toThrow(expect.objectContaining({ code: 'protocol' }));
});

test('reads values', () => {
  expect(decodeDatum('x', scalar)).toBe('x');
  expect(decodeDatum(['uuid', 'u-1'], scalar)).toBe('u-1');
  expect(decodeDatum(false, optionalFlag)).toBe(false);
  expect(decodeDatum(['set', []], optionalFlag)).toBeUndefined();
  expect(decodeDatum(['set', [true]], optionalFlag)).toBe(true);
  expect(decodeDatum('one', set)).toEqual(new Set(['one']));
  expect(decodeDatum(['uuid', 'u-1'], set)).toEqual(new Set(['u-1']));
  expect(
    decodeDatum(
      [
        'set',
        [
          ['uuid', 'a'],
          ['uuid', 'b'],
        ],
      ],
      set,
    ),
  ).toEqual(new Set(['a', 'b']));
  expect(
    decodeDatum(
      [
        'map',
        [
          ['k', 'v'],
          ['set', 'x'],
        ],
      ],
      map,
    ),
  ).toEqual(
    new Map([
      ['k', 'v'],
      ['set', 'x'],
    ]),
  );
});

test('knows what a server leaves out', () => {
  expect(defaultDatum(scalar)).toBe('');
  expect(defaultDatum({ ...scalar, key: 'number' })).toBe(0);
  expect(defaultDatum({ ...scalar, key: 'boolean' })).toBe(false);
  expect(defaultDatum(optionalFlag)).toBeUndefined();
  expect(defaultDatum(set)).toEqual(new Set());
  expect(defaultDatum(map)).toEqual(new Map());
});

test.each([
  [1, scalar],
  [null, scalar],
  [['set', []], scalar],
  [['set', [true, false]], optionalFlag],
  ['true', optionalFlag],
  [['set', [1]], set],
  [{}, map],
  [['map', [['k']]], map],
  [['map', [['k', 1]]], map],
  [['map', 'k'], map],
])('refuses %j for %o', (json, type) => {
  expect(() => decodeDatum(json, type)).toThrow(expect.objectContaining({ code: 'protocol' }));
});

test('a set changes by its symmetric difference', () => {
  const one = applyDatum(defaultDatum(set), ['uuid', 'a'], set);
  expect(one).toEqual(new Set(['a']));
  const two = applyDatum(
    one,
    [
      'set',
      [
        ['uuid', 'b'],
        ['uuid', 'c'],
      ],
    ],
    set,
  );
  expect(two).toEqual(new Set(['a', 'b', 'c']));
  expect(
    applyDatum(
      two,
      [
        'set',
        [
          ['uuid', 'a'],
          ['uuid', 'd'],
        ],
      ],
      set,
    ),
  ).toEqual(new Set(['b', 'c', 'd']));
  expect(defaultDatum(set)).toEqual(new Set());
});

// What ovsdb-server sent for: set a new key, set another value, remove a key.
test('a map changes key by key', () => {
  const start = decodeDatum(['map', [['lxd_location', 'lab-h2']]], map);
  const moved = applyDatum(start, ['map', [['lxd_location', 'lab-h9']]], map);
  expect(moved).toEqual(new Map([['lxd_location', 'lab-h9']]));
  const more = applyDatum(moved, ['map', [['k', 'v']]], map);
  expect(more).toEqual(
    new Map([
      ['lxd_location', 'lab-h9'],
      ['k', 'v'],
    ]),
  );
  expect(applyDatum(more, ['map', [['k', 'v']]], map)).toEqual(new Map([['lxd_location', 'lab-h9']]));
  expect(defaultDatum(map)).toEqual(new Map());
});

test('a value of at most one element is replaced', () => {
  expect(applyDatum(true, ['set', []], optionalFlag)).toBeUndefined();
  expect(applyDatum(undefined, false, optionalFlag)).toBe(false);
  expect(applyDatum('old', 'new', scalar)).toBe('new');
  const small = decodeColumnType({ key: 'string', value: 'string', min: 0, max: 1 });
  expect(applyDatum(new Map([['a', 'b']]), ['map', [['a', 'b']]], small)).toEqual(new Map([['a', 'b']]));
});

test('from any set to any other by their difference', () => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'));
  fc.assert(
    fc.property(names, names, (from, to) => {
      const difference = [...from.filter((name) => !to.includes(name)), ...to.filter((name) => !from.includes(name))];
      const held = decodeDatum(['set', from], set);
      expect(applyDatum(held, ['set', difference], set)).toEqual(new Set(to));
    }),
  );
});

test('throws nothing but its own errors on any JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(scalar, optionalFlag, set, map), (json, type) => {
      try {
        decodeDatum(json, type);
      } catch (error) {
        expect(error).toMatchObject({ code: 'protocol' });
      }
    }),
  );
});
