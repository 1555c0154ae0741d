import { expect, test } from 'vitest';
import { ledgerOf } from './ledger.ts';

const ceph = (facts: object) => ({ ceph: [{ facts: { staleReasons: [], ...facts } }] });
const mon = (reachable?: boolean, inQuorum?: boolean) => ({ name: 'm', member: 'm', reachable, inQuorum });
const manager = (state: string) => ({ manager: '10.0.0.11:9283', state });

test.each([
  ['three', [mon(true, true), mon(true, true), mon(true, true)], 2, [3, 3, 2, 1]],
  [
    'one out of reach, by an old page in the quorum',
    [mon(false, true), mon(true, true), mon(true, true)],
    2,
    [2, 3, 2, 0],
  ],
  ['one out of the quorum', [mon(true, true), mon(true, false), mon(true, true)], 2, [2, 3, 2, 0]],
  ['the quorum is lost', [mon(true), mon(false), mon(false)], 2, [1, 3, 2, -1]],
  ['not configured, known to the manager', [mon(undefined, true), mon(undefined, true)], 2, [2, 2, 2, 0]],
  ['nobody says anything of one', [mon(), mon(true), mon(true)], 2, [2, 3, 2, 0]],
  ['the majority is not known', [mon(true), mon(true), mon(true), mon(true), mon(true)], undefined, [5, 5, 3, 2]],
])('monitors: %s', (_name, mons, majority, line) => {
  const heards = ceph({ managers: [manager('active')], mons: { majority, mons } });
  expect(ledgerOf(heards)).toMatchObject({ ceph_mon: line });
});

test.each([
  ['all answer', ['active', 'standby', 'standby'], [3, 3, 1, 2]],
  ['one is gone', ['active', 'unavailable', 'standby'], [2, 3, 1, 1]],
  ['between two actives', ['unavailable', 'standby', 'standby'], [2, 3, 1, 1]],
  ['none answers, and monitors do', ['unavailable', 'unavailable'], [0, 2, 1, -1]],
])('managers: %s', (_name, states, line) => {
  const heards = ceph({ managers: states.map(manager), mons: { majority: 1, mons: [mon(true)] } });
  expect(ledgerOf(heards)).toMatchObject({ ceph_mgr: line });
});

test('when neither managers nor monitors answer, nothing is said of either', () => {
  const heards = ceph({ managers: [manager('unavailable')], mons: { majority: 1, mons: [mon(false)] } });
  expect(ledgerOf(heards)).toEqual({});
});

const mds = (filesystem?: string, rank?: number) => ({ name: 'x', member: 'x', filesystem, rank });

test.each([
  ['one serves, two stand by', [mds('fs', 0), mds(), mds()], [3, 2, 1, 2]],
  ['one serves alone', [mds('fs', 0)], [1, 2, 1, 0]],
  ['nobody serves, one may', [mds()], [1, 2, 1, 0]],
  ['nobody is there', [], [0, 2, 1, -1]],
  ['two ranks and a standby that follows one', [mds('fs', 0), mds('fs', 1), mds('fs')], [3, 3, 2, 1]],
  ['the first rank of two is lost', [mds('fs', 1)], [1, 3, 2, -1]],
  ["another file system's are no help", [mds('fs', 0), mds('other', 0)], [1, 2, 1, 0]],
])('MDS: %s', (_name, mdss, line) => {
  expect(ledgerOf(ceph({ filesystems: ['fs'], mdss }))).toEqual({ 'ceph_mds fs': line });
});

test('while the managers are silent nothing is said of MDS and OSD hosts', () => {
  const facts = {
    staleReasons: ['no_manager'],
    filesystems: ['fs'],
    mdss: [mds('fs', 0)],
    ...threeHosts,
    pools: [pool({})],
  };
  expect(ledgerOf(ceph(facts))).toEqual({});
});

