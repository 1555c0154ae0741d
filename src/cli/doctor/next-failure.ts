import type { Sample, Samples } from './recorded-samples.ts';
import type { NextFailure } from './report.ts';

const TOLERATED = 'rackwatch_redundancy_faults_tolerated';
const MEMBER = 'rackwatch_survives_member_loss';
const OSD = 'rackwatch_survives_osd_loss';

/**
 * What the next failure would break, read from the samples as any dashboard would: by the names of the metrics, whichever
 * insight emits them.
 */
export function foretell(samples: Samples): NextFailure {
  const value = valueFinder(samples);
  const spent = (samples.get(TOLERATED) ?? []).filter((sample) => sample.value <= 0);
  const fatal = (name: string) => (samples.get(name) ?? []).filter((sample) => sample.value === 0);
  return {
    known: [TOLERATED, MEMBER, OSD].some((name) => samples.has(name)),
    redundancy: spent
      .toSorted((a, b) => a.value - b.value)
      .map((sample) => ({
        component: sample.labels['component'] ?? '',
        member: textOf(sample, 'member'),
        name: textOf(sample, 'name'),
        current: value('rackwatch_redundancy_current', sample),
        expected: value('rackwatch_redundancy_expected', sample),
        minimum: value('rackwatch_redundancy_minimum', sample),
        faults_tolerated: sample.value,
      })),
    member_loss: fatal(MEMBER).map((sample) => ({
      member: sample.labels['member'] ?? '',
      resource: sample.labels['resource'] ?? '',
      name: textOf(sample, 'name'),
      margin_bytes: value('rackwatch_member_loss_margin_bytes', sample),
      margin_ratio: value('rackwatch_member_loss_margin_ratio', sample),
    })),
    osd_loss: fatal(OSD).map((sample) => ({
      osd: sample.labels['osd'] ?? '',
      member: textOf(sample, 'member'),
      device_class: textOf(sample, 'device_class'),
      margin_bytes: value('rackwatch_osd_loss_margin_bytes', sample),
    })),
  };
}

/** An empty label is no label. */
const textOf = ({ labels }: Sample, label: string): string | null => labels[label] || null;

/** Finds the value of another metric for the same labels. */
function valueFinder(samples: Samples): (name: string, like: Sample) => number | null {
  const indexes = new Map<string, ReadonlyMap<string, number>>();
  return (name, like) => {
    const index = indexes.get(name) ?? new Map((samples.get(name) ?? []).map((one) => [keyOf(one), one.value]));
    indexes.set(name, index);
    return index.get(keyOf(like)) ?? null;
  };
}

const keyOf = ({ labels }: Sample): string =>
  JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
