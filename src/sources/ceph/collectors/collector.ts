import { SourceError } from '../../../core/errors.ts';
import type { Emit, Metric } from '../../../core/metric.ts';
import type { Collector, TargetSettings } from '../../../core/source.ts';
import type { CephClient, Pages, Reading } from '../client/ceph-client.ts';
import { staleReasons } from '../client/freshness.ts';
import type { CephConfig } from '../config.ts';
import type { CephFacts } from '../facts.ts';

export type CephCollector = Collector<CephClient, CephFacts, CephConfig & TargetSettings>;

/** The pages to show. Throws where there are none, or none that is young enough. */
export function requirePages({ pages, freshness }: Reading): Pages {
  if (pages) return pages;
  const reasons = [...freshness.reasons].map((reason) => staleReasons[reason]);
  throw new SourceError('unavailable', reasons.join('; '));
}

/**
 * Whether the managers can know how the cluster fares. Without a quorum, or when they have stopped collecting, they go
 * on saying HEALTH_OK; while no manager answers, the last word holds until it is too old.
 */
export const isHealthKnown = ({ freshness: { reasons } }: Reading): boolean =>
  !reasons.has('no_quorum') && !reasons.has('frozen');

/** Emits a value unless it is unknown. */
export function emitKnown<L extends string>(
  emit: Emit,
  metric: Metric<L>,
  labels: Readonly<Record<L, string>>,
  value: number | boolean | undefined,
): void {
  if (value !== undefined) emit(metric, labels, Number(value));
}
