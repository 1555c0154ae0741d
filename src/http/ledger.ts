import { foretell, listRedundancy, type NextFailure, type Redundancy } from '../insights/next-failure/next-failure.ts';
import { describeMemberLoss, describeOsdLoss } from '../insights/next-failure/next-failure-text.ts';
import type { Samples } from '../insights/next-failure/recorded-samples.ts';
import { escapeHtml } from './html.ts';

/** What would break next: every component with the failures that it still stands, and what a dead server would take along. */
export function renderLedger(samples: Samples): string {
  const rows = listRedundancy(samples);
  const next = foretell(samples);
  if (!next.known) return '';
  const spent = rows.filter(({ faults_tolerated: tolerated }) => tolerated <= 0).length;
  return `<section><h2>What would break next</h2>
<p>${summarize(spent, rows.length)}</p>
<div class="wide"><table class="ledger"><thead><tr><th>Can still lose</th><th>Component</th><th>Member</th><th>Name</th><th>Work</th>
<th>Expected</th><th>Needed</th></tr></thead><tbody>${rows.map(renderRow).join('')}</tbody></table></div>
${renderLosses(next)}</section>`;
}

function summarize(spent: number, all: number): string {
  if (spent === 0) return `<span class="good">✓</span> Each of ${all} components stands a failure.`;
  return `<span class="bad">△ Of ${all} components, ${spent} ${spent === 1 ? 'stands' : 'stand'} no further failure.</span>`;
}

function renderRow({
  component,
  current,
  expected,
  faults_tolerated: tolerated,
  member,
  minimum,
  name,
}: Redundancy): string {
  const verdict = tolerated < 0 ? '✗ outage' : tolerated === 0 ? '△ none' : `✓ ${tolerated}`;
  const cells = [component, member, name, current, expected, minimum].map(
    (cell) => `<td>${escapeHtml(String(cell ?? ''))}</td>`,
  );
  return `<tr><td class="n ${tolerated > 0 ? 'good' : 'bad'}">${verdict}</td>${cells.join('')}</tr>`;
}

function renderLosses({ member_loss: members, osd_loss: osds }: NextFailure): string {
  const lines = [...members.map(describeMemberLoss), ...osds.map(describeOsdLoss)];
  if (lines.length === 0)
    return '<p><span class="good">✓</span> The rest can do without any one server, and without any one OSD.</p>';
  const items = lines.map((line) => `<li>${escapeHtml(line)}</li>`);
  return `<details><summary>What a server or a disk would take along (${lines.length})</summary><ul>${items.join('')}</ul></details>`;
}
