import type { MemberFacts } from '../sources/lxd/facts.ts';
import { type ClusterView, runningAwayFrom } from './cluster-view.ts';

/**
 * Whether LXD has healed the member away: it went silent, and the others have started its instances without asking it.
 * LXD then calls it evacuated, as one that an administrator has evacuated. Undefined where the two cannot be told apart.
 */
export function isHealed({ name, status }: MemberFacts, view: ClusterView): boolean | undefined {
  if (status !== 'evacuated') return false;
  const { evacuatedAt = 0, healedAt = 0, restoredAt = 0, startedAt = 0 } = view.histories.get(name) ?? {};
  const wishedAt = Math.max(evacuatedAt, startedAt);
  if (healedAt > Math.max(wishedAt, restoredAt)) return !hasBootedSince(healedAt, name, view);
  // An evacuation that was seen to begin or to end was somebody's wish.
  if (wishedAt > restoredAt) return false;
  return wasHealedUnseen(name, view);
}

/** A host that has started anew runs no instance twice: LXD starts none on a member that is evacuated. */
function hasBootedSince(at: number, member: string, { boots, reachable }: ClusterView): boolean {
  const bootedAt = boots.get(member);
  return reachable.get(member) === true && bootedAt !== undefined && bootedAt > at;
}

/**
 * What is left to see afterwards: a member that is evacuated while it still answers has its instances started elsewhere
 * before it falls silent, one that is healed has them started when it has been silent for LXD's threshold.
 */
function wasHealedUnseen(member: string, view: ClusterView): boolean | undefined {
  const { healingAfterSeconds, reachable, silences } = view;
  const answers = reachable.get(member);
  if (healingAfterSeconds === 0 || answers === true) return false;
  if (healingAfterSeconds === undefined || answers === undefined || view.instances === undefined) return undefined;
  const starts = runningAwayFrom(member, view).flatMap(({ lastUsedAt }) => lastUsedAt ?? []);
  if (starts.length === 0) return false;
  const silentSince = silences?.get(member);
  if (silentSince === undefined) return undefined;
  return starts.some((at) => at >= silentSince + healingAfterSeconds);
}
