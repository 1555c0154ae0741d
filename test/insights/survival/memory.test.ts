import { expect, test } from 'vitest';
import { memberLosses } from './losses.ts';

interface Host {
  readonly status?: string;
  readonly up?: boolean;
  readonly used?: number;
  readonly isRead?: boolean;
}

const instance = (member: string, memoryUsedBytes?: number, more: object = {}) => ({
  memoryUsedBytes,
  facts: {
    ...{ project: 'p', name: 'i', kind: 'container', member, state: 'running', nics: [], pools: ['remote'] },
    ...more,
  },
});
const pools = [
  { name: 'remote', driver: 'ceph', shared: true },
  { name: 'local', driver: 'zfs', shared: false },
];

/** Members of 100 bytes each. */
function lxd(hosts: Readonly<Record<string, Host>>, instances: readonly ReturnType<typeof instance>[]) {
  const members = Object.entries(hosts).map(([name, { status = 'online' }]) => ({ name, url: '', status, roles: [] }));
  const own = Object.entries(hosts).map(([target, { isRead = true, up = true, used = 60 }]) => {
    const host = { member: target, cpus: 1, memoryTotalBytes: 100, memoryUsedBytes: used };
    return { target, up, facts: isRead ? { host } : {} };
  });
  const shared = { target: 'cluster', facts: { clustered: false, members, pools } };
  const listed = {
    instances: instances.map((one) => one.facts),
    memoryUsedBytes: instances.map((one) => one.memoryUsedBytes),
  };
  return { lxd: [shared, { target: 'instances', facts: listed }, ...own] };
}

const three = { a: {}, b: {}, c: {} };

test.each([
  ['what it uses moves', [instance('a', 30), instance('a', 20)], [1, 30, 0.15]],
  ['it is just enough', [instance('a', 40), instance('a', 40)], [1, 0, 0]],
  ['it is too much together', [instance('a', 40), instance('a', 40), instance('a', 1)], [0, -1, -0.005]],
  ['one is too large for any of the others', [instance('a', 41)], [0, -1, -0.005]],
  ['a container is bounded by its limit', [instance('a', 50, { memoryLimitBytes: 30 })], [1, 50, 0.25]],
  ['a container of which only the limit is known', [instance('a', undefined, { memoryLimitBytes: 30 })], [1, 50, 0.25]],
  [
    'a virtual machine takes its limit',
    [instance('a', 10, { kind: 'virtual-machine', memoryLimitBytes: 30 })],
    [1, 50, 0.25],
  ],
  ['a virtual machine without a limit', [instance('a', 30, { kind: 'virtual-machine' })], [1, 50, 0.25]],
  ['frozen ones hold their memory', [instance('a', 30, { state: 'frozen' })], [1, 50, 0.25]],
  ['stopped ones do not count', [instance('a', 30, { state: 'stopped' })], [1, 80, 0.4]],
  ['nor those on a local pool', [instance('a', 30, { pools: ['remote', 'local'] })], [1, 80, 0.4]],
  ['nor those with a device of the host', [instance('a', 30, { hasLocalDevice: true })], [1, 80, 0.4]],
  ['nor those that stop with it', [instance('a', 30, { evacuate: 'stop' })], [1, 80, 0.4]],
  ['those that migrate do', [instance('a', 30, { evacuate: 'live-migrate' })], [1, 50, 0.25]],
])('memory: %s', (_name, instances, line) => {
  expect(memberLosses(lxd(three, instances))).toEqual({
    'a memory': line,
    'b memory': [1, 80, 0.4],
    'c memory': [1, 80, 0.4],
  });
});

test.each([
  [
    'in maintenance takes nothing',
    { a: {}, b: { status: 'evacuated' }, c: {} },
    { a: [1, 10, 0.1], b: [1, 80, 0.4], c: [1, 40, 0.4] },
  ],
  [
    'that is blocked takes nothing',
    { a: {}, b: { status: 'blocked' }, c: {} },
    { a: [1, 10, 0.1], b: [1, 80, 0.4], c: [1, 40, 0.4] },
  ],
  [
    'that is away takes nothing, and has no sample',
    { a: {}, b: { up: false }, c: {} },
    { a: [1, 10, 0.1], c: [1, 40, 0.4] },
  ],
  [
    'that is overcommitted has nothing free',
    { a: {}, b: { used: 110 }, c: {} },
    { a: [1, 10, 0.05], b: [1, 80, 0.4], c: [1, 40, 0.2] },
  ],
])('memory: a member %s', (_name, hosts, expected) => {
  const lines = Object.fromEntries(Object.entries(expected).map(([member, line]) => [`${member} memory`, line]));
  expect(memberLosses(lxd(hosts, [instance('a', 30)]))).toEqual(lines);
});

test('memory: the last member has nobody to go to', () => {
  const hosts = { a: {}, b: { up: false } };
  expect(memberLosses(lxd(hosts, [instance('a', 30)]))).toEqual({ 'a memory': [0, -30] });
  expect(memberLosses(lxd(hosts, []))).toEqual({ 'a memory': [1, 0] });
});

test('memory: of a member with an instance of unknown size nothing is said', () => {
  const instances = [instance('a', 30), instance('a'), instance('a', 30)];
  expect(memberLosses(lxd(three, instances))).toEqual({ 'b memory': [1, 80, 0.4], 'c memory': [1, 80, 0.4] });
});

const without = (part: string) => {
  const heards = lxd(three, []);
  const strip = ({ facts, ...rest }: { facts: object }) => ({
    ...rest,
    facts: Object.fromEntries(Object.entries(facts).filter(([name]) => name !== part)),
  });
  return { lxd: heards.lxd.map(strip) };
};

test.each([
  ['instances', without('instances')],
  ['pools', without('pools')],
  ['members', without('members')],
  ['the memory of a member that could take some', lxd({ a: {}, b: { isRead: false } }, [])],
  ['other members', lxd({ a: {} }, [])],
])('memory: nothing is said without %s', (_name, heards) => {
  expect(memberLosses(heards)).toEqual({});
});
