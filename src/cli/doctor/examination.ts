import type { App } from '../../app.ts';
import type { Config } from '../../config/schema.ts';
import { type AnyInsight, factsView } from '../../core/insight.ts';
import type { DescribedTarget } from '../../core/room.ts';
import type { CollectorOutcome, Failure } from '../../core/snapshot.ts';
import type { AnySource, SourceSettings } from '../../core/source.ts';
import type { TargetView } from '../../core/target.ts';
import { measureJoins } from '../../insights/joins/misses.ts';
import { foretell } from '../../insights/next-failure/next-failure.ts';
import { version } from '../../version.ts';
import { isWell, type Missing, type Report, type TargetReport } from './report.ts';

/** Reads every target once, with as much patience as its own time limit grants, and draws the conclusions. */
export async function examine(
  app: App,
  sources: readonly AnySource[],
  insights: readonly AnyInsight[],
): Promise<Report> {
  await app.scrape(Date.now() + patienceMs(app.config));
  const described = await app.describe();
  const views = app.views();
  const facts = factsView(views);
  const recorded = app.recordInsights();
  const report = {
    version,
    targets: views.map((view) => reportTarget(view, described)),
    missing: [...listMissing(views, sources), ...listUnderived(recorded.failures, insights)],
    joins: measureJoins(facts),
    next_failure: foretell(recorded.samples),
  };
  return { ...report, ok: isWell(report) };
}

/** Members of LXD are discovered by a first cycle and read by a second one. */
function patienceMs({ sources }: Config): number {
  const timeouts = Object.values(sources).map((settings) => (settings as SourceSettings | undefined)?.timeout ?? 0);
  return 2 * Math.max(0, ...timeouts) + 1000;
}

function reportTarget(view: TargetView, described: readonly DescribedTarget[]): TargetReport {
  const { newest, source, target, up } = view;
  const said = described.find((one) => one.source === source && one.target === target);
  const failure = up ? undefined : whyDown(newest?.outcomes);
  return {
    source,
    target,
    reached: up,
    code: failure?.code ?? null,
    reason: failure?.message ?? null,
    version: said?.version ?? null,
    // Adding 0 makes -0, which prints as such, 0.
    clock_offset_seconds: said?.clockOffsetSeconds === undefined ? null : Math.round(said.clockOffsetSeconds) + 0,
    took_seconds: newest ? Math.round(newest.durationSeconds * 1000) / 1000 : null,
    unreached_addresses: said?.unreached ?? [],
  };
}

const noAnswer: Failure = { code: 'timeout', message: 'no answer in time' };

/** What says most: a refusal before a silence, which may only follow from it. */
function whyDown(outcomes: readonly CollectorOutcome[] = []): Failure {
  const failures = outcomes.flatMap(({ failure }) => failure ?? []);
  return failures.find(({ code }) => code !== 'timeout') ?? failures[0] ?? noAnswer;
}

function listMissing(views: readonly TargetView[], sources: readonly AnySource[]): readonly Missing[] {
  const found = new Map<string, Missing>();
  for (const { newest, source, target, up } of views) {
    for (const { collector, failure } of up ? (newest?.outcomes ?? []) : []) {
      if (!failure) continue;
      const { code, message: reason } = failure;
      const key = `${source} ${collector} ${code}`;
      const known = found.get(key);
      const lost = helpOf(sources, source, collector);
      const targets = [...(known?.targets ?? []), target];
      found.set(key, { source, collector, code, reason: known?.reason ?? reason, lost, targets });
    }
  }
  return [...found.values()];
}

const helpOf = (sources: readonly AnySource[], source: string, collector: string): string =>
  sources.find(({ name }) => name === source)?.collectors.find(({ name }) => name === collector)?.help ?? '';

function listUnderived(failures: ReadonlyMap<string, Failure>, insights: readonly AnyInsight[]): readonly Missing[] {
  return [...failures].map(([collector, { code, message: reason }]) => {
    const lost = insights.find(({ name }) => name === collector)?.help ?? '';
    return { source: 'insights', targets: [], collector, code, reason, lost };
  });
}
