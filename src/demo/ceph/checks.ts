import { members, osds } from '../rack.ts';
import type { CephCluster } from './cluster.ts';

/** What a raised check says of the cluster's health. */
export type Severity = 'HEALTH_WARN' | 'HEALTH_ERR';

/** Ceph warns from these parts of an OSD on (mon_osd_nearfull_ratio, mon_osd_full_ratio). */
const NEARLY_FULL = 0.85;
const FULL = 0.95;

/** Every check with what holds while it is raised; https://docs.ceph.com/en/quincy/rados/operations/health-checks/ */
const checks: readonly (readonly [name: string, severity: Severity, isRaised: (cluster: CephCluster) => boolean])[] = [
  ['MON_DOWN', 'HEALTH_WARN', ({ monitors }) => monitors.length < members.length],
  ['OSD_DOWN', 'HEALTH_WARN', ({ incompleteMembers }) => incompleteMembers.length > 0],
  ['OSD_HOST_DOWN', 'HEALTH_WARN', hasDeadHost],
  ['PG_DEGRADED', 'HEALTH_WARN', ({ incompleteMembers }) => incompleteMembers.length > 0],
  ['OSDMAP_FLAGS', 'HEALTH_WARN', ({ flags }) => flags.size > 0],
  ['MDS_ALL_DOWN', 'HEALTH_ERR', ({ mdss }) => mdss.length === 0],
  ['OBJECT_UNFOUND', 'HEALTH_WARN', ({ state }) => state.faults.unfoundObjects.size > 0],
  ['OSD_SCRUB_ERRORS', 'HEALTH_ERR', ({ state }) => state.faults.inconsistentPgs.size > 0],
  ['PG_DAMAGED', 'HEALTH_ERR', ({ state }) => state.faults.inconsistentPgs.size > 0],
  ['SLOW_OPS', 'HEALTH_WARN', ({ state }) => state.faults.slowOps.size > 0],
  ['OSD_NEARFULL', 'HEALTH_WARN', (cluster) => isAnyFilled(cluster, NEARLY_FULL, FULL)],
  ['OSD_FULL', 'HEALTH_ERR', (cluster) => isAnyFilled(cluster, FULL)],
];

function hasDeadHost(cluster: CephCluster): boolean {
  return cluster.incompleteMembers.some((name) => osds.every((osd) => osd.member !== name || !cluster.isUp(osd)));
}

const isAnyFilled = ({ state }: CephCluster, from: number, to = Number.POSITIVE_INFINITY): boolean =>
  [...state.faults.osdFill.values()].some((ratio) => ratio >= from && ratio < to);

export interface Check {
  readonly name: string;
  readonly severity: Severity;
  readonly isRaised: boolean;
}

/** These have been raised before the story begins. */
const earlier = ['MON_DOWN', 'OSD_DOWN', 'OSD_HOST_DOWN', 'PG_DEGRADED', 'OSDMAP_FLAGS'];

/** The checks of a cluster as a manager lists them: those that are raised, and those that ever were. */
export class HealthChecks {
  readonly #cluster: CephCluster;
  readonly #seen = new Set(earlier);

  constructor(cluster: CephCluster) {
    this.#cluster = cluster;
  }

  list(): readonly Check[] {
    return checks.flatMap(([name, severity, isRaised]) => {
      const raised = isRaised(this.#cluster);
      if (raised) this.#seen.add(name);
      return this.#seen.has(name) ? [{ name, severity, isRaised: raised }] : [];
    });
  }
}
