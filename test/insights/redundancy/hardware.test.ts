import { expect, test } from 'vitest';
import { ledgerOf } from './ledger.ts';

const well = { isPresent: true, hasFailed: false, isInputLost: false };
const bmc = (facts: object) => ({
  bmc: [{ target: 'abydos', facts: { member: 'abydos', reachable: true, ...facts } }],
});
const supplies = (...list: object[]) =>
  bmc({ powerSupplies: list.map((supply, i) => ({ name: `PS${i + 1}`, ...supply })) });
const fans = (...healths: string[]) => healths.map((health, i) => ({ name: `FAN${i + 1}`, health }));

test.each([
  ['both well', [well, well], [2, 2, 1, 1]],
  ['one pulled', [well, { isPresent: false }], [1, 2, 1, 0]],
  ['one failed', [well, { ...well, hasFailed: true }], [1, 2, 1, 0]],
  ['one without input', [well, { ...well, isInputLost: true }], [1, 2, 1, 0]],
  ['one with a wrong input', [well, { ...well, isInputOutOfRange: true }], [1, 2, 1, 0]],
  ['one that does not fit', [well, { ...well, hasConfigurationError: true }], [1, 2, 1, 0]],
  ['one that expects to fail', [well, { ...well, isFailurePredicted: true }], [2, 2, 1, 1]],
  [
    'both without input',
    [
      { ...well, isInputLost: true },
      { ...well, isInputLost: true },
    ],
    [0, 2, 1, -1],
  ],
  ['one that tells its presence only', [{ isPresent: true }], [1, 1, 1, 0]],
])('power supplies: %s', (_name, list, line) => {
  expect(ledgerOf(supplies(...list))).toEqual({ 'psu abydos': line });
});

test.each([
  ['all well', fans('ok', 'ok', 'ok'), {}, [3, 3, 2, 1]],
  ['an empty header', fans('ok', 'ok', 'absent'), {}, [2, 2, 1, 1]],
  ['a warning still turns', fans('ok', 'noncritical', 'ok'), {}, [3, 3, 2, 1]],
  ['one stands', fans('ok', 'nonrecoverable', 'ok'), {}, [2, 3, 2, 0]],
  ['two stand', fans('ok', 'nonrecoverable', 'critical'), {}, [1, 3, 2, -1]],
  ['a single one', fans('ok'), {}, [1, 1, 1, 0]],
])('fans: %s', (_name, list, more, line) => {
  expect(ledgerOf(bmc({ fans: list, powerOn: true, ...more }))).toEqual({ 'fan abydos': line });
});

test.each([
  ['fully_redundant', [4, 4, 3, 1]],
  ['redundancy_degraded', [4, 4, 3, 1]],
  ['degraded_from_fully_redundant', [4, 4, 3, 1]],
  ['redundancy_lost', [4, 4, 4, 0]],
  ['nonredundant_from_redundant', [4, 4, 4, 0]],
  ['nonredundant_from_insufficient', [4, 4, 4, 0]],
  ['insufficient_resources', [4, 4, 5, -1]],
])('a redundancy sensor of the fans that says %s is believed', (state, line) => {
  const redundancies = [
    { sensor: 'Fan Redundancy', kind: 'fan', state },
    { sensor: 'PS Redundancy', kind: 'power_supply', state: 'insufficient_resources' },
  ];
  expect(ledgerOf(bmc({ fans: fans('ok', 'ok', 'ok', 'ok'), redundancies }))).toEqual({ 'fan abydos': line });
});

test('the worst that is asserted counts', () => {
  const redundancies = ['redundancy_lost', 'insufficient_resources'].map((state) => {
    return { sensor: 'PS Redundancy', kind: 'power_supply', state };
  });
  const { bmc: both } = supplies(well, well);
  expect(ledgerOf({ bmc: [{ facts: { ...both?.[0]?.facts, redundancies } }] })).toEqual({
    'psu abydos': [2, 2, 3, -1],
  });
});

test.each([
  ['a server that is off has no fans to count', bmc({ fans: fans('ok', 'ok'), powerOn: false })],
  ['a BMC that does not answer has nothing', bmc({ reachable: false })],
  ['a BMC that lists no supplies has none to lose', supplies()],
])('%s', (_name, heards) => {
  expect(ledgerOf(heards)).toEqual({});
});
