import type { Pool, Redundancy } from './client/manager/pools.ts';
import type { CephConfig } from './config.ts';

/** How the copies of a pool are laid out. What is undefined nobody has said. */
export interface PoolLayout {
  /** Copies of every object; of an erasure coded pool its data and coding chunks. */
  readonly size: number | undefined;
  /** With fewer of them a placement group serves no IO. Where it is not configured, Ceph's default for that size. */
  readonly minSize: number | undefined;
  /** Name of the CRUSH rule; only if configured, and so are the next two. */
  readonly rule: string | undefined;
  readonly deviceClass: string | undefined;
  /** What no two copies share, such as host. */
  readonly failureDomain: string | undefined;
}

/**
 * A manager tells the size and no more: the rest is configured, for one pool or for all. What is configured for a pool
 * wins over the manager, and the manager over what is configured for all.
 */
export function layOut({ name, redundancy }: Pool, { pools, pool_defaults: defaults }: CephConfig): PoolLayout {
  const own = pools[name] ?? {};
  const size = own.size ?? sizeOf(redundancy) ?? defaults.size;
  return {
    size,
    minSize: own.min_size ?? defaults.min_size ?? defaultMinSize(size, redundancy),
    rule: own.rule ?? defaults.rule,
    deviceClass: own.device_class ?? defaults.device_class,
    failureDomain: own.failure_domain ?? defaults.failure_domain,
  };
}

function sizeOf(redundancy: Redundancy | undefined): number | undefined {
  return redundancy?.kind === 'erasure' ? redundancy.data + redundancy.coding : redundancy?.size;
}

/**
 * What Ceph gives to a new pool as long as `osd_pool_default_min_size` is 0: more than half of the copies; of an
 * erasure coded pool one chunk more than the data, if there is one to lose.
 * https://docs.ceph.com/en/latest/rados/configuration/pool-pg-config-ref/ and
 * https://docs.ceph.com/en/latest/rados/operations/erasure-code/
 */
function defaultMinSize(size: number | undefined, redundancy: Redundancy | undefined): number | undefined {
  if (redundancy?.kind === 'erasure') return redundancy.data + Math.min(1, redundancy.coding - 1);
  return size === undefined ? undefined : size - Math.floor(size / 2);
}
