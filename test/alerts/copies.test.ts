import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyShipped, differences, hasten } from './copies.ts';
import { readShipped } from './shipped.ts';
import { squeeze } from './squeezed.ts';

test.each([
  ['        for: 5m # two minutes, 2m', '        for: 15000ms # two minutes, 2m'],
  ['expr: rate(x[5m]) > 0', 'expr: rate(x[15000ms]) > 0'],
  ['expr: predict_linear(x[3d:10m], 14 * 86400)', 'expr: predict_linear(x[12960000ms:30000ms], 14 * 86400)'],
  ['  scrape_interval: 15s', '  scrape_interval: 1500ms'],
  ['  evaluation_interval: 15s', '  evaluation_interval: 1000ms'],
  ['      group_wait: 0s', '      group_wait: 0s'],
  ['          description: After 5m it is over', '          description: After 5m it is over'],
  ['role:lxd_link_receive_bytes:rate5m', 'role:lxd_link_receive_bytes:rate5m'],
])('%s is hastened to %s', (line, expected) => {
  expect(hasten(line, 20)).toBe(expected);
});

test('a copy differs in what is replaced and in durations only', () => {
  const swaps = { 'mail.example.net:587': '127.0.0.1:2525' };
  const copies = copyShipped(20, {}, swaps);
  const alertmanager = readFileSync(join(copies.folder, 'alertmanager.yml'), 'utf8');
  rmSync(copies.folder, { recursive: true });
  const shipped = readShipped('alertmanager.yml');
  expect(copies.differences).toEqual([]);
  expect(differences(shipped, alertmanager, swaps)).toEqual([]);
  expect(differences(shipped, alertmanager.replace('continue: true', 'continue: false'), swaps)).toHaveLength(1);
  expect(differences(shipped, `${alertmanager}\n`, swaps)).toHaveLength(1);
});

test.each([
  ['        for: 1d # work on a line', '        for: 3000ms # work on a line'],
  ['        for: 1m # a reset', '        for: 3000ms # a reset'],
  ['        keep_firing_for: 5m # it settles', '        keep_firing_for: 3000ms # it settles'],
  ['expr: increase(x[30m]) > 0', 'expr: increase(x[60000ms]) > 0'],
  ['expr: rate(x[5m]) > 0', 'expr: rate(x[12000ms]) > 0'],
  ['expr: predict_linear(x[3d:10m], 14 * 86400)', 'expr: predict_linear(x[60000ms:2000ms], 14 * 86400)'],
  ['          description: After 5m [5m] it is over', '          description: After 5m [5m] it is over'],
])('%s is squeezed to %s', (line, expected) => {
  expect(squeeze(line, 30)).toBe(expected);
});
