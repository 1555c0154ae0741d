import type { Sample, Samples } from './recorded-samples.ts';

/** What the next failure would break. This is part of the answer of `doctor --json` as it is. Null is unknown. */
export interface NextFailure {
  /** Whether anything tells: without the insights `redundancy` and `survival`, or without facts, nothing does. */
  readonly known: boolean;
  /** Components of which no unit may fail any more. */
  readonly redundancy: readonly Redundancy[];
  /** What does not survive the loss of a member. */
  readonly member_loss: readonly MemberLoss[];
  /** OSDs whose loss cannot be made good. */
  readonly osd_loss: readonly OsdLoss[];
}

export interface Redundancy {
  readonly component: string;
  readonly member: string | null;
  readonly name: string | null;
  readonly current: number | null;
  readonly expected: number | null;
  readonly minimum: number | null;
  /** 0: the next failure is an outage. Less: it has happened. */
  readonly faults_tolerated: number;
}

export interface MemberLoss {
  readonly member: string;
  readonly resource: string;
  readonly name: string | null;
  /** What would be left, negative for what is short. */
  readonly margin_bytes: number | null;
  readonly margin_ratio: number | null;
}

export interface OsdLoss {
  readonly osd: string;
  readonly member: string | null;
  readonly device_class: string | null;
  readonly margin_bytes: number | null;
}

const TOLERATED = 'rackwatch_redundancy_faults_tolerated';
const MEMBER = 'rackwatch_survives_member_loss';
const OSD = 'rackwatch_survives_osd_loss';

/**
 * What the next failure would break, read from the samples as any dashboard would: by the names of the metrics, whichever
 * insight emits them.
 */
export function foretell(samples: Samples): NextFailure {
  const value = valueFinder(samples);
  const fatal = (name: string) => (samples.get(name) ?? []).filter((sample) => sample.value === 0);
  return {
    known: [TOLERATED, MEMBER, OSD].some((name) => samples.has(name)),
    redundancy: listRedundancy(samples).filter(({ faults_tolerated: tolerated }) => tolerated <= 0),
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

/** The whole ledger, the least tolerant component first. */
export function listRedundancy(samples: Samples): Redundancy[] {
  const value = valueFinder(samples);
  return (samples.get(TOLERATED) ?? [])
    .toSorted((a, b) => a.value - b.value)
    .map((sample) => ({
      component: sample.labels['component'] ?? '',
      member: textOf(sample, 'member'),
      name: textOf(sample, 'name'),
      current: value('rackwatch_redundancy_current', sample),
      expected: value('rackwatch_redundancy_expected', sample),
      minimum: value('rackwatch_redundancy_minimum', sample),
      faults_tolerated: sample.value,
    }));
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
