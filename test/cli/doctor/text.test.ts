import { expect, test } from 'vitest';
import type { Report, TargetReport } from '../../../src/cli/doctor/report.ts';
import { renderReport } from '../../../src/cli/doctor/text.ts';

const well: TargetReport = {
  source: 'lxd',
  target: 'abydos',
  reached: true,
  code: null,
  reason: null,
  version: '5.0.2',
  clock_offset_seconds: 0,
  took_seconds: 0.214,
  unreached_addresses: [],
};
const dead: TargetReport = {
  ...well,
  source: 'bmc',
  reached: false,
  code: 'connect',
  reason: 'nobody there',
  version: null,
  clock_offset_seconds: null,
  took_seconds: null,
};

const healthy: Report = {
  version: '1.2.3',
  ok: true,
  targets: [well],
  missing: [],
  joins: [{ join: 'osd_member', total: 12, missed: 0, names: [] }],
  next_failure: { known: true, redundancy: [], member_loss: [], osd_loss: [] },
};

const ill: Report = {
  ...healthy,
  ok: false,
  targets: [
    { ...well, unreached_addresses: [{ address: 'https://10.0.0.19:8443', code: 'connect' }] },
    { ...well, target: 'langara', clock_offset_seconds: -7 },
    dead,
  ],
  missing: [
    {
      source: 'lxd',
      targets: ['abydos', 'langara'],
      collector: 'links',
      code: 'forbidden',
      reason: '/1.0/resources: LXD answered 403',
      lost: "The hosts' links.",
    },
    { source: 'insights', targets: [], collector: 'ports', code: 'internal', reason: 'a fault', lost: 'Ports.' },
  ],
  joins: [{ join: 'osd_member', total: 12, missed: 5, names: ['osd.1 on host node1', 'osd.2 on host node1'] }],
  next_failure: {
    known: true,
    redundancy: [
      {
        component: 'psu',
        member: 'abydos',
        name: null,
        current: 1,
        expected: 2,
        minimum: 1,
        faults_tolerated: 0,
      },
    ],
    member_loss: [{ member: 'abydos', resource: 'memory', name: null, margin_bytes: -1024, margin_ratio: null }],
    osd_loss: [{ osd: '3', member: null, device_class: null, margin_bytes: null }],
  },
};

const show = (report: Report): string => renderReport(report, { colour: false });

test('a healthy rack', () => {
  expect(show(healthy).split('\n')).toEqual([
    'rackwatch 1.2.3 doctor',
    '',
    'SOURCE  TARGET  REACHED  VERSION  CLOCK  TOOK',
    'lxd     abydos  yes      5.0.2    0 s    0.21 s',
    '',
    'What is missing',
    '  Nothing: every collector of every target that is reached succeeds.',
    '',
    'What joins',
    '  osd_member  12 of 12  OSDs that are on a member of LXD',
    '',
    'What the next failure would break',
    '  Nothing, of what is known.',
    '',
    'OK: all is reached, read and joined.',
    '',
  ]);
});

test('a rack that has everything', () => {
  expect(show(ill).split('\n')).toEqual([
    'rackwatch 1.2.3 doctor',
    '',
    'SOURCE  TARGET   REACHED  VERSION  CLOCK         TOOK',
    'lxd     abydos   yes      5.0.2    0 s           0.21 s',
    'lxd     langara  yes      5.0.2    -7 s, WRONG?  0.21 s',
    'bmc     abydos   NO       –        –             –       nobody there (connect)',
    'lxd: no answer of https://10.0.0.19:8443 (connect)',
    '',
    'What is missing',
    '  lxd: links of abydos, langara: right missing (forbidden)',
    "    would give: The hosts' links.",
    '    reason:     /1.0/resources: LXD answered 403',
    '  insights: ports: failed (internal)',
    '    would give: Ports.',
    '    reason:     a fault',
    '',
    'What joins',
    '  osd_member  7 of 12  OSDs that are on a member of LXD',
    '    not joined: osd.1 on host node1',
    '    not joined: osd.2 on host node1',
    '    not joined: and 3 more',
    '    members: { <member>: { ceph_host: … } } names a host that Ceph calls otherwise',
    '',
    'What the next failure would break',
    '  psu abydos: 1 of 2 there, 1 needed: the next failure is an outage',
    '  without abydos: no memory for its instances elsewhere, 1.0 KiB short',
    '  without osd.3: its data cannot be recovered elsewhere',
    '',
    'NOT OK: 1 of 3 targets not reached, 1 address not reached, 2 collectors without data, 5 things not joined.',
    '',
  ]);
});

test('nothing configured, nothing known', () => {
  const next_failure = { ...healthy.next_failure, known: false };
  const text = show({ ...healthy, targets: [], joins: [], next_failure });
  expect(text).toContain('The configuration turns on no source.');
  expect(text).toContain('Nothing to join: that takes LXD and another source.');
  expect(text).toContain('Not known: nothing that was read tells.');
});

test('colour only repeats what the words say', () => {
  const start = String.fromCharCode(27);
  const coloured = renderReport(ill, { colour: true });
  expect(coloured).toContain(`${start}[31mbmc     abydos   NO`);
  expect(coloured.replaceAll(new RegExp(`${start}\\[\\d+m`, 'g'), '')).toBe(show(ill));
  expect(show(ill)).not.toContain(start);
});

test('what comes from elsewhere cannot steer the terminal', () => {
  const reason = 'evil\u001b[2Jtext\r\nwith\u009bcontrols';
  const text = show({
    ...ill,
    targets: [{ ...dead, reason }],
    missing: [{ source: 'lxd', targets: [reason], collector: 'links', code: 'forbidden', reason, lost: '' }],
    joins: [{ join: 'bmc_member', total: 1, missed: 1, names: [reason] }],
  });
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(text).toContain('evil\ufffd[2Jtext\ufffd\ufffdwith\ufffdcontrols');
});
