import type { ErrorCode } from '../core/errors.ts';
import type { InsightResult } from '../core/insight.ts';
import { counter, type Emit, gauge, info } from '../core/metric.ts';
import { type CollectorOutcome, countSeries } from '../core/snapshot.ts';
import type { TargetView } from '../core/target.ts';
import { version } from '../version.ts';

const target = ['source', 'target'] as const;
const collector = ['source', 'target', 'collector'] as const;

const buildInfo = info('rackwatch_build_info', {
  help: 'Version of rackwatch and of Node; demo is "true" when everything shown is simulated.',
  labels: ['version', 'node_version', 'demo'],
});
const targetUp = gauge('rackwatch_target_up', {
  help: 'Whether the newest collection of the target got any answer (1) or none (0).',
  labels: target,
});
const collectorSuccess = gauge('rackwatch_collector_success', {
  help: 'Whether the collector succeeded in the newest collection.',
  labels: collector,
});
const collectorDuration = gauge('rackwatch_collector_duration_seconds', {
  help: 'Time the collector took in the newest collection.',
  labels: collector,
});
const collectorErrors = counter('rackwatch_collector_errors_total', {
  help: 'Collections that failed, by the reason; the codes are in the documentation.',
  labels: [...collector, 'code'],
});
const collectorRepeats = gauge('rackwatch_collector_repeated_series', {
  help: 'Series that the collector gave more than once in the newest collection, and that are shown once.',
  labels: collector,
});
const snapshotAge = gauge('rackwatch_snapshot_age_seconds', {
  help: 'Age of what is shown of the target; absent when nothing is shown.',
  labels: target,
});
const snapshotSeries = gauge('rackwatch_snapshot_series', {
  help: 'Number of series shown of the target; absent when nothing is shown.',
  labels: target,
});
const insightSuccess = gauge('rackwatch_insight_success', {
  help: 'Whether the insight could be derived from the facts of this scrape.',
  labels: ['insight'],
});
const insightDuration = gauge('rackwatch_insight_duration_seconds', {
  help: 'Time the insight took in this scrape.',
  labels: ['insight'],
});
const reloadSuccess = gauge('rackwatch_config_last_reload_successful', {
  help: 'Whether the configuration file was accepted when it was last read.',
});
const reloadTime = gauge('rackwatch_config_last_reload_success_timestamp_seconds', {
  help: 'Unix time at which a configuration file was last accepted.',
});

/** Everything above, for the generated reference. */
export const selfMetrics = [
  buildInfo,
  targetUp,
  collectorSuccess,
  collectorDuration,
  collectorErrors,
  collectorRepeats,
  snapshotAge,
  snapshotSeries,
  insightSuccess,
  insightDuration,
  reloadSuccess,
  reloadTime,
];

export interface ReloadState {
  successful: boolean;
  /** Milliseconds since the epoch. */
  lastSuccessAt: number;
}

/** The program and its insights. */
export function describeSelf(emit: Emit, insights: readonly InsightResult[], reload: ReloadState, demo: boolean): void {
  emit(buildInfo, { version, node_version: process.version, demo: String(demo) }, 1);
  emit(reloadSuccess, {}, reload.successful ? 1 : 0);
  emit(reloadTime, {}, reload.lastSuccessAt / 1000);
  for (const { outcome } of insights) {
    emit(insightSuccess, { insight: outcome.collector }, outcome.failure ? 0 : 1);
    emit(insightDuration, { insight: outcome.collector }, outcome.durationSeconds);
  }
}

/** How the targets fared, for any page that shows them. */
export function describeTargets(emit: Emit, views: readonly TargetView[]): void {
  for (const view of views) describeTarget(emit, view);
}

function describeTarget(emit: Emit, view: TargetView): void {
  const labels = { source: view.source, target: view.target };
  emit(targetUp, labels, view.up ? 1 : 0);
  if (view.snapshot && view.ageSeconds !== undefined) {
    emit(snapshotAge, labels, view.ageSeconds);
    emit(snapshotSeries, labels, countSeries(view.snapshot));
  }
  for (const outcome of view.newest?.outcomes ?? []) describeCollector(emit, labels, outcome);
  for (const [name, codes] of view.errorCounts) describeErrors(emit, { ...labels, collector: name }, codes);
}

function describeCollector(
  emit: Emit,
  target: { source: string; target: string },
  { collector, durationSeconds, failure, repeats }: CollectorOutcome,
): void {
  const labels = { ...target, collector };
  emit(collectorSuccess, labels, failure ? 0 : 1);
  emit(collectorDuration, labels, durationSeconds);
  emit(collectorRepeats, labels, repeats);
}

function describeErrors(
  emit: Emit,
  labels: { source: string; target: string; collector: string },
  codes: ReadonlyMap<ErrorCode, number>,
): void {
  for (const [code, count] of codes) emit(collectorErrors, { ...labels, code }, count);
}
