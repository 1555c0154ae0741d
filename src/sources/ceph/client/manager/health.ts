import { indexBy, single } from './lookup.ts';
import type { Samples } from './samples.ts';

export interface HealthCheck {
  /** Ceph's code, such as OSD_DOWN. */
  readonly name: string;
  readonly level: 'warn' | 'error';
}

/** What a manager says of the cluster as a whole. */
export interface Health {
  readonly status: 'ok' | 'warn' | 'error' | undefined;
  /** The checks that are raised at present. */
  readonly checks: readonly HealthCheck[];
  readonly flags: ReadonlyMap<string, boolean>;
  /** Slow operations by daemon, such as osd.3. */
  readonly slowOps: ReadonlyMap<string, number>;
  readonly degradedObjects: number | undefined;
  readonly misplacedObjects: number | undefined;
  readonly unfoundObjects: number | undefined;
}

export const FLAG_FAMILY_PREFIX = 'ceph_osd_flag_';

export const healthFamilies: readonly string[] = [
  'ceph_health_status',
  'ceph_health_detail',
  'ceph_daemon_health_metrics',
  'ceph_num_objects_degraded',
  'ceph_num_objects_misplaced',
  'ceph_num_objects_unfound',
];

const statuses = ['ok', 'warn', 'error'] as const;

export function decodeHealth(samples: Samples): Health {
  const status = single(samples, 'ceph_health_status');
  return {
    status: status === undefined ? undefined : statuses[status],
    checks: decodeChecks(samples),
    flags: decodeFlags(samples),
    slowOps: indexBy(
      new Map([['slow', (samples.get('ceph_daemon_health_metrics') ?? []).filter(isSlowOps)]]),
      'slow',
      'ceph_daemon',
    ),
    degradedObjects: single(samples, 'ceph_num_objects_degraded'),
    misplacedObjects: single(samples, 'ceph_num_objects_misplaced'),
    unfoundObjects: single(samples, 'ceph_num_objects_unfound'),
  };
}

const isSlowOps = ({ labels }: { labels: Readonly<Record<string, string>> }): boolean => labels['type'] === 'SLOW_OPS';

/**
 * A check that was ever raised stays in the list with the value 0. Nothing is listed before the first one, so an absent
 * family means that there is none: every release since Pacific has it.
 */
function decodeChecks(samples: Samples): HealthCheck[] {
  return (samples.get('ceph_health_detail') ?? []).flatMap(({ labels: { name, severity }, value }) =>
    value === 1 && name ? [{ name, level: severity === 'HEALTH_ERR' ? 'error' : 'warn' }] : [],
  );
}

function decodeFlags(samples: Samples): ReadonlyMap<string, boolean> {
  const flags = new Map<string, boolean>();
  for (const family of samples.keys()) {
    const value = family.startsWith(FLAG_FAMILY_PREFIX) ? single(samples, family) : undefined;
    if (value !== undefined) flags.set(family.slice(FLAG_FAMILY_PREFIX.length), value === 1);
  }
  return flags;
}
