import { describe, expect, test } from 'vitest';
import { scenarios } from '../../src/demo/scenarios/index.ts';
import { delayOf } from './proof/delays.ts';
import { deeds, proofs, realFaults } from './proof/faults.ts';
import { formatSeconds, renderTable } from './proof/table.ts';
import { firstFaults, secondFaults } from './real-faults.ts';
import { type Alert, alerts } from './shipped.ts';

const find = (name: string): Alert => alerts.find(({ alert }) => alert === name) as Alert;

test('every alert has one fault that makes it fire, and no fault makes an alert that is not there', () => {
  expect(proofs.map(({ alert }) => alert).toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
});

test('every scenario and every deed is there, and each deed is done for some alert', () => {
  const scenarioNames = scenarios.map(({ name }) => name);
  const used = new Set(proofs.map(({ by }) => by));
  expect([...used].filter((name) => !scenarioNames.includes(name) && !(name in deeds))).toEqual([]);
  expect(Object.keys(deeds).filter((name) => !used.has(name))).toEqual([]);
});

test('what is said to be of real systems is', () => {
  expect([...realFaults.keys()]).toEqual([...firstFaults, ...secondFaults].map(({ alert }) => alert));
});

test.each([
  // 30 s until the BMC is read, 15 + 15 s until Prometheus has it, 2 min, 30 s.
  ['BmcPsuFailed', { receiver: 'mail', seconds: 210 }],
  ['BgpTransitLost', { receiver: 'pager', seconds: 100 }],
  ['LxdHealedMemberStillPowered', { receiver: 'pager', seconds: 40 }],
  ['CephScrubDisabled', { receiver: 'digest', seconds: 88_230 }],
  ['Watchdog', { receiver: 'deadmansswitch', seconds: 30 }],
  ['MemberInMaintenance', { receiver: 'nobody', seconds: 60 }],
])('%s is told by %j', (name, expected) => {
  expect(delayOf(find(name))).toEqual(expected);
});

test.each([
  [0, '0 s'],
  [100, '1 min 40 s'],
  [88_230, '1 d 30 min 30 s'],
])('%d s reads %s', (seconds, expected) => {
  expect(formatSeconds(seconds)).toBe(expected);
});

describe('the table', () => {
  const lines = renderTable().split('\n');

  test('has a line for every alert', () => {
    expect(lines.filter((line) => line.startsWith('| ')).length).toBe(alerts.length + 1);
  });

  test('says fault, place and times', () => {
    expect(lines).toContain(
      '| BmcPsuFailed | warning | A power supply of abydos fails. | demo rack, `psu-fails`; real systems | 3 min 30 s (mail) | 3 min 5 s; real: 2 min 31 s |',
    );
  });
});
