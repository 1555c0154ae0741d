const AHEAD = 15;
const BEHIND = 16;

/**
 * Accepts each session sequence number once, and only near the newest one: up to 15 ahead and 16 behind
 * (IPMI 2.0 §6.12.13). What is outside is old, replayed or foreign.
 */
export class SequenceWindow {
  #newest = 0;
  /** Bit n tells that `newest - n` was seen. */
  #seen = 1;

  /** Whether the number is new; it is marked as seen. */
  accept(sequence: number): boolean {
    if (sequence === 0) return false;
    const step = sequence - this.#newest;
    if (step > 0) {
      if (step > AHEAD && this.#newest !== 0) return false;
      this.#seen = step > 31 ? 1 : (this.#seen << step) | 1;
      this.#newest = sequence;
      return true;
    }
    if (-step > BEHIND) return false;
    const bit = 1 << -step;
    if ((this.#seen & bit) !== 0) return false;
    this.#seen |= bit;
    return true;
  }
}
