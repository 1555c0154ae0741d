import { expect, test } from 'vitest';
import { healed } from '../../src/insights/healed.ts';
import { derive } from './facts.ts';

const m3 = { name: 'm3', status: 'evacuated', url: 'https://m3:8443', roles: [] };
const moved = (more: object = {}) => ({
  project: 'web',
  name: 'a',
  kind: 'container',
  member: 'm1',
  state: 'running',
  evacuateOrigin: 'm3',
  lastUsedAt: 1100,
  lastPowerRunning: true,
  nics: [],
  pools: [],
  ...more,
});
const on = { member: 'm3', reachable: true, powerOn: true };

/** Silent since 1000, healed away after 60 s, its instance started elsewhere at 1100: as it looks to a new process. */
const traces = {
  members: [m3],
  histories: [{ member: 'm3', seenAt: 2000 }],
  healingAfterSeconds: 60,
  silences: [{ member: 'm3', since: 1000 }],
  instances: [moved()],
};
const byEvent = { members: [m3], histories: [{ member: 'm3', healedAt: 1100, seenAt: 1101 }] };
const silent = { lxd: { m3: false } };
const answers = { lxd: { m3: true } };
const host = (bootedAt?: number) => ({
  host: { member: 'm3', cpus: 1, memoryTotalBytes: 1, memoryUsedBytes: 1, bootedAt },
});

const rows: readonly [string, object, object, object, number | undefined][] = [
  ['the event said it', byEvent, on, silent, 1],
  [
    'the event said it, and the member answers again without having booted',
    { ...byEvent, ...host(900) },
    on,
    answers,
    1,
  ],
  ['the event said it, and the member does not tell when it booted', { ...byEvent, ...host() }, on, answers, 1],
  ['the host has booted since', { ...byEvent, ...host(1200) }, on, answers, 0],
  ['its last known boot is of no use while it is silent', { ...byEvent, ...host(1200) }, on, silent, 1],
  ['it was restored', { ...byEvent, members: [{ ...m3, status: 'online' }] }, on, answers, 0],
  [
    'it was healed and restored, and evacuated by wish since',
    { members: [m3], histories: [{ member: 'm3', healedAt: 1100, restoredAt: 1500, startedAt: 2000 }] },
    on,
    silent,
    0,
  ],
  [
    'it was healed, restored unseen, and evacuated by wish since',
    { members: [m3], histories: [{ member: 'm3', healedAt: 1100, evacuatedAt: 2000 }] },
    on,
    silent,
    0,
  ],
  [
    'it was evacuated by wish and restored before it was healed',
    { members: [m3], histories: [{ member: 'm3', evacuatedAt: 500, restoredAt: 600, healedAt: 1100 }] },
    on,
    silent,
    1,
  ],
  ['it is off', byEvent, { ...on, powerOn: false }, silent, 0],
  ['the BMC does not answer', byEvent, { ...on, reachable: false }, silent, undefined],
  ['the BMC does not tell', byEvent, { member: 'm3', reachable: true }, silent, undefined],
  ['the BMC of another one', byEvent, { ...on, member: 'm1' }, silent, undefined],
  ['traces are enough', traces, on, silent, 1],
  [
    'traces: an evacuation by wish is over for long',
    { ...traces, histories: [{ member: 'm3', evacuatedAt: 500, restoredAt: 600, seenAt: 2000 }] },
    on,
    silent,
    1,
  ],
  ['traces: it answers', traces, on, answers, 0],
  ['traces: LXD does not heal', { ...traces, healingAfterSeconds: 0 }, on, silent, 0],
  [
    'traces: the instances were started before it fell silent',
    { ...traces, instances: [moved({ lastUsedAt: 990 })] },
    on,
    silent,
    0,
  ],
  [
    'traces: they were started sooner than LXD heals',
    { ...traces, instances: [moved({ lastUsedAt: 1059 })] },
    on,
    silent,
    0,
  ],
  ['traces: nothing of it runs elsewhere', { ...traces, instances: [moved({ state: 'stopped' })] }, on, silent, 0],
  [
    'traces: its evacuation was seen to begin',
    { ...traces, histories: [{ member: 'm3', startedAt: 980 }] },
    on,
    silent,
    0,
  ],
  [
    'traces: its evacuation was seen to end',
    { ...traces, histories: [{ member: 'm3', evacuatedAt: 980 }] },
    on,
    silent,
    0,
  ],
  ['traces: offline, not healed yet', { ...traces, members: [{ ...m3, status: 'offline' }] }, on, silent, 0],
  ['traces: the configuration cannot be read', { ...traces, healingAfterSeconds: undefined }, on, silent, undefined],
  ['traces: the warnings cannot be read', { ...traces, silences: undefined }, on, silent, undefined],
  ['traces: the instances cannot be read', { ...traces, instances: undefined }, on, silent, undefined],
  ['traces: it was never asked', traces, on, {}, undefined],
];

test.each(rows)('%s', (_name, lxd, bmc, reach, expected) => {
  const expectedLines =
    expected === undefined ? [] : [`rackwatch_member_healed_while_powered{member="m3"} ${expected}`];
  expect(derive(healed, { lxd, bmc }, {}, reach as Record<string, Record<string, boolean>>)).toEqual(expectedLines);
});

test('without LXD or without BMCs there is nothing', () => {
  expect(derive(healed, { bmc: on })).toEqual([]);
  expect(derive(healed, { lxd: byEvent })).toEqual([]);
});
