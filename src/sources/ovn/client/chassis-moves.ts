import type { PortBinding } from './southbound.ts';

/**
 * Counts how often each gateway went from one chassis to another, out of every update, so that a move between two
 * scrapes is not missed. A gateway that is unbound for a moment and comes back to where it was has not moved.
 */
export class ChassisMoves {
  readonly #lastChassis = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #nameOf: (chassis: string) => string | undefined;
  readonly #pending = new Map<string, string>();

  /** @param nameOf gives a chassis' own name: its row is another one after it was away */
  constructor(nameOf: (chassis: string) => string | undefined) {
    this.#nameOf = nameOf;
  }

  /** Takes a row as it is after an update. */
  observe({ type, logical_port, chassis }: PortBinding): void {
    if (type !== 'chassisredirect' || chassis === undefined) return;
    this.#settle();
    const name = this.#nameOf(chassis);
    // One update may have the port before the chassis it names: look again when the update is through.
    if (name === undefined) this.#pending.set(logical_port, chassis);
    else this.#note(logical_port, name);
  }

  /** Moves since the program began to watch. */
  countOf(logicalPort: string): number {
    this.#settle();
    return this.#counts.get(logicalPort) ?? 0;
  }

  #settle(): void {
    for (const [port, chassis] of this.#pending) {
      const name = this.#nameOf(chassis);
      if (name !== undefined) this.#note(port, name);
    }
    this.#pending.clear();
  }

  #note(port: string, chassis: string): void {
    const last = this.#lastChassis.get(port);
    this.#lastChassis.set(port, chassis);
    if (last !== undefined && last !== chassis) this.#counts.set(port, (this.#counts.get(port) ?? 0) + 1);
  }
}
