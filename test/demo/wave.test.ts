import { expect, test } from 'vitest';
import { fractionOf, rateAt, totalOver } from '../../src/demo/wave.ts';

const wave = { mean: 1000, phase: 0.3 };
const noon = Date.UTC(2026, 8, 14, 12);
const HOUR_MS = 3_600_000;

test('a counter is the sum of its rate', () => {
  let sum = 0;
  for (let ms = noon; ms < noon + HOUR_MS; ms += 1000) sum += rateAt(wave, ms + 500);
  expect(totalOver(wave, noon, noon + HOUR_MS) / sum).toBeCloseTo(1, 6);
});

test('a rate is never negative, so a counter never falls', () => {
  const rates = Array.from({ length: 2880 }, (_, index) => rateAt(wave, noon + index * 30_000));
  expect(Math.min(...rates)).toBeGreaterThan(0);
});

test('an afternoon is busier than a night', () => {
  const over = (from: number) => totalOver(wave, from, from + HOUR_MS);
  expect(over(noon + 3 * HOUR_MS)).toBeGreaterThan(2 * over(noon - 9 * HOUR_MS));
});

test('nothing adds up before the beginning', () => {
  expect(totalOver(wave, noon, noon)).toBe(0);
  expect(totalOver(wave, noon, noon - 1000)).toBe(0);
});

test('a fraction is the same for the same name, and spread over names', () => {
  const fractions = Array.from({ length: 1000 }, (_, index) => fractionOf(`name${index}`));
  expect(fractionOf('name7')).toBe(fractions[7]);
  for (const tenth of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(fractions.filter((value) => Math.floor(value * 10) === tenth).length).toBeGreaterThan(60);
});