const osd = (member: string, deviceClass: string, up: boolean | undefined = true, isIn = true) => {
  return { id: '0', member, deviceClass, up, in: isIn };
};
const pool = (more: object) => ({ name: 'p', redundancy: { kind: 'replicated', size: 3 }, undersizedPgs: 0, ...more });
const hosts = (names: string, deviceClass = 'hdd') => [...names].map((name) => osd(name, deviceClass));
const threeHosts = { osds: hosts('abc') };

test.each([
  ['three hosts, three copies', hosts('abc'), pool({}), [3, 3, 2, 1]],
  ['one down', [...hosts('ab'), osd('c', 'hdd', false)], pool({ undersizedPgs: 9 }), [2, 3, 2, 0]],
  ['one down and out', [...hosts('ab'), osd('c', 'hdd', false, false)], pool({ undersizedPgs: 9 }), [2, 3, 2, 0]],
  ['two down', [...hosts('a'), osd('b', 'hdd', false), osd('c', 'hdd', false)], pool({}), [1, 3, 2, -1]],
  [
    'one of the OSDs of a host down',
    [...hosts('aabbc'), osd('c', 'hdd', false)],
    pool({ undersizedPgs: 5 }),
    [3, 3, 3, 0],
  ],
  ['ten hosts stand one loss, not eight', hosts('abcdefghij'), pool({}), [10, 10, 9, 1]],
  ['one of ten down', [...hosts('abcdefghi'), osd('j', 'hdd', false)], pool({}), [9, 10, 9, 0]],
  [
    'one of ten gone, and its data back elsewhere',
    [...hosts('abcdefghi'), osd('j', 'hdd', false, false)],
    pool({}),
    [9, 10, 8, 1],
  ],
  [
    'one of ten gone, its data still on the way',
    [...hosts('abcdefghi'), osd('j', 'hdd', false, false)],
    pool({ undersizedPgs: 1 }),
    [9, 10, 9, 0],
  ],
  ['a min_size of its own', hosts('abc'), pool({ minSize: 1 }), [3, 3, 1, 2]],
  ['two copies', hosts('abc'), pool({ redundancy: { kind: 'replicated', size: 2 } }), [3, 3, 2, 1]],
  ['an erasure code', hosts('abcdef'), pool({ redundancy: { kind: 'erasure', data: 4, coding: 2 } }), [6, 6, 5, 1]],
  ['an erasure code of one', hosts('abc'), pool({ redundancy: { kind: 'erasure', data: 2, coding: 1 } }), [3, 3, 2, 1]],
  ['copies without regard to hosts', hosts('abc'), pool({ failureDomain: 'osd' }), [3, 3, 3, 0]],
  ['all hosts serve, and some data do not', hosts('abc'), pool({ undersizedPgs: 5, inactivePgs: 2 }), [3, 3, 4, -1]],
  ['sizes without a description', hosts('abc'), pool({ redundancy: undefined, size: 3, minSize: 2 }), [3, 3, 2, 1]],
  ['its own class', [...hosts('abc'), ...hosts('ab', 'ssd')], pool({ deviceClass: 'hdd' }), [3, 3, 2, 1]],
  ['the weakest class where its own is not known', [...hosts('abc'), ...hosts('ab', 'ssd')], pool({}), [2, 2, 2, 0]],
])('OSD hosts: %s', (_name, osds, one, line) => {
  expect(ledgerOf(ceph({ osds, pools: [one] }))).toEqual({ 'ceph_osd_host p': line });
});

test.each([
  ['the host of an OSD is not known', [...hosts('ab'), osd('', 'hdd')], pool({})],
  ['the state of an OSD is not known', [...hosts('ab'), { ...osd('c', 'hdd'), up: undefined }], pool({})],
  ['the size of the pool is not known', hosts('abc'), pool({ redundancy: undefined, size: 3 })],
  ['there is no OSD of its class', hosts('abc'), pool({ deviceClass: 'nvme' })],
  ['there are no OSDs', [], pool({})],
])('OSD hosts: nothing is said when %s', (_name, osds, one) => {
  expect(ledgerOf(ceph({ osds, pools: [one] }))).toEqual({});
});
