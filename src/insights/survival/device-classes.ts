import { listAt } from '../../core/list-at.ts';
import { derived } from '../../core/reading.ts';
import { type CephFacts, type CephOsdFacts, type CephPoolFacts, cephFacts } from '../../sources/ceph/facts.ts';
import { copiesOf, isFresh } from '../redundancy/ceph-pools.ts';

/** An OSD that is up and in. */
export interface ServingOsd {
  readonly id: string;
  readonly member: string;
  readonly size: number;
  readonly used: number;
}

export interface DeviceClass {
  readonly name: string;
  readonly serving: readonly ServingOsd[];
  /** Of all OSDs that are in: what is on one that is down has to come back as well. */
  readonly used: number;
  /** Hosts that each object is on, at least: the most copies that a pool on the class keeps on hosts of their own. */
  readonly copies: number;
}

export const deviceClasses = derived((facts): readonly DeviceClass[] =>
  facts.of(cephFacts).flatMap((target) => deviceClassesOf(target.facts)),
);

/**
 * The device classes of which enough is known: host, state and fill of each OSD, and the size of a pool that may be on
 * it. None while the managers' word is old.
 */
function deviceClassesOf(ceph: Partial<CephFacts>): DeviceClass[] {
  if (!isFresh(ceph)) return [];
  const byClass = new Map<string, CephOsdFacts[]>();
  for (const osd of ceph.osds ?? []) listAt(byClass, osd.deviceClass).push(osd);
  return [...byClass].flatMap(([name, osds]) => {
    const copies = hostsPerObject(name, ceph.pools ?? []);
    const serving = osds.filter((osd) => osd.up && osd.in).flatMap(toServing);
    const isKnown = osds.every((osd) => osd.member !== '' && osd.up !== undefined && osd.in !== undefined);
    if (copies === undefined || !isKnown || serving.length < osds.filter((osd) => osd.up && osd.in).length) return [];
    const used = osds.reduce((sum, osd) => sum + (osd.in ? (osd.usedBytes ?? 0) : 0), 0);
    return [{ name, serving, used, copies }];
  });
}

const toServing = ({ id, member, sizeBytes: size, usedBytes: used }: CephOsdFacts): ServingOsd[] =>
  size === undefined || used === undefined ? [] : [{ id, member, size, used }];

function hostsPerObject(deviceClass: string, pools: readonly CephPoolFacts[]): number | undefined {
  const own = pools.filter((pool) => pool.deviceClass === undefined || pool.deviceClass === deviceClass);
  const sizes = own.flatMap((pool) => {
    const copies = copiesOf(pool);
    if (!copies) return [];
    return pool.failureDomain === 'osd' ? [1] : [copies.size];
  });
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}
