import type { ErrorCode } from './errors.ts';
import { FamilyText, renderSeries, renderValue, type SealedFamily } from './family-text.ts';
import { keepText } from './keep-text.ts';
import type { Emit, Metric } from './metric.ts';

export type Families = ReadonlyMap<string, SealedFamily>;

/** Up to this many bytes the text of a stage is compared with the last one, and copied together. */
const KEPT_BYTES = 256 * 1024;

/** How one collector fared in one cycle. */
export interface CollectorOutcome {
  readonly collector: string;
  readonly durationSeconds: number;
  /** Series that were emitted twice and shown once. Anything but 0 is a fault worth a report. */
  readonly repeats: number;
  readonly failure?: Failure;
  /** Its success says nothing about whether the target answers. */
  readonly isWitness?: boolean;
}

export interface Failure {
  readonly code: ErrorCode;
  /** For a person; holds no secret. */
  readonly message: string;
}

/** The immutable result of one collection cycle of one target. Readers never see a half-written one. */
export interface Snapshot {
  readonly source: string;
  readonly target: string;
  /** Milliseconds since the epoch, when the cycle ended. */
  readonly takenAt: number;
  readonly durationSeconds: number;
  readonly outcomes: readonly CollectorOutcome[];
  readonly stages: readonly Families[];
  readonly facts: object;
}

/** Takes what one collector writes; the cycle keeps it only if the collector succeeds. */
export class Stage {
  readonly #families = new Map<string, FamilyText>();
  repeats = 0;

  readonly emit: Emit = <L extends string>(metric: Metric<L>, labels: Readonly<Record<L, string>>, value: number) => {
    if (!this.family(metric).add(renderSeries(metric, labels), renderValue(value))) this.repeats++;
  };

  /** The text of a family, for text that arrives ready made. The first header of a name wins. */
  readonly family = (header: FamilyText['header']): FamilyText => {
    let family = this.#families.get(header.name);
    if (!family) {
      family = new FamilyText(header);
      this.#families.set(header.name, family);
    }
    return family;
  };

  /**
   * Ends writing. A large stage is left as it is: its pieces are full but for the last ones.
   * @param last what the same collector gave in the last cycle: text that is equal to it is not held twice
   */
  seal(last?: Families): Families {
    let bytes = 0;
    for (const family of this.#families.values()) {
      family.seal();
      bytes += family.bytes;
    }
    return bytes <= KEPT_BYTES ? keepText(this.#families, last) : this.#families;
  }
}

/** What the collector gave in this snapshot's cycle; undefined if it failed. */
export function familiesOf({ outcomes, stages }: Snapshot, collector: string): Families | undefined {
  const successful = outcomes.filter(({ failure }) => !failure);
  return stages[successful.findIndex((outcome) => outcome.collector === collector)];
}

export function countSeries(snapshot: Snapshot): number {
  let count = 0;
  for (const families of snapshot.stages) for (const family of families.values()) count += family.series;
  return count;
}
