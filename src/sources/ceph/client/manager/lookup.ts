import type { Samples } from './samples.ts';

/** The values of a family by one of its labels. Samples without that label, or that are NaN, are not in it. */
export function indexBy(samples: Samples, family: string, label: string): ReadonlyMap<string, number> {
  const index = new Map<string, number>();
  for (const { labels, value } of samples.get(family) ?? []) {
    const key = labels[label];
    if (key !== undefined && !Number.isNaN(value)) index.set(key, value);
  }
  return index;
}

/** The value of a family that has one sample without labels. */
export function single(samples: Samples, family: string): number | undefined {
  const value = samples.get(family)?.[0]?.value;
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** By OSD, as `osd.0`. */
export function indexByOsd(samples: Samples, family: string): ReadonlyMap<string, number> {
  const index = new Map<string, number>();
  for (const { labels, value } of samples.get(family) ?? []) {
    const osd = osdOf(labels['ceph_daemon']);
    if (osd !== undefined && !Number.isNaN(value)) index.set(osd, value);
  }
  return index;
}

/** Early releases of ceph-exporter call the daemon `ceph-osd.0` (ceph#52774), all else `osd.0`. */
export function osdOf(daemon: string | undefined): string | undefined {
  if (daemon?.startsWith('osd.')) return daemon;
  return daemon?.startsWith('ceph-osd.') ? daemon.slice('ceph-'.length) : undefined;
}

/** A sum and the number of things in it, both since the daemon's start: what every latency in Ceph is. */
export interface SumAndCount {
  readonly sum: number;
  readonly count: number;
}

export const sumAndCount = (sum: number | undefined, count: number | undefined): SumAndCount | undefined =>
  sum === undefined || count === undefined ? undefined : { sum, count };
