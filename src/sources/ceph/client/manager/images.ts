import { type SumAndCount, sumAndCount } from './lookup.ts';
import type { Samples } from './samples.ts';

/** IO of one direction since the manager began to look at the image. */
export interface ImageIo {
  readonly operations: number | undefined;
  readonly bytes: number | undefined;
  /** In seconds. */
  readonly latency: SumAndCount | undefined;
}

/** An RBD image that does IO: a manager lists it only for the pools in `mgr/prometheus/rbd_stats_pools`. */
export interface RbdImage {
  readonly pool: string;
  readonly namespace: string;
  readonly image: string;
  readonly read: ImageIo;
  readonly write: ImageIo;
}

export const IMAGE_FAMILY_PREFIX = 'ceph_rbd_';

/** The latencies are in nanoseconds in every release, though the HELP of some says msec (ceph#51090 and before). */
const PER_SECOND = 1e9;

export function decodeImages(samples: Samples): readonly RbdImage[] {
  const images = new Map<string, { labels: Readonly<Record<string, string>>; values: Map<string, number> }>();
  for (const [family, list] of samples) {
    if (!/^ceph_rbd_(?:read|write)_/.test(family)) continue;
    for (const { labels, value } of list) {
      const key = [labels['pool'], labels['namespace'], labels['image']].join('/');
      const image = images.get(key) ?? { labels, values: new Map<string, number>() };
      image.values.set(family, value);
      images.set(key, image);
    }
  }
  return [...images.values()].flatMap(({ labels: { pool, namespace = '', image }, values }) =>
    pool === undefined || image === undefined
      ? []
      : [{ pool, namespace, image, read: decodeIo(values, 'read'), write: decodeIo(values, 'write') }],
  );
}

function decodeIo(values: ReadonlyMap<string, number>, direction: 'read' | 'write'): ImageIo {
  const value = (what: string) => values.get(`ceph_rbd_${direction}_${what}`);
  const sum = value('latency_sum');
  return {
    operations: value('ops'),
    bytes: value('bytes'),
    latency: sumAndCount(sum === undefined ? undefined : sum / PER_SECOND, value('latency_count')),
  };
}
