/** How long a BMC may keep its place without getting on. */
const PATIENCE_MS = 100;

/**
 * Lets a few BMCs be read at a time: what a cycle holds before it is done is much more than what it leaves, so a fleet
 * that is read all at once needs several times the memory. A place is kept by who gets on, however long that takes on a
 * busy machine, and given on by who keeps us waiting: a BMC that is slow or silent goes on without one. First come, first
 * served.
 */
export class Admission {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  /**
   * Resolves when there is a place, to what has to be called at the end.
   * @param progress grows with every step of the one who enters
   */
  async enter(progress: () => number): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let seen = progress();
    let isInside = true;
    const leave = () => {
      clearInterval(timer);
      if (isInside) this.#handOn();
      isInside = false;
    };
    const timer = setInterval(() => {
      const now = progress();
      if (now === seen) leave();
      seen = now;
    }, PATIENCE_MS).unref();
    return leave;
  }

  #handOn(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
