import type { Emit, Metric } from '../../../core/metric.ts';
import type { BgpInstance, BgpPeer } from '../client/bgp-summary.ts';

/** frr_exporter's labels, plus `router`. */
export const instanceLabels = ['router', 'vrf', 'afi', 'safi', 'local_as'] as const;
export const familyLabels = [...instanceLabels, 'peer', 'peer_as'] as const;
/** What belongs to the session and not to one of its families. */
export const sessionLabels = ['router', 'vrf', 'local_as', 'peer', 'peer_as'] as const;

export type FamilyLabels = Readonly<Record<(typeof familyLabels)[number], string>>;
export type SessionLabels = Readonly<Record<(typeof sessionLabels)[number], string>>;

export const sessionOf = (
  router: string,
  { vrf, localAs }: BgpInstance,
  { name, remoteAs }: BgpPeer,
): SessionLabels => ({
  router,
  vrf,
  local_as: String(localAs),
  peer: name,
  peer_as: String(remoteAs),
});

/**
 * A gauge that frr_exporter gave a name which ends in `_total` or `_count`, as counters and summaries do. Dashboards
 * know the name, so it stays; a type that belongs to the value contradicts it, so it is untyped.
 */
export const inheritedGauge = <const L extends string>(
  name: string,
  labels: readonly L[],
  help: string,
): Metric<L> => ({
  name,
  type: 'untyped',
  help,
  labels,
});

/** Emits what is known: no sample for undefined. */
export function emitKnown<L extends string>(
  emit: Emit,
  metric: Metric<L>,
  labels: Readonly<Record<L, string>>,
  value: number | undefined,
): void {
  if (value !== undefined) emit(metric, labels, value);
}
