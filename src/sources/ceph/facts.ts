import { defineFacts } from '../../core/insight.ts';
import type { StaleReason } from './client/freshness.ts';
import type { HealthCheck } from './client/manager/health.ts';
import type { ImageIo } from './client/manager/images.ts';
import type { Redundancy } from './client/manager/pools.ts';
import type { LxdVolume } from './lxd-volume.ts';
import type { PoolLayout } from './pool-layout.ts';

/** What insights may read of a Ceph cluster. `undefined` is unknown, and so is a part that is missing. */
export interface CephFacts {
  /** Always there. While there is a reason, all else is of the past and goes away after `stale_after`. */
  readonly staleReasons: readonly StaleReason[];
  readonly health: CephHealthFacts;
  readonly osds: readonly CephOsdFacts[];
  readonly pools: readonly CephPoolFacts[];
  readonly mons: CephMonFacts;
  readonly mgrs: readonly CephMgrFacts[];
  /** Always there: what the configured managers answer rackwatch itself. */
  readonly managers: readonly CephManagerFacts[];
  readonly mdss: readonly CephMdsFacts[];
  /** File systems, also those that no MDS serves. */
  readonly filesystems: readonly string[];
  readonly images: readonly CephImageFacts[];
}

export interface CephHealthFacts {
  readonly status: 'ok' | 'warn' | 'error' | undefined;
  /** Those that are raised. */
  readonly checks: readonly HealthCheck[];
  /** Those that are set, such as noout. */
  readonly flags: readonly string[];
}

export interface CephOsdFacts {
  readonly id: string;
  /** The LXD member it runs on; empty if no manager says. */
  readonly member: string;
  /** Ceph's own name of that host; absent if no manager says. */
  readonly host?: string;
  readonly deviceClass: string;
  readonly up: boolean | undefined;
  readonly in: boolean | undefined;
  readonly sizeBytes: number | undefined;
  readonly usedBytes: number | undefined;
  readonly pgs: number | undefined;
}

export interface CephPoolFacts extends PoolLayout {
  readonly name: string;
  readonly redundancy: Redundancy | undefined;
  readonly storedBytes: number | undefined;
  readonly usedBytes: number | undefined;
  readonly availableBytes: number | undefined;
  readonly pgs: number | undefined;
  /** PGs that serve no IO, or have fewer copies than they should. */
  readonly inactivePgs: number | undefined;
  readonly undersizedPgs: number | undefined;
}

export interface CephMonFacts {
  /** How many a quorum takes; undefined as long as nobody knows how many there are. */
  readonly majority: number | undefined;
  readonly mons: readonly CephMonitorFacts[];
}

export interface CephMonitorFacts {
  readonly name: string;
  readonly member: string;
  readonly host?: string;
  /** Whether it answered rackwatch; undefined if it is not configured. */
  readonly reachable: boolean | undefined;
  /** What the manager says; undefined if it cannot know. */
  readonly inQuorum: boolean | undefined;
}

export interface CephMgrFacts {
  readonly name: string;
  readonly member: string;
  readonly host?: string;
  readonly active: boolean;
}

export interface CephManagerFacts {
  /** Host and port. */
  readonly manager: string;
  readonly state: 'active' | 'standby' | 'unavailable';
}

export interface CephMdsFacts {
  readonly name: string;
  readonly member: string;
  readonly filesystem: string | undefined;
  /** Undefined for a standby. */
  readonly rank: number | undefined;
}

export interface CephImageFacts {
  readonly pool: string;
  readonly namespace: string;
  readonly image: string;
  readonly volume: LxdVolume | undefined;
  readonly read: ImageIo;
  readonly write: ImageIo;
}

export const cephFacts = defineFacts<CephFacts>('ceph');
