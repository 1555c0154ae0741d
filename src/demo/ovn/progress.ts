import { members } from '../rack.ts';
import type { RackState } from '../state.ts';

/** LXD writes about this often at speed 1: every write moves the counter. */
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
  readonly #changeMs: number;
  /** When a controller, or northd, was first seen to be stuck. */
  readonly #stuckSince = new Map<string, number>();

  constructor(state: RackState) {
    this.#state = state;
    this.#changeMs = CHANGE_MS / state.speed;
    this.#start = state.clock.now() - 40 * this.#changeMs;
  }

  get northbound(): Progress {
    return this.#at(this.#state.clock.now());
  }

  /** What northd has written into the southbound database. */
  get southbound(): Progress {
    const { at, cfg } = this.#at(this.#northdStuckSince() ?? this.#state.clock.now());
    return { cfg, at: at + NORTHD_MS };
  }

  /** What the member's ovn-controller has confirmed last. */
  of(member: string): Progress {
    const now = this.#state.clock.now();
    const { at, cfg } = this.#at(Math.min(this.#deadSince(member) ?? now, this.#northdStuckSince() ?? now));
    return { cfg, at: at + NORTHD_MS + 20 + 9 * members.findIndex(({ name }) => name === member) };
  }

  #deadSince(member: string): number | undefined {
    if (!this.#state.isReachable(member)) return this.#state.outagesOf(member).at(-1)?.from;
    return this.#firstSeen(member, this.#state.faults.stuckControllers.has(member));
  }

  /** What northd does not write, no chassis can confirm. */
  #northdStuckSince(): number | undefined {
    return this.#firstSeen('northd', this.#state.faults.stuckNorthds.size > 0);
  }

  #firstSeen(name: string, isStuck: boolean): number | undefined {
    if (!isStuck) this.#stuckSince.delete(name);
    else if (!this.#stuckSince.has(name)) this.#stuckSince.set(name, this.#state.clock.now());
    return this.#stuckSince.get(name);
  }

  #at(now: number): Progress {
    const changes = Math.floor((now - this.#start) / this.#changeMs);
    return { cfg: FIRST_CFG + changes, at: Math.round(this.#start + changes * this.#changeMs) };
  }
}
