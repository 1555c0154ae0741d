import { loadOf } from '../load.ts';
import { poolOf } from '../lxd/storage.ts';
import { instances } from '../rack.ts';
import type { RackState } from '../state.ts';
import { fractionOf } from '../wave.ts';
import type { Line, PageWriter } from './page.ts';

/** Mean nanoseconds of an operation on an image, by its pool. */
const latencies = { hdd: { read: 9_400_000, write: 23_500_000 }, ssd: { read: 480_000, write: 1_450_000 } };

const READ_BYTES = 18_000;
const WRITE_BYTES = 9000;

/** The images of the instances that run, as LXD names them: those of a pool in rbd_stats_pools, once they do IO. */
export function writeImages(page: PageWriter, state: RackState): void {
  const rows = instances
    .filter((instance) => state.isRunning(instance))
    .map((instance) => {
      const { readBytes, writtenBytes } = loadOf(instance, state);
      const pool = poolOf(instance.project) === 'ssd' ? 'ssd' : 'hdd';
      const suffix = instance.kind === 'virtual-machine' ? '.block' : '';
      const owner = instance.project === 'default' ? '' : `${instance.project}_`;
      const image = `${instance.kind}_${owner}${instance.name}${suffix}`;
      return {
        labels: { pool: `lxd-${pool}`, namespace: '', image },
        read: { bytes: readBytes, ops: Math.floor(readBytes / READ_BYTES), latency: latencies[pool].read },
        write: { bytes: writtenBytes, ops: Math.floor(writtenBytes / WRITE_BYTES), latency: latencies[pool].write },
        own: 0.8 + 0.4 * fractionOf(image),
      };
    });
  for (const direction of ['write', 'read'] as const) {
    const of = (value: (io: (typeof rows)[number]['read'], own: number) => number): Line[] =>
      rows.map((row) => [row.labels, value(row[direction], row.own)]);
    const ops = of(({ ops }) => ops);
    page.family(`rbd_${direction}_ops`, 'counter', `RBD image ${direction}s count`, ops);
    page.family(
      `rbd_${direction}_bytes`,
      'counter',
      `RBD image bytes ${direction}`,
      of(({ bytes }) => bytes),
    );
    const sum = of((io, own) => Math.floor(io.ops * io.latency * own));
    page.family(`rbd_${direction}_latency_sum`, 'counter', `RBD image ${direction}s latency (msec) Total`, sum);
    page.family(`rbd_${direction}_latency_count`, 'counter', `RBD image ${direction}s latency (msec) Count`, ops);
  }
}
