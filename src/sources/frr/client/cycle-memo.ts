/**
 * Remembers one thing for the length of a cycle, which its signal stands for. A target runs one cycle at a time, so what
 * belongs to an earlier one is let go: kept by the signal itself, replies would stay in memory until it times out.
 */
export class CycleMemo<T> {
  #signal: AbortSignal | undefined;
  #value: T | undefined;

  /** What was made in this cycle, or what `make` returns. */
  get(signal: AbortSignal, make: () => T): T {
    if (this.#signal !== signal) {
      this.#signal = signal;
      this.#value = make();
    }
    return this.#value as T;
  }
}
