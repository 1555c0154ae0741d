import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHistogram } from '../../../../../src/sources/ceph/client/admin-socket/histogram.ts';
import { decodePerfDump } from '../../../../../src/sources/ceph/client/admin-socket/perf-dump.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/16.2.15/${name}.json`, import.meta.url), 'utf8'));

test('a perf dump has the samples that a manager would show', () => {
  const samples = decodePerfDump('0', fixture('osd.0-perf-dump'));
  expect(Object.fromEntries(samples.map(([family, { value }]) => [family, value]))).toMatchObject({
    ceph_osd_op_w_latency_sum: 1.795827622,
    ceph_osd_op_w_latency_count: 90,
    ceph_osd_stat_bytes: 1073741824,
    ceph_osd_numpg: 17,
    ceph_bluestore_commit_lat_sum: 15.371978794,
    ceph_bluestore_commit_lat_count: 780,
  });
  expect(samples.every(([, { labels }]) => labels.ceph_daemon === 'osd.0')).toBe(true);
});

test('a histogram is cumulative, and its bounds are seconds', () => {
  const histogram = decodeHistogram(fixture('osd.0-perf-histogram-dump'), 'write');
  expect(histogram?.count).toBe(90);
  const pairs = histogram?.boundsSeconds.map((bound, i) => [Number(bound.toPrecision(6)), histogram.cumulative[i]]);
  expect(pairs?.slice(0, 12)).toEqual([
    [0.0001, 0],
    [0.0002, 0],
    [0.0004, 0],
    [0.0008, 0],
    [0.0016, 0],
    [0.0032, 0],
    [0.0064, 0],
    [0.0128, 30],
    [0.0256, 71],
    [0.0512, 86],
    [0.1024, 90],
    [0.2048, 90],
  ]);
  expect(pairs).toHaveLength(30);
  expect(decodeHistogram(fixture('osd.0-perf-histogram-dump'), 'read')).toMatchObject({ count: expect.any(Number) });
});

test.each([{}, null, 'text', { osd: {} }, { osd: { op_w_latency_in_bytes_histogram: { axes: [], values: [] } } }])(
  '%j has neither',
  (dump) => {
    expect(decodeHistogram(dump, 'write')).toBeUndefined();
    expect(decodePerfDump('0', dump)).toEqual([]);
  },
);

test('nothing that JSON can hold makes them throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (ranges, values, latency) => {
      const histogram = { axes: [{ ranges }], values };
      const dump = { osd: { op_r_latency_out_bytes_histogram: histogram, op_r_latency: latency }, bluestore: latency };
      decodeHistogram(dump, 'read');
      decodePerfDump('1', dump);
    }),
  );
});
