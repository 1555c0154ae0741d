import type { SealedFamily } from './family-text.ts';
import { KeptFamily } from './kept-family.ts';
import type { Emit, Metric } from './metric.ts';
import type { Families } from './snapshot.ts';

/** Takes what an insight emits, as a stage does for a collector, and keeps the text for the next time. */
export class KeptStage {
  readonly #families = new Map<string, KeptFamily>();
  #repeats = 0;

  readonly emit: Emit = <L extends string>(metric: Metric<L>, labels: Readonly<Record<L, string>>, value: number) => {
    let family = this.#families.get(metric.name);
    if (!family) {
      family = new KeptFamily(metric);
      this.#families.set(metric.name, family);
    }
    if (!family.add(labels, value)) this.#repeats++;
  };

  /** Ends writing, and begins anew. What it has returned before stays as it is. */
  seal(): { readonly families: Families; readonly repeats: number } {
    const families = new Map<string, SealedFamily>();
    for (const [name, family] of this.#families) {
      const sealed = family.seal();
      if (sealed.series > 0) families.set(name, sealed);
    }
    const repeats = this.#repeats;
    this.#repeats = 0;
    return { families, repeats };
  }

  /** Forgets what was written since it was sealed; returns how many of these samples were repeats. */
  drop(): number {
    for (const family of this.#families.values()) family.drop();
    const repeats = this.#repeats;
    this.#repeats = 0;
    return repeats;
  }
}
