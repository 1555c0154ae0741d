/** A span of time in milliseconds since the epoch; without an end it lasts. */
export interface Span {
  readonly from: number;
  readonly to?: number;
}

/** When each of several things was out of order, oldest first. */
export class Outages {
  readonly #spans = new Map<string, readonly Span[]>();

  of(name: string): readonly Span[] {
    return this.#spans.get(name) ?? [];
  }

  get names(): readonly string[] {
    return [...this.#spans.keys()];
  }

  /** Whether it is out of order at present. */
  lasts(name: string): boolean {
    const last = this.of(name).at(-1);
    return last !== undefined && last.to === undefined;
  }

  begin(name: string, from: number): void {
    if (!this.lasts(name)) this.#spans.set(name, [...this.of(name), { from }]);
  }

  end(name: string, to: number): void {
    this.#spans.set(
      name,
      this.of(name).map((span) => (span.to === undefined ? { ...span, to } : span)),
    );
  }
}
