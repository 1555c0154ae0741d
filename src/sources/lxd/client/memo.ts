/** For what a cycle needs in several places. */
export const THIS_CYCLE_MS = 1000;
/**
 * For what changes by an administrator's hand, or slowly, and is dear: which pools and devices there are, how fast a
 * port is, how full a shared pool is, what a project may use.
 */
export const A_MINUTE_MS = 60_000;

/** Remembers answers for a while. Those who ask while an answer is under way share it; failures are not kept. */
export class Memo {
  readonly #known = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>();

  read<T>(key: string, maxAgeMs: number, ask: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key);
    if (known && Date.now() - known.at <= maxAgeMs) return known.answer as Promise<T>;
    const answer = ask();
    const entry = { at: Date.now(), answer };
    this.#known.set(key, entry);
    answer.catch(() => {
      if (this.#known.get(key) === entry) this.#known.delete(key);
    });
    return answer;
  }
}
