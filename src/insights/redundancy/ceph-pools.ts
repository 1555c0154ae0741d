import { derived } from '../../core/reading.ts';
import { type CephFacts, type CephOsdFacts, type CephPoolFacts, cephFacts } from '../../sources/ceph/facts.ts';

/** The hosts that a pool's copies are on. */
export interface PoolStanding {
  /** Hosts with an OSD that is up and in. */
  readonly serving: ReadonlySet<string>;
  /** Hosts with an OSD. */
  readonly hosts: ReadonlySet<string>;
  /** With fewer hosts that serve, some placement group may have fewer than `min_size` copies, and serves no IO. */
  readonly minimum: number;
}

export interface StandingPool {
  readonly name: string;
  /** By device class: one, or as many as the pool may be on where its class is not known. */
  readonly standings: readonly PoolStanding[];
}

export const standingPools = derived((facts): readonly StandingPool[] =>
  facts.of(cephFacts).flatMap((target) => poolsOf(target.facts)),
);

/**
 * A unit is a host with OSDs of the pool's device class. Data are spread over all hosts that are in, and each placement
 * group has a copy on `size` of them: `size - min_size` hosts may go at once, however many there are. As long as
 * placement groups are undersized, one of these is gone already. With fewer hosts than that there must be `min_size`.
 * A pool that keeps copies on OSDs without regard to hosts may lose all of them with one host, so none can be spared.
 * Whatever the hosts, one with placement groups that serve no IO has too few.
 *
 * A `min_size` that is not known is Ceph's default. Nothing is said while the managers' word is old, of a pool whose
 * size is not known, and when the host or the state of an OSD is not.
 */
function poolsOf(ceph: Partial<CephFacts>): StandingPool[] {
  const { osds = [], pools = [] } = ceph;
  if (!isFresh(ceph) || osds.length === 0 || !osds.every(isPlaced)) return [];
  const classes = groupByClass(osds);
  return pools.map((pool) => {
    const own = pool.deviceClass === undefined ? undefined : classes.get(pool.deviceClass);
    const possible = pool.deviceClass === undefined ? [...classes.values()] : own ? [own] : [];
    return { name: pool.name, standings: possible.flatMap((hosts) => judgePool(pool, hosts)) };
  });
}

/** What the managers say of daemons is the present. */
export const isFresh = ({ staleReasons = [] }: Partial<CephFacts>): boolean => staleReasons.length === 0;

const isPlaced = (osd: CephOsdFacts): boolean => osd.member !== '' && osd.up !== undefined && osd.in !== undefined;

interface ClassHosts {
  readonly all: Set<string>;
  readonly in: Set<string>;
  readonly serving: Set<string>;
}

function groupByClass(osds: readonly CephOsdFacts[]): ReadonlyMap<string, ClassHosts> {
  const classes = new Map<string, ClassHosts>();
  for (const osd of osds) {
    const hosts = classes.get(osd.deviceClass) ?? { all: new Set(), in: new Set(), serving: new Set() };
    classes.set(osd.deviceClass, hosts);
    hosts.all.add(osd.member);
    if (osd.in) hosts.in.add(osd.member);
    if (osd.in && osd.up) hosts.serving.add(osd.member);
  }
  return classes;
}

function judgePool(pool: CephPoolFacts, hosts: ClassHosts): PoolStanding[] {
  const copies = copiesOf(pool);
  if (!copies) return [];
  const { serving } = hosts;
  const spare = copies.size - copies.minSize;
  const needed = pool.failureDomain === 'osd' ? serving.size : Math.max(copies.minSize, hosts.in.size - spare);
  const left = pool.inactivePgs ? -1 : pool.undersizedPgs ? spare - 1 : serving.size;
  const minimum = Math.max(needed, serving.size - left);
  return [{ serving, hosts: hosts.all, minimum }];
}

/** How many copies or chunks there are of an object, and how many there must be. */
export function copiesOf({ minSize, redundancy, size }: CephPoolFacts) {
  if (!redundancy) return size === undefined || minSize === undefined ? undefined : { size, minSize };
  if (redundancy.kind === 'erasure') {
    const { coding, data } = redundancy;
    return { size: size ?? data + coding, minSize: minSize ?? data + Math.min(1, coding - 1) };
  }
  const copies = size ?? redundancy.size;
  return { size: copies, minSize: minSize ?? copies - Math.floor(copies / 2) };
}
