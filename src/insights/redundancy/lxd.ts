import type { FactsView } from '../../core/insight.ts';
import { derived } from '../../core/reading.ts';
import { lxdFacts } from '../../sources/lxd/facts.ts';
import { membersByName } from '../index-of-members.ts';
import { majorityOf, type Row } from './row.ts';

export interface VoterStanding {
  /** Members that vote and answer. */
  readonly working: readonly string[];
  readonly expected: number;
  readonly minimum: number;
}

/** LXD makes no database of fewer voters than this once it has as many members (`cluster.max_voters`). */
const USUAL_VOTERS = 3;

/**
 * A unit is a member with a vote in LXD's database. Expected are those that have one, and three as soon as there are
 * three members; the minimum is more than half of those that have one. Undefined for a server that is not clustered,
 * and while LXD is silent.
 */
export const judgeVoters = derived((facts): VoterStanding | undefined => {
  if (!facts.of(lxdFacts).some((target) => target.up && target.facts.clustered)) return undefined;
  const members = [...membersByName(facts).values()];
  const voters = members.filter(({ roles }) => roles.includes('database') || roles.includes('database-leader'));
  if (voters.length === 0) return undefined;
  const working = voters.filter(({ answers }) => answers).map(({ name }) => name);
  const expected = members.length < USUAL_VOTERS ? voters.length : Math.max(voters.length, USUAL_VOTERS);
  return { working, expected, minimum: majorityOf(voters.length) };
});

export function lxdRows(facts: FactsView): readonly Row[] {
  const standing = judgeVoters(facts);
  if (!standing) return [];
  const { expected, minimum, working } = standing;
  return [{ component: 'lxd_voter', current: working.length, expected, minimum }];
}
