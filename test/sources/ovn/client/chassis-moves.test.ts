import { expect, test } from 'vitest';
import { ChassisMoves } from '../../../../src/sources/ovn/client/chassis-moves.ts';

const port = (chassis: string | undefined, type = 'chassisredirect') => ({
  logical_port: 'cr-x',
  type,
  chassis,
  up: true,
  ha_chassis_group: undefined,
  external_ids: new Map<string, string>(),
});

test('counts from one chassis to another, and not the way over nowhere', () => {
  const moves = new ChassisMoves((uuid) => uuid.toUpperCase());
  for (const chassis of ['a', 'a', undefined, 'a', undefined, 'b', 'b', 'a']) moves.observe(port(chassis));
  expect(moves.countOf('cr-x')).toBe(2);
  expect(moves.countOf('cr-y')).toBe(0);
});

test('a chassis that comes back with another row is the same', () => {
  const moves = new ChassisMoves(() => 'sys-1');
  moves.observe(port('row-1'));
  moves.observe(port('row-2'));
  expect(moves.countOf('cr-x')).toBe(0);
});

test('waits for the name of a chassis that comes later in the same update', () => {
  const names = new Map([['a', 'sys-a']]);
  const moves = new ChassisMoves((uuid) => names.get(uuid));
  moves.observe(port('a'));
  moves.observe(port('b'));
  names.set('b', 'sys-b');
  expect(moves.countOf('cr-x')).toBe(1);
});

test('looks at gateways only', () => {
  const moves = new ChassisMoves((uuid) => uuid);
  moves.observe(port('a', ''));
  moves.observe(port('b', ''));
  expect(moves.countOf('cr-x')).toBe(0);
});
