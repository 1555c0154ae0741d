import { describe, expect, test } from 'vitest';
import { maintenance } from '../../src/insights/maintenance.ts';
import { derive, type Reach } from './facts.ts';

const member = (name: string, status = 'online') => ({ name, status, url: `https://${name}:8443`, roles: [] });
const moved = (name: string, more: object = {}) => ({
  project: 'web',
  name,
  kind: 'container',
  member: 'm1',
  state: 'running',
  evacuateOrigin: 'm3',
  lastUsedAt: 500,
  lastPowerRunning: true,
  nics: [],
  pools: [],
  ...more,
});
const evacuating = { member: 'm3', kind: 'evacuating', startedAt: 400 };
const restoring = { member: 'm3', kind: 'restoring', startedAt: 900 };

/** What is shown of m3, without its name. */
function show(lxd: object, reach: Reach = {}): string[] {
  const all = { maintenance: [], histories: [], instances: [], ...lxd };
  const lines = derive(maintenance, { lxd: all }, {}, reach).filter((line) => line.includes('member="m3"'));
  return lines.map((line) =>
    line
      .replace('rackwatch_member_', '')
      .replace(/member="m3",?/, '')
      .replace('{}', ''),
  );
}

const phases = (present: string) =>
  ['evacuating', 'evacuated', 'restoring'].map(
    (phase) => `maintenance_phase{phase="${phase}"} ${phase === present ? 1 : 0}`,
  );

describe('phases', () => {
  const members = (status: string) => ({ members: [member('m1'), member('m3', status)] });
  test.each([
    ['online', members('online'), ['maintenance 0', ...phases('')]],
    ['offline', members('offline'), ['maintenance 0', ...phases('')]],
    [
      'the start of an evacuation, before LXD calls it evacuated',
      { ...members('online'), maintenance: [evacuating] },
      ['maintenance 1', ...phases('evacuating'), 'maintenance_start_timestamp_seconds 400'],
    ],
    [
      'an evacuation: LXD calls it evacuated already',
      { ...members('evacuated'), maintenance: [evacuating] },
      ['maintenance 1', ...phases('evacuating'), 'maintenance_start_timestamp_seconds 400'],
    ],
    ['evacuated', members('evacuated'), ['maintenance 1', ...phases('evacuated')]],
    [
      'a restore: LXD calls it online already',
      { ...members('online'), maintenance: [restoring], histories: [{ member: 'm3', startedAt: 400 }] },
      ['maintenance 1', ...phases('restoring'), 'maintenance_start_timestamp_seconds 400'],
    ],
    [
      "another member's evacuation",
      { ...members('online'), maintenance: [{ ...evacuating, member: 'm1' }] },
      ['maintenance 0', ...phases('')],
    ],
    ['evacuated, operations unknown', { ...members('evacuated'), maintenance: undefined }, ['maintenance 1']],
    ['online, operations unknown', { ...members('online'), maintenance: undefined }, []],
    ['LXD silent', { members: undefined }, []],
  ])('%s', (_name, lxd, expected) => {
    expect(show(lxd).sort()).toEqual([...expected].sort());
  });
});

describe('the start', () => {
  const start = (lxd: object) =>
    show({ members: [member('m3', 'evacuated')], ...lxd }).find((line) => line.startsWith('maintenance_start'));
  test.each([
    [
      'of a running evacuation, whatever was before',
      { maintenance: [evacuating], histories: [{ member: 'm3', startedAt: 100 }] },
      400,
    ],
    ['as it was seen', { histories: [{ member: 'm3', startedAt: 300, seenAt: 200 }], instances: [moved('a')] }, 300],
    [
      'the first start of what was moved',
      { histories: [{ member: 'm3', seenAt: 800 }], instances: [moved('a'), moved('b', { lastUsedAt: 450 })] },
      450,
    ],
    [
      'not of a virtual machine, which is moved running',
      { histories: [{ member: 'm3', seenAt: 800 }], instances: [moved('a', { kind: 'virtual-machine' })] },
      800,
    ],
    [
      'not of what was stopped before',
      { histories: [{ member: 'm3', seenAt: 800 }], instances: [moved('a', { state: 'stopped' })] },
      800,
    ],
    [
      'not of what has returned',
      { histories: [{ member: 'm3', seenAt: 800 }], instances: [moved('a', { member: 'm3' })] },
      800,
    ],
    [
      'not of what comes from elsewhere',
      { histories: [{ member: 'm3', seenAt: 800 }], instances: [moved('a', { evacuateOrigin: 'm2' })] },
      800,
    ],
    ['of a restore, where nothing else is known', { maintenance: [restoring] }, 900],
    ['the first time it was seen', { histories: [{ member: 'm3', seenAt: 800 }] }, 800],
  ])('%s', (_name, lxd, expected) => {
    expect(start(lxd)).toBe(`maintenance_start_timestamp_seconds ${expected}`);
  });

  test('nothing is made up', () => expect(start({})).toBeUndefined());
});

test('a member that is evacuated and does not answer is told apart, and one that was never asked has no sample', () => {
  const lxd = { members: [member('m1'), member('m2'), member('m3', 'evacuated')], maintenance: [] };
  const lines = derive(maintenance, { lxd }, {}, { lxd: { cluster: true, m1: true, m3: false } });
  expect(lines.filter((line) => line.includes('reachable'))).toEqual([
    'rackwatch_member_reachable{member="m1"} 1',
    'rackwatch_member_reachable{member="m3"} 0',
  ]);
  expect(lines).toContain('rackwatch_member_maintenance{member="m3"} 1');
});

test('a member that LXD has healed away is not in maintenance before somebody restores it', () => {
  const healed = { members: [member('m3', 'evacuated')], histories: [{ member: 'm3', healedAt: 700, seenAt: 710 }] };
  expect(show(healed)).toEqual(['maintenance 0', ...phases('')]);
  expect(show({ ...healed, maintenance: [restoring] })).toContain('maintenance 1');
});

test('a member of several is shown each', () => {
  const lxd = { members: [member('m1'), member('m3', 'evacuated')], maintenance: [] };
  const lines = derive(maintenance, { lxd });
  expect(lines.filter((line) => /maintenance\{/.test(line))).toEqual([
    'rackwatch_member_maintenance{member="m1"} 0',
    'rackwatch_member_maintenance{member="m3"} 1',
  ]);
});
