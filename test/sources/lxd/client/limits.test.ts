import { expect, test } from 'vitest';
import { parseBytes, parseCpus, parseTimestamp } from '../../../../src/sources/lxd/client/limits.ts';

test.each([
  ['1073741824', 1_073_741_824],
  ['512B', 512],
  ['512kB', 512_000],
  ['512MB', 512_000_000],
  ['4GB', 4e9],
  ['4TB', 4e12],
  ['4PB', 4e15],
  ['4EB', 4e18],
  ['1KiB', 1024],
  ['64MiB', 67_108_864],
  ['2GiB', 2_147_483_648],
  ['1TiB', 1_099_511_627_776],
  ['1PiB', 1_125_899_906_842_624],
  ['1EiB', 2 ** 60],
  [' 10 MiB ', 10_485_760],
  ['50%', 8e9],
])('limits.memory %j is %d bytes', (text, bytes) => {
  expect(parseBytes(text, 16e9)).toBe(bytes);
});

test.each([undefined, '', 'lots', '-1', '1.5GiB', '10mb', '10 potatoes', 'GiB'])(
  'limits.memory %j is no limit',
  (text) => {
    expect(parseBytes(text, 16e9)).toBeUndefined();
  },
);

test('a percentage of an unknown whole is unknown', () => {
  expect(parseBytes('50%')).toBeUndefined();
});

test.each([
  ['4', 4],
  ['0-3', 4],
  ['1-1', 1],
  ['0,2,4', 3],
  ['0-3,8-11', 8],
  ['0-3,2-5', 6],
  [' 1 , 2 ', 2],
])('limits.cpu %j is %d CPUs', (text, cpus) => {
  expect(parseCpus(text)).toBe(cpus);
});

test.each([undefined, '', 'all', '3-1', '0-99999999999', '1,,2', '-1'])('limits.cpu %j is no limit', (text) => {
  expect(parseCpus(text)).toBeUndefined();
});

test('times in which LXD says "never" are unknown', () => {
  expect(parseTimestamp('2026-11-22T06:36:53.432459053Z')).toBeCloseTo(1_795_329_413.432, 3);
  for (const text of [undefined, '', '0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', 'soon']) {
    expect(parseTimestamp(text), String(text)).toBeUndefined();
  }
});
