/** Why what the managers say is not the present: they serve their last page for ever, and say HEALTH_OK meanwhile. */
export const staleReasons = {
  no_manager: 'no manager serves metrics',
  no_quorum:
    'so many monitors are out of reach that the others cannot be a quorum, or they no longer agree on anything',
  frozen: "the active manager's collection counter has stopped",
} as const;

export type StaleReason = keyof typeof staleReasons;

/** The active manager, and two counters where its page has them. */
export interface ActiveManager {
  readonly manager: string;
  /** How often it has collected. */
  readonly collections: number | undefined;
  /** What the monitors have agreed on: even when nothing happens they do so every few seconds, if they are a quorum. */
  readonly commits: number | undefined;
}

/** What one cycle has seen. */
export interface Observation {
  readonly nowMs: number;
  readonly active?: ActiveManager | undefined;
  /** Monitors that were asked, and that answered. */
  readonly asked: number;
  readonly reachable: number;
  /** Monitors of the cluster, as far as a manager has ever said. */
  readonly known: number | undefined;
}

export interface Freshness {
  readonly reasons: ReadonlySet<StaleReason>;
  /** When the data were last fresh, in milliseconds since the epoch; undefined if they never were. */
  readonly freshAtMs: number | undefined;
  /** How many monitors a quorum takes; undefined as long as nobody knows how many there are. */
  readonly majority: number | undefined;
}

/** Judges, cycle by cycle, whether what the managers say can be believed. Does no I/O. */
export class FreshnessJudge {
  readonly #frozenAfterMs: number;
  #active: Observation['active'];
  #risenAtMs = 0;
  #committedAtMs = 0;
  #freshAtMs: number | undefined;
  #lostQuorum = false;

  /** @param frozenAfterMs how long the two counters may stand still */
  constructor(frozenAfterMs: number) {
    this.#frozenAfterMs = frozenAfterMs;
  }

  judge(observation: Observation): Freshness {
    const { active, nowMs } = observation;
    const majority = majorityOf(observation);
    const hasRisen = this.#hasRisen('collections', active);
    if (hasRisen) this.#risenAtMs = nowMs;
    if (this.#hasRisen('commits', active)) this.#committedAtMs = nowMs;
    if (active) this.#active = active;
    const hasStopped = (since: number) => nowMs - since >= this.#frozenAfterMs;
    const noCommits = active?.commits !== undefined && hasStopped(this.#committedAtMs);
    if (noCommits || cannotBeQuorum(observation, majority)) this.#lostQuorum = true;
    // What the manager shows when the quorum is back may still be what it has gathered before.
    else if (hasRisen) this.#lostQuorum = false;
    const reasons = new Set<StaleReason>();
    if (!active) reasons.add('no_manager');
    if (this.#lostQuorum) reasons.add('no_quorum');
    if (active?.collections !== undefined && hasStopped(this.#risenAtMs)) reasons.add('frozen');
    if (reasons.size === 0) this.#freshAtMs = nowMs;
    return { reasons, freshAtMs: this.#freshAtMs, majority };
  }

  /** A counter that falls belongs to a daemon that has started anew; one that is absent cannot stop. */
  #hasRisen(counter: 'collections' | 'commits', active: Observation['active']): boolean {
    if (!active) return false;
    if (active.manager !== this.#active?.manager) return true;
    return active[counter] === undefined || active[counter] !== this.#active[counter];
  }
}

function majorityOf({ asked, known }: Observation): number | undefined {
  const mons = Math.max(asked, known ?? 0);
  return mons === 0 ? undefined : Math.floor(mons / 2) + 1;
}

/** Monitors that are known and were not asked may well be there. */
function cannotBeQuorum({ asked, known, reachable }: Observation, majority: number | undefined): boolean {
  const unasked = Math.max(0, (known ?? asked) - asked);
  return asked > 0 && majority !== undefined && reachable + unasked < majority;
}
