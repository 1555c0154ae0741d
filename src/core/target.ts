import { type Clock, systemClock } from './clock.ts';
import type { ErrorCode } from './errors.ts';
import type { Snapshot } from './snapshot.ts';

export interface FreshnessPolicy {
  /** A snapshot younger than this answers a scrape without asking the source again. */
  readonly minAgeMs: number;
  /** A snapshot older than this is withdrawn: a gap tells the truth, an old value does not. */
  readonly staleAfterMs: number;
  /** A scrape starts a cycle and does not wait for it, once there is something to show. */
  readonly background: boolean;
}

/** What a scrape is shown of a target. */
export interface TargetView {
  readonly source: string;
  readonly target: string;
  /** The newest snapshot that is not stale. */
  readonly snapshot?: Snapshot;
  /** The newest cycle that ended, even when nothing of it is shown. */
  readonly newest?: Snapshot;
  readonly up: boolean;
  readonly ageSeconds?: number;
  readonly errorCounts: ReadonlyMap<string, ReadonlyMap<ErrorCode, number>>;
}

/** How long a scrape waits for a target whose last cycle ran into its time limit. */
const GRACE_AFTER_TIMEOUT_MS = 500;

/**
 * One configured target: owns its last snapshot and lets at most one cycle run at a time. Scrapes drive it; two
 * Prometheus servers scraping together cost the source one cycle.
 */
export class Target {
  readonly source: string;
  readonly name: string;
  readonly #cycle: () => Promise<Snapshot>;
  readonly #policy: FreshnessPolicy;
  readonly #clock: Clock;
  readonly #errorCounts = new Map<string, Map<ErrorCode, number>>();
  #shown: Snapshot | undefined;
  #newest: Snapshot | undefined;
  #running: Promise<void> | undefined;

  constructor(
    id: { source: string; name: string },
    cycle: () => Promise<Snapshot>,
    policy: FreshnessPolicy,
    clock: Clock = systemClock,
  ) {
    this.source = id.source;
    this.name = id.name;
    this.#cycle = cycle;
    this.#policy = policy;
    this.#clock = clock;
  }

  /** Refreshes if needed and waits for it, `deadline` (milliseconds since the epoch) at most. Never rejects. */
  async read(deadline: number): Promise<void> {
    if (this.#newest && this.#clock.now() - this.#newest.takenAt < this.#policy.minAgeMs) return;
    this.#running ??= this.#refresh();
    const waitMs = this.#patienceMs(deadline);
    if (waitMs > 0) await raceDelay(this.#running, waitMs);
  }

  view(): TargetView {
    const { source, name: target } = this;
    const base = { source, target, errorCounts: this.#errorCounts };
    const newest = this.#newest ? { newest: this.#newest } : {};
    const ageMs = this.#shown ? this.#clock.now() - this.#shown.takenAt : Number.POSITIVE_INFINITY;
    const up = this.#newest ? answered(this.#newest) : false;
    if (!this.#shown || ageMs >= this.#policy.staleAfterMs) return { ...base, ...newest, up };
    return { ...base, ...newest, up, snapshot: this.#shown, ageSeconds: ageMs / 1000 };
  }

  #patienceMs(deadline: number): number {
    if (this.#policy.background && this.#newest) return 0;
    const timedOut = this.#newest?.outcomes.some((outcome) => outcome.failure?.code === 'timeout') ?? false;
    const left = deadline - this.#clock.now();
    return timedOut ? Math.min(left, GRACE_AFTER_TIMEOUT_MS) : left;
  }

  async #refresh(): Promise<void> {
    try {
      const snapshot = await this.#cycle();
      this.#newest = snapshot;
      for (const { collector, failure } of snapshot.outcomes) if (failure) this.#count(collector, failure.code);
      // A cycle in which nothing succeeded says that the target is down, and takes nothing off the page before its time.
      if (snapshot.outcomes.some((outcome) => !outcome.failure)) this.#shown = snapshot;
    } finally {
      this.#running = undefined;
    }
  }

  #count(collector: string, code: ErrorCode): void {
    const counts = this.#errorCounts.get(collector) ?? new Map<ErrorCode, number>();
    counts.set(code, (counts.get(code) ?? 0) + 1);
    this.#errorCounts.set(collector, counts);
  }
}

/** Whether a collector succeeded that needs an answer of the target for it. */
function answered({ outcomes }: Snapshot): boolean {
  const telling = outcomes.filter((outcome) => !outcome.isWitness);
  return (telling.length > 0 ? telling : outcomes).some((outcome) => !outcome.failure);
}

async function raceDelay(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms).unref();
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
