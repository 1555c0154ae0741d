import { expect, test } from 'vitest';
import { foretell } from '../../../src/insights/next-failure/next-failure.ts';
import {
  describeMemberLoss,
  describeOsdLoss,
  describeRedundancy,
} from '../../../src/insights/next-failure/next-failure-text.ts';
import type { Sample } from '../../../src/insights/next-failure/recorded-samples.ts';

const psu = { component: 'psu', member: 'abydos', name: '' };
const mons = { component: 'ceph_mon', member: '', name: '' };
const pool = { name: 'rbd', member: 'abydos', resource: 'storage_availability' };

const samples: Readonly<Record<string, readonly Sample[]>> = {
  rackwatch_redundancy_current: [
    { labels: psu, value: 1 },
    { labels: mons, value: 1 },
  ],
  rackwatch_redundancy_expected: [{ labels: psu, value: 2 }],
  rackwatch_redundancy_minimum: [
    { labels: psu, value: 1 },
    { labels: mons, value: 2 },
  ],
  rackwatch_redundancy_faults_tolerated: [
    { labels: psu, value: 0 },
    { labels: mons, value: -1 },
    { labels: { ...psu, member: 'langara' }, value: 1 },
  ],
  rackwatch_survives_member_loss: [
    { labels: { member: 'abydos', resource: 'memory', name: '' }, value: 0 },
    { labels: pool, value: 0 },
    { labels: { member: 'langara', resource: 'memory', name: '' }, value: 1 },
  ],
  // The order of a metric's labels is not that of another's.
  rackwatch_member_loss_margin_bytes: [
    { labels: { name: '', resource: 'memory', member: 'abydos' }, value: -3 * 2 ** 30 },
  ],
  rackwatch_member_loss_margin_ratio: [{ labels: pool, value: -0.25 }],
  rackwatch_survives_osd_loss: [
    { labels: { osd: '3', member: 'orilla', device_class: 'ssd' }, value: 0 },
    { labels: { osd: '4', member: 'orilla', device_class: 'ssd' }, value: 1 },
  ],
  rackwatch_osd_loss_margin_bytes: [{ labels: { osd: '3', member: 'orilla', device_class: 'ssd' }, value: -512 }],
};

test('what does not survive is told with its counts and margins, the worst first', () => {
  expect(foretell(new Map(Object.entries(samples)))).toEqual({
    known: true,
    redundancy: [
      {
        component: 'ceph_mon',
        member: null,
        name: null,
        current: 1,
        expected: null,
        minimum: 2,
        faults_tolerated: -1,
      },
      { component: 'psu', member: 'abydos', name: null, current: 1, expected: 2, minimum: 1, faults_tolerated: 0 },
    ],
    member_loss: [
      { member: 'abydos', resource: 'memory', name: null, margin_bytes: -3_221_225_472, margin_ratio: null },
      { member: 'abydos', resource: 'storage_availability', name: 'rbd', margin_bytes: null, margin_ratio: -0.25 },
    ],
    osd_loss: [{ osd: '3', member: 'orilla', device_class: 'ssd', margin_bytes: -512 }],
  });
});

test.each([
  ['nothing that tells', {}, false],
  ['other metrics only', { rackwatch_join_coverage_ratio: [{ labels: {}, value: 0 }] }, false],
  ['all is well', { rackwatch_survives_osd_loss: [{ labels: { osd: '1' }, value: 1 }] }, true],
])('%s: no losses, and whether that is known', (_name, given, known) => {
  const empty = { known, redundancy: [], member_loss: [], osd_loss: [] };
  expect(foretell(new Map(Object.entries(given)))).toEqual(empty);
});

test.each([
  [0, 1, 2, 1, 'psu abydos: 1 of 2 there, 1 needed: the next failure is an outage'],
  [-1, 0, 2, 1, 'psu abydos: 0 of 2 there, 1 needed: the outage is there'],
  [0, 1, null, null, 'psu abydos: 1 there: the next failure is an outage'],
  [0, null, null, null, 'psu abydos: the next failure is an outage'],
])('a component that stands %d failures', (faults_tolerated, current, expected, minimum, text) => {
  const row = { component: 'psu', member: 'abydos', name: null, current, expected, minimum, faults_tolerated };
  expect(describeRedundancy(row)).toBe(text);
});

test.each([
  [-3 * 2 ** 30, null, 'without abydos: no memory for its instances elsewhere, 3.0 GiB short'],
  [-1, null, 'without abydos: no memory for its instances elsewhere, 1 B short'],
  [null, -0.125, 'without abydos: no memory for its instances elsewhere, 13 % short'],
  [null, null, 'without abydos: no memory for its instances elsewhere'],
  [5, null, 'without abydos: no memory for its instances elsewhere'],
])('the loss of a member, margin %j or %j', (margin_bytes, margin_ratio, text) => {
  const loss = { member: 'abydos', resource: 'memory', name: null, margin_bytes, margin_ratio };
  expect(describeMemberLoss(loss)).toBe(text);
});

test.each([
  ['storage_recovery', 'hdd', 'without abydos: its data cannot be recovered elsewhere (hdd)'],
  ['lxd_quorum', null, 'without abydos: LXD has no quorum'],
  ['constellation', null, 'without abydos: constellation does not survive'],
])('the loss of a member takes %s with it', (resource, name, text) => {
  expect(describeMemberLoss({ member: 'abydos', resource, name, margin_bytes: null, margin_ratio: null })).toBe(text);
});

test.each([
  ['orilla', 'ssd', 'without osd.3 (ssd on orilla): its data cannot be recovered elsewhere, 2.0 TiB short'],
  [null, 'ssd', 'without osd.3 (ssd): its data cannot be recovered elsewhere, 2.0 TiB short'],
  [null, null, 'without osd.3: its data cannot be recovered elsewhere, 2.0 TiB short'],
])('the loss of an OSD on %s', (member, device_class, text) => {
  expect(describeOsdLoss({ osd: '3', member, device_class, margin_bytes: -(2 ** 41) })).toBe(text);
});
