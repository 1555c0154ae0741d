import type { FactsView } from '../../core/insight.ts';
import { type CephFacts, cephFacts } from '../../sources/ceph/facts.ts';
import { isFresh, standingPools } from './ceph-pools.ts';
import { majorityOf, type Row } from './row.ts';

/** Monitors, managers, MDS and OSD hosts of each Ceph cluster that anything is heard of. */
export const cephRows = (facts: FactsView): Row[] => [
  ...facts.of(cephFacts).flatMap(({ facts: ceph }) => [...countMons(ceph), ...countManagers(ceph), ...countMds(ceph)]),
  ...countHosts(facts),
];

/**
 * A unit is a monitor. Expected are those that the cluster knows and those that are configured. One works when it
 * greets rackwatch and the active manager does not say that it is out of the quorum. A quorum is more than half of them.
 */
function countMons(ceph: Partial<CephFacts>): Row[] {
  const known = ceph.mons?.mons ?? [];
  const working = workingMons(ceph);
  if (!working) return [];
  const minimum = ceph.mons?.majority ?? majorityOf(known.length);
  return [{ component: 'ceph_mon', current: working.length, expected: known.length, minimum }];
}

/** Undefined when neither a monitor nor a manager answers: it may be rackwatch that is cut off. */
export function workingMons(ceph: Partial<CephFacts>) {
  const known = ceph.mons?.mons ?? [];
  if (known.length === 0 || !isHeard(ceph)) return undefined;
  return known.filter(
    ({ inQuorum, reachable }) => inQuorum !== false && reachable !== false && (inQuorum ?? reachable),
  );
}

const isHeard = ({ managers = [], mons }: Partial<CephFacts>): boolean =>
  managers.some(({ state }) => state !== 'unavailable') || (mons?.mons ?? []).some(({ reachable }) => reachable);

/** A unit is a manager. Expected are those that are configured; one that answers is enough, active or standing by. */
function countManagers(ceph: Partial<CephFacts>): Row[] {
  const { managers = [] } = ceph;
  if (managers.length === 0 || !isHeard(ceph)) return [];
  const current = managers.filter(({ state }) => state !== 'unavailable').length;
  return [{ component: 'ceph_mgr', current, expected: managers.length, minimum: 1 }];
}

/**
 * A unit is an MDS that serves the file system or may take over: a standby of all file systems counts for each. The
 * minimum is the ranks, as far as an MDS holds them, and Ceph wants one standby beyond that (`standby_count_wanted`).
 */
function countMds(ceph: Partial<CephFacts>): Row[] {
  const { filesystems = [], mdss = [] } = ceph;
  if (!isFresh(ceph)) return [];
  return filesystems.map((name) => {
    const own = mdss.filter(({ filesystem }) => filesystem === name);
    const standbys = mdss.filter(({ filesystem, rank }) => filesystem === undefined && rank === undefined);
    const minimum = Math.max(1, ...own.map(({ rank }) => (rank ?? 0) + 1));
    return {
      component: 'ceph_mds',
      name,
      current: own.length + standbys.length,
      expected: minimum + 1,
      minimum,
    };
  });
}

/** See `standingPools`. Where a pool may be on one of several device classes, the one that stands least counts. */
function countHosts(facts: FactsView): Row[] {
  return standingPools(facts).flatMap(({ name, standings }) => {
    const [worst] = standings.toSorted((a, b) => a.serving.size - a.minimum - (b.serving.size - b.minimum));
    if (!worst) return [];
    const { hosts, minimum, serving } = worst;
    return [{ component: 'ceph_osd_host', name, current: serving.size, expected: hosts.size, minimum }];
  });
}
