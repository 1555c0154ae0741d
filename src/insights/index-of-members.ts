import type { FactsView } from '../core/insight.ts';
import { derived } from '../core/reading.ts';
import { type HostFacts, lxdFacts, type MemberFacts } from '../sources/lxd/facts.ts';

/** A member as LXD lists it, and as rackwatch reaches it. */
export interface KnownMember extends MemberFacts {
  /**
   * LXD does not say that it is offline, and rackwatch's own connection to it works. LXD takes 20 s to notice a dead
   * member, and of an evacuated one it never says that it is offline.
   */
  readonly answers: boolean;
  /** Absent while it does not answer. */
  readonly host?: HostFacts;
}

/** By name; empty while LXD is silent. */
export const membersByName = derived((facts): ReadonlyMap<string, KnownMember> => {
  const targets = facts.of(lxdFacts);
  const own = new Map(targets.map((target) => [target.target, target.facts]));
  const reached = new Map(facts.reach(lxdFacts).map(({ target, up }) => [target, up]));
  const members = targets.flatMap((target) => target.facts.members ?? []);
  return new Map(
    members.map((member) => {
      const answers = member.status !== 'offline' && (reached.get(member.name) ?? member.status !== 'evacuated');
      const host = answers ? own.get(member.name)?.host : undefined;
      return [member.name, { ...member, answers, ...(host ? { host } : {}) }];
    }),
  );
});

/** Whether anything says that a member is dead; one that LXD does not know is not. */
export const isDead = (facts: FactsView, member: string): boolean =>
  membersByName(facts).get(member)?.answers === false;
