import { usedDiskOf } from '../load.ts';
import { poolOf } from '../lxd/storage.ts';
import { type DemoOsd, instances, members, osds } from '../rack.ts';
import type { RackState } from '../state.ts';
import { fractionOf, totalOver } from '../wave.ts';

/** Every object is there three times, once on each member. */
export const COPIES = 3;

/** What an OSD would report; counters began when its member last booted. */
export interface OsdLoad {
  readonly usedBytes: number;
  readonly pgs: number;
  readonly reads: number;
  readonly writes: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** Seconds that all reads, writes and commits have taken together. */
  readonly readSeconds: number;
  readonly writeSeconds: number;
  readonly commitSeconds: number;
  readonly commitLatencyMs: number;
}

/** Mean seconds of a read, a write and a commit. */
const latencies = {
  hdd: { read: 0.0085, write: 0.021, commit: 0.011 },
  ssd: { read: 0.00035, write: 0.0012, commit: 0.0006 },
} as const;

const READ_BYTES = 24_000;
const WRITE_BYTES = 14_000;

export function osdLoadOf(osd: DemoOsd, state: RackState): OsdLoad {
  const name = `osd.${osd.id}`;
  const now = state.clock.now();
  const since = state.bootedAt(osd.member);
  const speed = osd.deviceClass === 'ssd' ? 3 : 1;
  const reads = Math.floor(totalOver({ mean: 18 * speed, phase: fractionOf(`${name}/read`) }, since, now));
  const writes = Math.floor(totalOver({ mean: 31 * speed, phase: fractionOf(`${name}/write`) }, since, now));
  // No two disks are the same: one is a little slower than the next.
  const own = 0.85 + 0.3 * fractionOf(`${name}/latency`);
  const { commit, read, write } = latencies[osd.deviceClass];
  const fill = state.faults.osdFill.get(osd.id);
  return {
    usedBytes: Math.floor(
      fill === undefined ? classUsedBytes(osd.deviceClass, state) * shareOf(osd) : fill * osd.sizeBytes,
    ),
    pgs: Math.round((osd.deviceClass === 'ssd' ? 80 : 96) * (0.94 + 0.12 * fractionOf(`${name}/pgs`))),
    reads,
    writes,
    readBytes: reads * READ_BYTES,
    writtenBytes: writes * WRITE_BYTES,
    readSeconds: reads * read * own,
    writeSeconds: writes * write * own,
    commitSeconds: writes * commit * own,
    commitLatencyMs: Math.round(commit * own * 1000 * (state.faults.slowOsds.get(osd.id) ?? 1)),
  };
}

/** What the instances of a class, in all their copies, take on its devices; CephFS has the rest. */
export function classUsedBytes(deviceClass: DemoOsd['deviceClass'], state: RackState): number {
  const own = instances.filter(({ project }) => poolOf(project) === deviceClass);
  const disks = own.reduce((sum, instance) => sum + usedDiskOf(instance, state), 0);
  return COPIES * (disks + (deviceClass === 'hdd' ? CEPHFS_BYTES : 0));
}

export const CEPHFS_BYTES = 1.66e12;

/** Each member has one copy; its OSDs of the class share it, not quite evenly. */
function shareOf(osd: DemoOsd): number {
  const weight = ({ id }: DemoOsd) => 0.95 + 0.1 * fractionOf(`osd.${id}/share`);
  const siblings = osds.filter((other) => other.member === osd.member && other.deviceClass === osd.deviceClass);
  return weight(osd) / siblings.reduce((sum, other) => sum + weight(other), 0) / members.length;
}
