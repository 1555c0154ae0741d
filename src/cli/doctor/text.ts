import { type Join, type JoinName, joinMeanings } from '../../insights/joins/misses.ts';
import type { NextFailure } from '../../insights/next-failure/next-failure.ts';
import {
  describeMemberLoss,
  describeOsdLoss,
  describeRedundancy,
} from '../../insights/next-failure/next-failure-text.ts';
import type { Missing, Report, TargetReport } from './report.ts';

interface TextOptions {
  readonly colour: boolean;
}

type Paint = (kind: 'good' | 'bad' | 'title', text: string) => string;

/** What a clock may differ by before it is worth a word; the protocols tell whole seconds. */
const MAX_CLOCK_SECONDS = 2;

/** For a person in front of a terminal. Colour only repeats what the words say. */
export function renderReport(report: Report, { colour }: TextOptions): string {
  const paint = colour ? paintAnsi : (_kind: string, text: string) => text;
  const sections = [
    [paint('title', `rackwatch ${report.version} doctor`)],
    showTargets(report.targets, paint),
    showMissing(report.missing, paint),
    showJoins(report.joins, paint),
    showNextFailure(report.next_failure, paint),
    [summarize(report, paint)],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const ansi = { good: '\u001b[32m', bad: '\u001b[31m', title: '\u001b[1m' } as const;
const paintAnsi: Paint = (kind, text) => `${ansi[kind]}${text}\u001b[0m`;

function showTargets(targets: readonly TargetReport[], paint: Paint): string[] {
  if (targets.length === 0) return ['The configuration turns on no source.'];
  const head = ['SOURCE', 'TARGET', 'REACHED', 'VERSION', 'CLOCK', 'TOOK', ''];
  const rows = targets.map((one) => [
    one.source,
    one.target,
    one.reached ? 'yes' : 'NO',
    one.version ?? '–',
    describeClock(one.clock_offset_seconds),
    one.took_seconds === null ? '–' : `${one.took_seconds.toFixed(2)} s`,
    one.reached ? '' : `${one.reason} (${one.code})`,
  ]);
  const lines = alignColumns([head, ...rows]).map((line, index) => {
    const target = targets[index - 1];
    if (!target) return paint('title', line);
    return target.reached ? line : paint('bad', line);
  });
  return [...lines, ...showUnreached(targets, paint)];
}

function showUnreached(targets: readonly TargetReport[], paint: Paint): string[] {
  return targets.flatMap(({ source, unreached_addresses: addresses }) =>
    addresses.map(({ address, code }) => paint('bad', printable(`${source}: no answer of ${address} (${code})`))),
  );
}

function describeClock(seconds: number | null): string {
  if (seconds === null) return '–';
  const sign = seconds > 0 ? '+' : '';
  return Math.abs(seconds) > MAX_CLOCK_SECONDS ? `${sign}${seconds} s, WRONG?` : `${sign}${seconds} s`;
}

/** Pads every cell but the last of a line to the width of its column. */
function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(printable));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function showMissing(missing: readonly Missing[], paint: Paint): string[] {
  const title = paint('title', 'What is missing');
  if (missing.length === 0) return [title, '  Nothing: every collector of every target that is reached succeeds.'];
  return [title, ...missing.flatMap((one) => describeMissing(one, paint))];
}

const kinds: Readonly<Partial<Record<Missing['code'], string>>> = {
  auth: 'credential not accepted',
  forbidden: 'right missing',
  unsupported: 'not offered by this version',
};

function describeMissing({ code, collector, lost, reason, source, targets }: Missing, paint: Paint): string[] {
  const where = targets.length === 0 ? '' : ` of ${targets.join(', ')}`;
  const headline = `${source}: ${collector}${where}: ${kinds[code] ?? 'failed'} (${code})`;
  return [
    `  ${paint('bad', printable(headline))}`,
    `    would give: ${printable(lost)}`,
    `    reason:     ${printable(reason)}`,
  ];
}

function showJoins(joins: readonly Join[], paint: Paint): string[] {
  const title = paint('title', 'What joins');
  if (joins.length === 0) return [title, '  Nothing to join: that takes LXD and another source.'];
  const lines = alignColumns(
    joins.map(({ join, missed, total }) => [join, `${total - missed} of ${total}`, joinMeanings[join]]),
  );
  return [title, ...joins.flatMap((join, index) => describeJoin(join, lines[index] ?? '', paint))];
}

/** Where to look, for joins that a configuration can mend. */
const remedies: Readonly<Partial<Record<JoinName, string>>> = {
  chassis_member: 'members: { <member>: { chassis: … } } names a host that OVN calls otherwise',
  osd_member: 'members: { <member>: { ceph_host: … } } names a host that Ceph calls otherwise',
  bmc_member: 'sources.bmc.targets[].member is the name of a member of LXD',
};

function describeJoin({ join, missed, names }: Join, line: string, paint: Paint): string[] {
  if (missed === 0) return [`  ${line}`];
  const more = missed > names.length ? [`and ${missed - names.length} more`] : [];
  const remedy = remedies[join];
  return [
    `  ${paint('bad', line)}`,
    ...[...names, ...more].map((name) => `    not joined: ${printable(name)}`),
    ...(remedy === undefined ? [] : [`    ${remedy}`]),
  ];
}

function showNextFailure(next: NextFailure, paint: Paint): string[] {
  const title = paint('title', 'What the next failure would break');
  const lines = [
    ...next.redundancy.map(describeRedundancy),
    ...next.member_loss.map(describeMemberLoss),
    ...next.osd_loss.map(describeOsdLoss),
  ];
  if (!next.known) return [title, '  Not known: nothing that was read tells.'];
  if (lines.length === 0) return [title, '  Nothing, of what is known.'];
  return [title, ...lines.map((line) => `  ${paint('bad', printable(line))}`)];
}

function summarize({ joins, missing, ok, targets }: Report, paint: Paint): string {
  if (ok) return paint('good', 'OK: all is reached, read and joined.');
  const unreached = targets.filter(({ reached }) => !reached).length;
  const addresses = targets.flatMap(({ unreached_addresses }) => unreached_addresses).length;
  const unjoined = joins.reduce((sum, { missed }) => sum + missed, 0);
  const parts = [
    ...count(unreached, `of ${targets.length} targets not reached`),
    ...count(addresses, addresses === 1 ? 'address not reached' : 'addresses not reached'),
    ...count(missing.length, missing.length === 1 ? 'collector without data' : 'collectors without data'),
    ...count(unjoined, unjoined === 1 ? 'thing not joined' : 'things not joined'),
  ];
  return paint('bad', `NOT OK: ${parts.join(', ')}.`);
}

const count = (number: number, what: string): string[] => (number === 0 ? [] : [`${number} ${what}`]);

/** What comes from elsewhere could steer the terminal. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, '\ufffd');
