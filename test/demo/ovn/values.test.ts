import { expect, test } from 'vitest';
import { encodeChange, encodeValue, isDefault } from '../../../src/demo/ovn/values.ts';

// As ovsdb-server 3.1 writes them.
test('encodes values', () => {
  expect(encodeValue(true, 'optional flag')).toBe(true);
  expect(encodeValue(undefined, 'optional flag')).toEqual(['set', []]);
  expect(encodeValue(undefined, 'integer')).toBe(0);
  expect(encodeValue('u', 'optional uuid')).toEqual(['uuid', 'u']);
  expect(encodeValue([], 'uuids')).toEqual(['set', []]);
  expect(encodeValue(['u'], 'uuids')).toEqual(['uuid', 'u']);
  expect(encodeValue(['u', 'v'], 'uuids')).toEqual([
    'set',
    [
      ['uuid', 'u'],
      ['uuid', 'v'],
    ],
  ]);
  expect(encodeValue({ k: 'v' }, 'map')).toEqual(['map', [['k', 'v']]]);
});

test('leaves out what is at its default, but not an optional false', () => {
  expect(isDefault(false, 'flag')).toBe(true);
  expect(isDefault(false, 'optional flag')).toBe(false);
  expect(isDefault(0, 'integer')).toBe(true);
  expect(isDefault({}, 'map')).toBe(true);
  expect(isDefault(['u'], 'uuids')).toBe(false);
});

test('encodes changes', () => {
  expect(encodeChange(true, true, 'optional flag')).toBeUndefined();
  expect(encodeChange('c', undefined, 'optional uuid')).toEqual(['set', []]);
  expect(encodeChange(['a', 'b'], ['b', 'c'], 'uuids')).toEqual([
    'set',
    [
      ['uuid', 'a'],
      ['uuid', 'c'],
    ],
  ]);
  expect(encodeChange({ a: '1', b: '2' }, { a: '1', b: '3' }, 'map')).toEqual(['map', [['b', '3']]]);
  expect(encodeChange({ a: '1' }, {}, 'map')).toEqual(['map', [['a', '1']]]);
});
