import type { FactsView } from '../../core/insight.ts';
import { type HostFacts, type InstanceFacts, lxdFacts, type StoragePoolFacts } from '../../sources/lxd/facts.ts';
import { instancesOf } from '../index-of-instances.ts';
import { hostsByMember, membersByName } from '../index-of-members.ts';
import { type Loss, marginOf } from './loss.ts';

/**
 * Whether the others have the memory for what would have to move: running instances that are not bound to their member
 * by a pool or a device of its own or by `cluster.evacuate`. A virtual machine takes its whole limit, a container what
 * it uses now, and never more than its limit.
 *
 * It is a rule of thumb: the free memory of all others together must do, and the largest instance must fit on one of
 * them. Others are those that are online and answer. Nothing is said of a member that is away or whose instances'
 * memory is not known, and of nobody when the free memory of an other is not known.
 */
export function memoryLosses(facts: FactsView): Loss[] {
  const members = [...membersByName(facts).values()];
  const hosts = hostsByMember(facts);
  const instances = instancesOf(facts);
  const used = facts.of(lxdFacts).flatMap((target) => target.facts.memoryUsedBytes ?? []);
  const pools = facts.of(lxdFacts).find((target) => target.facts.pools)?.facts.pools;
  const takers = members.filter(({ answers, status }) => answers && status === 'online').map(({ name }) => name);
  if (members.length < 2 || !instances || !pools || !takers.every((name) => hosts.has(name))) return [];
  const loads = loadsOf(instances, used, pools);
  const room = measureRoom(new Map(takers.map((name) => [name, roomOf(hosts.get(name) as HostFacts)])));
  return members.flatMap((member) => {
    const load = loads.get(member.name) ?? { bytes: 0, largest: 0 };
    return member.answers && load !== 'unknown' ? [judge(member.name, load, room)] : [];
  });
}

interface Load {
  readonly bytes: number;
  readonly largest: number;
}

/** What would have to move from each member. */
function loadsOf(
  instances: readonly InstanceFacts[],
  used: readonly (number | undefined)[],
  pools: readonly StoragePoolFacts[],
): ReadonlyMap<string, Load | 'unknown'> {
  const local = new Set(pools.filter(({ shared }) => !shared).map(({ name }) => name));
  const loads = new Map<string, Load | 'unknown'>();
  for (const [i, instance] of instances.entries()) {
    if (!runs(instance) || isBound(instance, local)) continue;
    const bytes = memoryOf(instance, used[i]);
    const load = loads.get(instance.member) ?? { bytes: 0, largest: 0 };
    if (bytes === undefined || load === 'unknown') loads.set(instance.member, 'unknown');
    else loads.set(instance.member, { bytes: load.bytes + bytes, largest: Math.max(load.largest, bytes) });
  }
  return loads;
}

const runs = ({ state }: InstanceFacts): boolean => state === 'running' || state === 'ready' || state === 'frozen';

const staying: ReadonlySet<string | undefined> = new Set(['stop', 'force-stop', 'stateful-stop']);

const isBound = ({ evacuate, hasLocalDevice, pools }: InstanceFacts, local: ReadonlySet<string>): boolean =>
  hasLocalDevice === true || staying.has(evacuate) || pools.some((pool) => local.has(pool));

function memoryOf({ kind, memoryLimitBytes: limit }: InstanceFacts, used: number | undefined): number | undefined {
  if (kind === 'virtual-machine') return limit ?? used;
  return used === undefined ? limit : Math.min(used, limit ?? used);
}

interface Room {
  readonly hosts: ReadonlyMap<string, HostRoom>;
  readonly free: number;
  readonly total: number;
  /** Most free first; two are enough, for one of them may be lost. */
  readonly largest: readonly (readonly [member: string, free: number])[];
}

interface HostRoom {
  readonly free: number;
  readonly total: number;
}

function measureRoom(hosts: ReadonlyMap<string, HostRoom>): Room {
  const list = [...hosts].map(([name, { free }]) => [name, free] as const).sort(([, a], [, b]) => b - a);
  const sum = (value: (room: HostRoom) => number) => [...hosts.values()].reduce((all, room) => all + value(room), 0);
  return { hosts, free: sum(({ free }) => free), total: sum(({ total }) => total), largest: list.slice(0, 2) };
}

const roomOf = ({ memoryTotalBytes: total, memoryUsedBytes }: HostFacts): HostRoom => ({
  free: Math.max(0, total - memoryUsedBytes),
  total,
});

function judge(member: string, load: Load, room: Room): Loss {
  const own = room.hosts.get(member) ?? { free: 0, total: 0 };
  const [, best] = room.largest.find(([name]) => name !== member) ?? [member, 0];
  const left = room.free - own.free - load.bytes;
  const bytes = best < load.largest ? Math.min(left, best - load.largest) : left;
  return { member, resource: 'memory', survives: bytes >= 0, margin: marginOf(bytes, room.total - own.total) };
}
