import type { FactsView } from '../../core/insight.ts';
import { type StandingPool, standingPools } from '../redundancy/ceph-pools.ts';
import { type DeviceClass, deviceClasses, type ServingOsd } from './device-classes.ts';
import { type Loss, marginOf } from './loss.ts';

/** Whether each pool goes on serving, and each device class can restore its copies, without a host. */
export const storageLosses = (facts: FactsView, usableRatio: number): Loss[] => [
  ...standingPools(facts).flatMap(judgeAvailability),
  ...deviceClasses(facts).flatMap((one) => judgeRecovery(one, usableRatio)),
];

/** A pool stays available while as many hosts serve as it needs; see the ledger's `ceph_osd_host`. */
function judgeAvailability({ name, standings }: StandingPool): Loss[] {
  const hosts = new Set(standings.flatMap((standing) => [...standing.hosts]));
  return [...hosts].map((member) => {
    const survives = standings.every(({ minimum, serving }) => serving.size - (serving.has(member) ? 1 : 0) >= minimum);
    return { member, resource: 'storage_availability', name, survives };
  });
}

/**
 * Whether all copies could be restored on the hosts that are left, each copy on a host of its own, with no OSD fuller
 * than the usable ratio on average. With fewer hosts than copies there is no place for any of what the lost one held,
 * which is then the margin: three hosts with three copies of everything never restore the third.
 */
function judgeRecovery(deviceClass: DeviceClass, usableRatio: number): Loss[] {
  const { copies, name, used } = deviceClass;
  const hosts = sumByHost(deviceClass.serving, usableRatio);
  const sorted = [...hosts.values()].map(({ usable }) => usable).sort((a, b) => b - a);
  const usable = sorted.reduce((sum, bytes) => sum + bytes, 0);
  return [...hosts].map(([member, host]) => {
    const hasHosts = hosts.size - 1 >= copies;
    const bytes = hasHosts ? spreadable(sorted, usable, host.usable, copies) - used : -host.used;
    const margin = marginOf(bytes, usable - host.usable);
    return { member, resource: 'storage_recovery', name, survives: hasHosts && bytes >= 0, margin };
  });
}

interface HostSum {
  usable: number;
  used: number;
  free: number;
}

function sumByHost(osds: readonly ServingOsd[], usableRatio: number): ReadonlyMap<string, HostSum> {
  const hosts = new Map<string, HostSum>();
  for (const osd of osds) {
    const sum = hosts.get(osd.member) ?? { usable: 0, used: 0, free: 0 };
    sum.usable += osd.size * usableRatio;
    sum.used += osd.used;
    sum.free += freeOf(osd, usableRatio);
    hosts.set(osd.member, sum);
  }
  return hosts;
}

const freeOf = ({ size, used }: ServingOsd, usableRatio: number): number => Math.max(0, size * usableRatio - used);

/**
 * The most that `copies` on hosts of their own can take, all together, without one host of capacity `lost`. No host can
 * hold more than one copy of everything: of the k largest hosts each has x/copies at most, and the rest has what it has,
 * so x is bounded by rest × copies / (copies - k), for every k below the number of copies.
 * @param sorted capacities of all hosts, largest first, which are `total` together
 */
function spreadable(sorted: readonly number[], total: number, lost: number, copies: number): number {
  const skipped = sorted.indexOf(lost);
  let rest = total - lost;
  let bound = rest;
  for (let k = 1; k < copies; k++) {
    const at = k - 1;
    rest -= sorted[at < skipped ? at : at + 1] ?? 0;
    bound = Math.min(bound, (rest * copies) / (copies - k));
  }
  return bound;
}

export interface OsdLoss {
  readonly osd: string;
  readonly member: string;
  readonly deviceClass: string;
  readonly survives: boolean;
  /** What would be left over; negative is what has no place. */
  readonly marginBytes: number;
}

/**
 * Whether what is on each OSD can be restored when it fails alone. With no more hosts than copies it has to go to the
 * other OSDs of its class on the same host, which hold no copy of it; with more hosts it may go anywhere.
 */
export const osdLosses = (facts: FactsView, usableRatio: number): OsdLoss[] =>
  deviceClasses(facts).flatMap(({ copies, name, serving }) => {
    const hosts = sumByHost(serving, usableRatio);
    const everywhere = [...hosts.values()].reduce((sum, { free }) => sum + free, 0);
    return serving.map((osd) => {
      const room = hosts.size > copies ? everywhere : (hosts.get(osd.member)?.free ?? 0);
      const bytes = room - freeOf(osd, usableRatio) - osd.used;
      return { osd: osd.id, member: osd.member, deviceClass: name, survives: bytes >= 0, marginBytes: bytes };
    });
  });
