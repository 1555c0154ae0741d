import { expect, test } from 'vitest';
import { renderLedger } from '../../src/http/ledger.ts';
import type { Sample } from '../../src/insights/next-failure/recorded-samples.ts';

const sample = (value: number, labels: Sample['labels']): Sample => ({ value, labels });
const psu = { component: 'psu', member: 'abydos', name: '' };
const mon = { component: 'ceph_mon', member: '', name: '' };

const ledgerOf = (psus: number, mons: number) =>
  new Map([
    ['rackwatch_redundancy_faults_tolerated', [sample(psus - 1, psu), sample(mons - 2, mon)]],
    ['rackwatch_redundancy_current', [sample(psus, psu), sample(mons, mon)]],
    ['rackwatch_redundancy_expected', [sample(2, psu), sample(3, mon)]],
    ['rackwatch_redundancy_minimum', [sample(1, psu), sample(2, mon)]],
  ]);

const cells = (html: string) =>
  [...html.matchAll(/<tr><td class="n (good|bad)">(.*?)<\/tr>/g)].map(([, color, row = '']) => [
    color,
    ...row.replace(/<\/td>$/, '').split('</td><td>'),
  ]);

test.each([
  [
    'a healthy cluster',
    ledgerOf(2, 3),
    'Each of 2 components stands a failure.',
    [
      ['good', '✓ 1', 'psu', 'abydos', '', '2', '2', '1'],
      ['good', '✓ 1', 'ceph_mon', '', '', '3', '3', '2'],
    ],
  ],
  [
    'one that has lost its quorum and a power supply',
    ledgerOf(1, 1),
    'Of 2 components, 2 stand no further failure.',
    [
      ['bad', '✗ outage', 'ceph_mon', '', '', '1', '3', '2'],
      ['bad', '△ none', 'psu', 'abydos', '', '1', '2', '1'],
    ],
  ],
])('%s: the worst first, in words and not in colours alone', (_name, samples, summary, rows) => {
  const html = renderLedger(samples);
  expect(html).toContain(summary);
  expect(cells(html)).toEqual(rows);
  expect(html).toContain('The rest can do without any one server');
});

test('what a dead server takes along is told, and names are escaped', () => {
  const loss = sample(0, { member: '<m1>', resource: 'ceph_quorum', name: '' });
  const html = renderLedger(new Map([...ledgerOf(2, 3), ['rackwatch_survives_member_loss', [loss]]]));
  expect(html).toContain('<li>without &lt;m1&gt;: Ceph has no quorum</li>');
});

test('where nothing is known, nothing is claimed', () => {
  expect(renderLedger(new Map())).toBe('');
});
