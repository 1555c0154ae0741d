import type { SealedFamily } from './family-text.ts';
import { KeptFamily } from './kept-family.ts';
import type { Emit, Metric } from './metric.ts';
import type { Families } from './snapshot.ts';

/** Takes what is emitted again and again, as a stage does for once, and keeps the text for the next time. */
export class KeptStage {
  readonly #families = new Map<string, KeptFamily>();
  /** Samples since it was sealed whose series was there already. */
  repeats = 0;

  readonly emit: Emit = <L extends string>(metric: Metric<L>, labels: Readonly<Record<L, string>>, value: number) => {
    let family = this.#families.get(metric.name);
    if (!family) {
      family = new KeptFamily(metric);
      this.#families.set(metric.name, family);
    }
    if (!family.add(labels, value)) this.repeats++;
  };

  /** Ends writing, and begins anew. What it has returned before stays as it is. */
  seal(): Families {
    const families = new Map<string, SealedFamily>();
    for (const [name, family] of this.#families) {
      const sealed = family.seal();
      if (sealed.series > 0) families.set(name, sealed);
    }
    this.repeats = 0;
    return families;
  }

  /** Forgets what was written since it was sealed. */
  drop(): void {
    for (const family of this.#families.values()) family.drop();
    this.repeats = 0;
  }
}
