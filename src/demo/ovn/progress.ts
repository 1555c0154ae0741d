import { members } from '../rack.ts';
import type { RackState } from '../state.ts';

/** LXD writes about this often: every write moves the counter. */
const CHANGE_MS = 97_000;
const FIRST_CFG = 4711;
const NORTHD_MS = 64;

export interface Progress {
  readonly cfg: number;
  readonly at: number;
}

/** How far the newest configuration has come: a pure function of the clock, but for what dead members have missed. */
export class ProgressClock {
  readonly #state: RackState;
  readonly #start: number;
  /** When a controller was first seen to be stuck. */
  readonly #stuckSince = new Map<string, number>();

  constructor(state: RackState) {
    this.#state = state;
    this.#start = state.clock.now() - 40 * CHANGE_MS;
  }

  get northbound(): Progress {
    return this.#at(this.#state.clock.now());
  }

  /** What northd has written into the southbound database. */
  get southbound(): Progress {
    const { at, cfg } = this.northbound;
    return { cfg, at: at + NORTHD_MS };
  }

  /** What the member's ovn-controller has confirmed last. */
  of(member: string): Progress {
    const { at, cfg } = this.#at(this.#deadSince(member) ?? this.#state.clock.now());
    return { cfg, at: at + NORTHD_MS + 20 + 9 * members.findIndex(({ name }) => name === member) };
  }

  #deadSince(member: string): number | undefined {
    const now = this.#state.clock.now();
    if (!this.#state.isReachable(member)) return this.#state.outagesOf(member).at(-1)?.from;
    if (!this.#state.faults.stuckControllers.has(member)) this.#stuckSince.delete(member);
    else if (!this.#stuckSince.has(member)) this.#stuckSince.set(member, now);
    return this.#stuckSince.get(member);
  }

  #at(now: number): Progress {
    const changes = Math.floor((now - this.#start) / CHANGE_MS);
    return { cfg: FIRST_CFG + changes, at: this.#start + changes * CHANGE_MS };
  }
}
