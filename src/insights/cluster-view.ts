import { keepEqual } from '../core/keep-equal.ts';
import { derived } from '../core/reading.ts';
import {
  type HistoryFacts,
  type InstanceFacts,
  type LxdFacts,
  lxdFacts,
  type MaintenanceFacts,
  type MemberFacts,
} from '../sources/lxd/facts.ts';

/** What LXD's targets tell together. A part is undefined while the target that knows it is silent. */
export interface ClusterView {
  readonly members: readonly MemberFacts[] | undefined;
  readonly maintenance: readonly MaintenanceFacts[] | undefined;
  readonly instances: readonly InstanceFacts[] | undefined;
  readonly healingAfterSeconds: number | undefined;
  /** Start of each silent member's silence. */
  readonly silences: ReadonlyMap<string, number> | undefined;
  readonly histories: ReadonlyMap<string, HistoryFacts>;
  /** When each host booted, by its member. */
  readonly boots: ReadonlyMap<string, number>;
  /** Whether rackwatch reaches each member that it has tried. */
  readonly reachable: ReadonlyMap<string, boolean>;
}

export const viewCluster = derived((facts): ClusterView => {
  const targets = facts.of(lxdFacts);
  const part = <K extends keyof LxdFacts>(key: K): LxdFacts[K] | undefined =>
    targets.find((target) => target.facts[key] !== undefined)?.facts[key];
  const hosts = targets.flatMap((target) => target.facts.host ?? []);
  const silences = part('silences');
  return {
    members: part('members'),
    maintenance: part('maintenance'),
    instances: part('instances'),
    healingAfterSeconds: part('healingAfterSeconds'),
    silences: silences && new Map(silences.map(({ member, since }) => [member, since])),
    histories: new Map((part('histories') ?? []).map((history) => [history.member, history])),
    boots: new Map(hosts.flatMap(({ bootedAt, member }) => (bootedAt === undefined ? [] : [[member, bootedAt]]))),
    reachable: new Map(facts.reach(lxdFacts).map(({ target, up }) => [target, up])),
  };
}, keepEqual);

/** Instances that an evacuation has moved off a member and that run elsewhere now. */
export function runningAwayFrom(member: string, { instances = [] }: ClusterView): readonly InstanceFacts[] {
  return instances.filter(
    (instance) => instance.evacuateOrigin === member && instance.member !== member && isRunning(instance),
  );
}

export const isRunning = ({ state }: InstanceFacts): boolean => state === 'running' || state === 'ready';
