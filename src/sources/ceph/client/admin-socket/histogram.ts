import { field } from './perf-dump.ts';

/** A latency histogram of an OSD since its start. */
export interface LatencyHistogram {
  /** Upper bounds of the buckets in seconds, rising; what is above the last one is only in `count`. */
  readonly boundsSeconds: readonly number[];
  /** Operations up to each bound, that is, cumulative. */
  readonly cumulative: readonly number[];
  readonly count: number;
}

/** The axis is called "Latency (usec)"; measured against a known load its numbers are nanoseconds (test/sources/ceph). */
const PER_SECOND = 1e9;

const histograms = { read: 'op_r_latency_out_bytes_histogram', write: 'op_w_latency_in_bytes_histogram' } as const;

/**
 * The answer to `perf histogram dump` of an OSD: two-dimensional, latency by size; the sizes are added up.
 * `values[i][j]` counts latency bucket i and size bucket j (src/common/perf_histogram.h).
 */
export function decodeHistogram(dump: unknown, direction: 'read' | 'write'): LatencyHistogram | undefined {
  const histogram = field(field(dump, 'osd'), histograms[direction]);
  const [axes, values] = [field(histogram, 'axes'), field(histogram, 'values')];
  const ranges = Array.isArray(axes) ? field(axes[0], 'ranges') : undefined;
  if (!Array.isArray(ranges) || !Array.isArray(values) || values.length !== ranges.length) return undefined;
  const boundsSeconds: number[] = [];
  const cumulative: number[] = [];
  let count = 0;
  for (const [i, range] of ranges.entries()) {
    count += sumRow(values[i]);
    const max = field(range, 'max');
    // The first bucket is for what is below zero, the last one has no bound.
    if (typeof max !== 'number' || max < 0) continue;
    boundsSeconds.push((max + 1) / PER_SECOND);
    cumulative.push(count);
  }
  return { boundsSeconds, cumulative, count };
}

const sumRow = (row: unknown): number =>
  Array.isArray(row) ? row.reduce((sum: number, value) => sum + (typeof value === 'number' ? value : 0), 0) : 0;
