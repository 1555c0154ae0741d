import { expect } from 'vitest';
import { type Page, type Sample, seriesOf } from '../../labs/page.ts';
import { ownPart, type Rackwatch } from '../../labs/rackwatch.ts';

/** Come and go in a healthy cluster as well: leadership moves, operations and warnings end. */
const restless = new Set(['lxd_cluster_member_role', 'lxd_operations_running', 'lxd_warnings']);

/** The series of LXD that a page of the same cluster has to have whenever all is well. */
export const steadySeries = (page: Page): ReadonlySet<string> => new Set(steadySamples(page).map(seriesOf));

function steadySamples({ samples }: Page): readonly Sample[] {
  return samples.filter(({ name }) => name.startsWith('lxd_') && !restless.has(name));
}

/** Those of them that say something of these members or of instances that are at home there. */
export function seriesOfMembers(page: Page, members: readonly string[]): ReadonlySet<string> {
  const homes = new Map(page.find('lxd_instance_info').map(({ labels }) => [instanceKey(labels), labels.member]));
  const mine = steadySamples(page).filter(({ labels, name }) => {
    const member = labels.member ?? (name.startsWith('lxd_instance_') ? homes.get(instanceKey(labels)) : undefined);
    return member === undefined || members.includes(member);
  });
  return new Set(mine.map(seriesOf));
}

export const instanceKey = ({ name, project }: Readonly<Record<string, string>>): string => `${project}/${name}`;

interface Watch {
  readonly what: string;
  /** Must hold on every page, from the first to the last. */
  readonly always: (page: Page) => void;
  readonly done: (page: Page) => boolean;
  readonly timeoutMs?: number;
}

/** Far less than the 30 s for which LXD itself keeps silent in some of these tests. */
const TIMEOUT_SECONDS = 5;

/** Scrapes as Prometheus does, again and again; every page has to arrive in time and to satisfy `always`. */
export async function watch(rackwatch: Rackwatch, { what, always, done, timeoutMs = 150_000 }: Watch): Promise<Page> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const page = await rackwatch.scrape({ timeoutSeconds: TIMEOUT_SECONDS });
    always(page);
    if (done(page)) return page;
    if (performance.now() > end) throw new Error(`waited in vain: ${what}; the last page:\n${ownPart(page)}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Nothing of `expected` is missing, and what is shown of the targets was read a moment ago. */
export function expectComplete(page: Page, expected: ReadonlySet<string>, targets: readonly string[]): void {
  const shown = steadySeries(page);
  expect([...expected].filter((series) => !shown.has(series))).toEqual([]);
  for (const target of targets) {
    expect(page.value('rackwatch_snapshot_age_seconds', { source: 'lxd', target }), target).toBeLessThan(45);
  }
}

/** What is not as it was before: a series that is new or gone, a state that is not the good one. */
function differences(page: Page, before: ReadonlySet<string>): readonly string[] {
  const now = steadySeries(page);
  const mustBeOne = [
    ...page.find('rackwatch_target_up'),
    ...page.find('rackwatch_collector_success'),
    ...page.find('lxd_cluster_member_status', { status: 'online' }),
    ...page.find('lxd_instance_state', { state: 'running' }),
  ];
  return [
    ...[...before].filter((series) => !now.has(series)).map((series) => `gone: ${series}`),
    ...[...now].filter((series) => !before.has(series)).map((series) => `new: ${series}`),
    ...mustBeOne.filter(({ value }) => value !== 1).map((sample) => `not 1: ${seriesOf(sample)}`),
    ...page.find('lxd_warnings', { warning: 'Offline cluster member' }).map(seriesOf),
  ];
}

/** LXD takes its time to tidy up after a move or a dead member. */
const RECOVERY_MS = 330_000;

/** Watches until all is as before. */
export async function watchRecovery(
  rackwatch: Rackwatch,
  before: ReadonlySet<string>,
  always: (page: Page) => void = () => undefined,
): Promise<void> {
  let left: readonly string[] = [];
  const done = (page: Page) => {
    left = differences(page, before);
    return left.length === 0;
  };
  await watch(rackwatch, { what: 'all is as before', always, done, timeoutMs: RECOVERY_MS }).catch((error) => {
    throw new Error(`still different:\n${left.slice(0, 30).join('\n')}`, { cause: error });
  });
}
