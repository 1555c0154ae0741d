import type { ConfiguredInsight } from '../../config/load.ts';
import { codeOf, describeError } from '../../core/errors.ts';
import type { InsightInput } from '../../core/insight.ts';
import type { Emit } from '../../core/metric.ts';
import type { Failure } from '../../core/snapshot.ts';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Samples by the name of their metric. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

export interface Recorded {
  readonly samples: Samples;
  /** By insight; one that throws has no samples. */
  readonly failures: ReadonlyMap<string, Failure>;
}

/** Runs the insights and keeps what they emit as objects, which a page never does. */
export function recordSamples(
  chosen: readonly ConfiguredInsight[],
  input: Pick<InsightInput, 'facts' | 'nowMs'>,
): Recorded {
  const samples = new Map<string, Sample[]>();
  const failures = new Map<string, Failure>();
  for (const { config, insight } of chosen) {
    const own: [name: string, sample: Sample][] = [];
    const emit: Emit = ({ name }, labels, value) => void own.push([name, { labels: { ...labels }, value }]);
    try {
      insight.derive({ ...input, config: config as Record<string, unknown>, emit });
      for (const [name, sample] of own) samples.set(name, [...(samples.get(name) ?? []), sample]);
    } catch (error) {
      failures.set(insight.name, { code: codeOf(error), message: describeError(error) });
    }
  }
  return { samples, failures };
}
