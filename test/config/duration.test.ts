import { expect, test } from 'vitest';
import { duration } from '../../src/config/duration.ts';

test.each([
  ['0s', 0],
  ['500ms', 500],
  ['30s', 30_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['7d', 604_800_000],
])('%s is %d ms', (text, ms) => {
  expect(duration().parse(text)).toBe(ms);
});

test.each(['', '5', 's', '1.5s', '-1s', '5 s', '5min', '1h30m'])('%j is refused', (text) => {
  expect(duration().safeParse(text).success).toBe(false);
});
