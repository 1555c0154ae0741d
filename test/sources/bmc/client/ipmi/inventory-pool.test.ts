import { expect, test } from 'vitest';
import { InventoryPool } from '../../../../../src/sources/bmc/client/ipmi/inventory-pool.ts';
import type { Sensor } from '../../../../../src/sources/bmc/client/ipmi/sdr-sensor.ts';

/** A compact record (type 02h) of sensor AAh, owner 20h, named `Intru`, and one that is too short for its type. */
const intrusion = Buffer.from('0500510220' + '2000aa17016740056f0000000001000000000000000000000000c5496e747275', 'hex');
const damaged = Buffer.from('060051012a20', 'hex');
const names = ({ sensors }: { sensors: readonly Sensor[] }) => sensors.map(({ name, number }) => [name, number]);

test('equal records are decoded once, whoever brings them', () => {
  const pool = new InventoryPool();
  const first = pool.inventory([intrusion, damaged], false);
  expect(names(first)).toEqual([['Intru', 0xaa]]);
  expect(first.skipped.undecodable).toBe(1);
  expect(pool.inventory([Buffer.from(intrusion), Buffer.from(damaged)], false)).toBe(first);
});

test('other records, the same bytes cut elsewhere, or another idea of the owner are another inventory', () => {
  const pool = new InventoryPool();
  const foreign = Buffer.from(intrusion);
  foreign[5] = 0x30;
  const first = pool.inventory([intrusion, damaged], false);
  expect(pool.inventory([intrusion], false)).not.toBe(first);
  expect(pool.inventory([Buffer.concat([intrusion, damaged])], false)).not.toBe(first);
  expect(names(pool.inventory([foreign], false))).toEqual([]);
  expect(names(pool.inventory([foreign], true))).toEqual([['Intru', 0xaa]]);
});

test('equal thresholds of a sensor are kept once, and no more than eight different ones', () => {
  const pool = new InventoryPool();
  const [sensor] = pool.inventory([intrusion], false).sensors as [Sensor];
  const first = { uc: 80, unc: 75 };
  expect(pool.thresholds(sensor, first)).toBe(first);
  expect(pool.thresholds(sensor, { unc: 75, uc: 80 })).toBe(first);
  expect(pool.thresholds({ ...sensor }, { unc: 75, uc: 80 })).not.toBe(first);
  expect(pool.thresholds(sensor, { uc: 80 })).toEqual({ uc: 80 });
  for (let uc = 0; uc < 8; uc++) pool.thresholds(sensor, { uc });
  const again = { uc: 80, unc: 75 };
  expect(pool.thresholds(sensor, again)).toBe(again);
});
