import { expect, test } from 'vitest';
import { runInsight } from '../../src/core/insight.ts';
import { redundancy } from '../../src/insights/redundancy.ts';
import { survival } from '../../src/insights/survival.ts';
import { ledgerOf } from './redundancy/ledger.ts';
import { valuesOf, viewOf } from './targets.ts';

const bmc = (member: string) => ({
  target: member,
  facts: { member, powerSupplies: [{ name: 'PS1', isPresent: true }], fans: [{ name: 'FAN1', health: 'ok' }] },
});
const heards = { bmc: [bmc('abydos'), bmc('langara')] };

test('each line is four series', () => {
  const one = { bmc: [{ facts: { member: 'abydos', powerSupplies: [{ name: 'PS1' }] } }] };
  expect(Object.fromEntries(valuesOf(redundancy, one))).toEqual({
    'rackwatch_redundancy_current{component="psu",member="abydos"}': 1,
    'rackwatch_redundancy_expected{component="psu",member="abydos"}': 1,
    'rackwatch_redundancy_minimum{component="psu",member="abydos"}': 1,
    'rackwatch_redundancy_faults_tolerated{component="psu",member="abydos"}': 0,
  });
});

test('the configuration knows better, and its first entry that matches counts', () => {
  const expected = [
    { component: 'psu', member: 'langara', expected: 1, minimum: 0 },
    { component: 'psu', expected: 2 },
    { component: 'psu', expected: 9 },
    { component: 'fan', name: 'x', expected: 9 },
    { component: 'lxd_voter', expected: 9 },
  ];
  expect(ledgerOf(heards, { keys: { expected } })).toEqual({
    'psu abydos': [1, 2, 1, 0],
    'fan abydos': [1, 1, 1, 0],
    'psu langara': [1, 1, 0, 1],
    'fan langara': [1, 1, 1, 0],
  });
});

test.each([
  ['a component that is none', { component: 'psus', expected: 2 }],
  ['an entry that changes nothing', { component: 'psu' }],
  ['less than nothing', { component: 'psu', expected: -1 }],
  ['an unknown key', { component: 'psu', expected: 2, least: 1 }],
])('%s is refused', (_name, entry) => {
  expect(redundancy.configSchema?.safeParse({ expected: [entry] }).success).toBe(false);
});

test.each([
  [redundancy, 0, true],
  [redundancy, 1, false],
  [survival, 0, true],
  [survival, 1, false],
])('$name is not derived anew because time goes on, unless a chassis is behind (%d)', (insight, configLag, isKept) => {
  const chassis = [{ chassis: 'a', member: 'a', encapAddresses: [], configLag, confirmedAtSeconds: 0 }];
  const facts = viewOf({ ovn: [{ facts: { chassis, gateways: [] } }] });
  const config = insight.configSchema?.parse({});
  const [first, second] = [1, 2].map((nowMs) => runInsight(insight, { facts, nowMs, config }).families);
  expect(first === second).toBe(isKept);
});
