import { describe, expect, test } from 'vitest';
import { instances } from '../../src/insights/instances.ts';
import { derive } from './facts.ts';

const instance = (more: object) => ({
  project: 'web',
  name: 'www',
  kind: 'container',
  member: 'm1',
  state: 'running',
  lastPowerRunning: true,
  nics: [],
  pools: [],
  ...more,
});
const members = [
  { name: 'm1', status: 'online', url: '', roles: [] },
  { name: 'm3', status: 'online', url: '', roles: [] },
];
const labels = 'project="web",name="www",member="m1"';

describe('expected to run, and down', () => {
  test.each([
    ['running', {}, 1, 0],
    ['ready', { state: 'ready' }, 1, 0],
    ['stopped with its host', { state: 'stopped' }, 1, 1],
    ['frozen', { state: 'frozen' }, 1, 1],
    ['stopped by hand', { state: 'stopped', lastPowerRunning: false }, 0, 0],
    ['stopped, but to be started at boot', { state: 'stopped', lastPowerRunning: false, autostart: true }, 1, 1],
    ['not to be started at boot', { state: 'stopped', autostart: false }, 0, 0],
    ['running all the same', { autostart: false }, 0, 0],
    ['protected from being started', { state: 'stopped', autostart: true, startProtected: true }, 0, 0],
    ['its member is away', { state: 'error' }, 1, undefined],
    ['its member is away, and LXD knows no more', { state: 'error', configUnknown: true }, undefined, undefined],
  ])('%s', (_name, more, expected, down) => {
    const lines = [
      ...(down === undefined ? [] : [`rackwatch_instance_down{${labels}} ${down}`]),
      ...(expected === undefined ? [] : [`rackwatch_instance_expected_running{${labels}} ${expected}`]),
    ];
    expect(derive(instances, { lxd: { instances: [instance(more)] } }).sort()).toEqual(lines);
  });
});

describe('displaced', () => {
  const away = instance({ evacuateOrigin: 'm3' });
  const operation = { member: 'm3', kind: 'restoring', startedAt: 1 };
  test.each([
    ['its member is back', {}, true],
    ['its member is evacuated', { members: [{ ...members[1], status: 'evacuated' }] }, false],
    ['its member is offline', { members: [{ ...members[1], status: 'offline' }] }, false],
    ['its member is being restored', { maintenance: [operation] }, false],
    ['another member is being restored', { maintenance: [{ ...operation, member: 'm2' }] }, true],
    ['its member has left the cluster', { members: [members[0]] }, false],
    ['it has returned', { instances: [instance({ member: 'm3', evacuateOrigin: 'm3' })] }, false],
    ['it was not evacuated', { instances: [instance({})] }, false],
    ['operations are unknown', { maintenance: undefined }, false],
    ['members are unknown', { members: undefined }, false],
  ])('%s', (_name, more, isDisplaced) => {
    const lxd = { instances: [away], members, maintenance: [], ...more };
    expect(derive(instances, { lxd }).filter((line) => line.includes('displaced'))).toEqual(
      isDisplaced ? [`rackwatch_instance_displaced{${labels},origin="m3"} 1`] : [],
    );
  });
});

test('without the list of instances there is nothing', () => {
  expect(derive(instances, { lxd: { members, maintenance: [] } })).toEqual([]);
  expect(derive(instances, {})).toEqual([]);
});
