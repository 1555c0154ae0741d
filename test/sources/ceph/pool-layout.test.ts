import { expect, test } from 'vitest';
import type { Pool } from '../../../src/sources/ceph/client/manager/pools.ts';
import { cephConfig } from '../../../src/sources/ceph/config.ts';
import { layOut } from '../../../src/sources/ceph/pool-layout.ts';

const replicas = (size: number) => ({ kind: 'replicated', size }) as const;
const erasure = (data: number, coding: number) => ({ kind: 'erasure', data, coding }) as const;

const managers = ['http://10.0.0.11:9283'];
const layoutOf = (redundancy: Pool['redundancy'], config: object = {}) =>
  layOut({ name: 'ssd', redundancy } as Pool, cephConfig.parse({ managers, ...config }));

const unknown = {
  size: undefined,
  minSize: undefined,
  rule: undefined,
  deviceClass: undefined,
  failureDomain: undefined,
};

test.each([
  [undefined, unknown],
  [replicas(1), { ...unknown, size: 1, minSize: 1 }],
  [replicas(2), { ...unknown, size: 2, minSize: 1 }],
  [replicas(3), { ...unknown, size: 3, minSize: 2 }],
  [replicas(4), { ...unknown, size: 4, minSize: 2 }],
  [replicas(5), { ...unknown, size: 5, minSize: 3 }],
  [erasure(2, 1), { ...unknown, size: 3, minSize: 2 }],
  [erasure(4, 2), { ...unknown, size: 6, minSize: 5 }],
])('of %j the manager alone tells this', (redundancy, layout) => {
  expect(layoutOf(redundancy)).toEqual(layout);
});

const whole = { size: 4, min_size: 3, rule: 'fast', device_class: 'ssd', failure_domain: 'rack' };
const wholeLayout = { size: 4, minSize: 3, rule: 'fast', deviceClass: 'ssd', failureDomain: 'rack' };

test.each([
  ['what is configured for a pool wins over the manager', { pools: { ssd: whole } }, wholeLayout],
  ['and over the defaults', { pools: { ssd: whole }, pool_defaults: { size: 9, min_size: 9 } }, wholeLayout],
  ['the manager wins over the default size', { pool_defaults: whole }, { ...wholeLayout, size: 3 }],
  [
    'a configured size has its own default of min_size',
    { pools: { ssd: { size: 5 } } },
    { ...unknown, size: 5, minSize: 3 },
  ],
  ['another pool is another pool', { pools: { hdd: whole } }, { ...unknown, size: 3, minSize: 2 }],
])('%s', (_, config, layout) => {
  expect(layoutOf(replicas(3), config)).toEqual(layout);
});

test('defaults stand where the manager is silent', () => {
  expect(layoutOf(undefined, { pool_defaults: { size: 2, failure_domain: 'host' } })).toEqual({
    ...unknown,
    size: 2,
    minSize: 1,
    failureDomain: 'host',
  });
});
