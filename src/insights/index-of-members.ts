import type { FactsView } from '../core/insight.ts';
import { keepEqual } from '../core/keep-equal.ts';
import { derived } from '../core/reading.ts';
import { type HostFacts, lxdFacts, type MemberFacts } from '../sources/lxd/facts.ts';

/** A member as LXD lists it, and as rackwatch reaches it. */
export interface KnownMember extends MemberFacts {
  /**
   * LXD does not say that it is offline, and rackwatch's own connection to it works. LXD takes 20 s to notice a dead
   * member, and of an evacuated one it never says that it is offline.
   */
  readonly answers: boolean;
}

/** By name; empty while LXD is silent. */
export const membersByName = derived((facts): ReadonlyMap<string, KnownMember> => {
  const targets = facts.of(lxdFacts);
  const reached = new Map(facts.reach(lxdFacts).map(({ target, up }) => [target, up]));
  const members = targets.flatMap((target) => target.facts.members ?? []);
  return new Map(
    members.map((member) => {
      const answers = member.status !== 'offline' && (reached.get(member.name) ?? member.status !== 'evacuated');
      return [member.name, { ...member, answers }];
    }),
  );
}, keepEqual);

/** What is measured of each host, by its member; as last heard. */
export const hostsByMember = (facts: FactsView): ReadonlyMap<string, HostFacts> =>
  new Map(facts.of(lxdFacts).flatMap(({ facts: { host }, target }) => (host ? [[target, host] as const] : [])));

/** Whether anything says that a member is dead; one that LXD does not know is not. */
export const isDead = (facts: FactsView, member: string): boolean =>
  membersByName(facts).get(member)?.answers === false;
