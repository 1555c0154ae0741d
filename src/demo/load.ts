import { type DemoInstance, instances, osds } from './rack.ts';
import type { RackState } from './state.ts';
import { fractionOf, rateAt, totalOver, type Wave } from './wave.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const DAY_MS = 86_400_000;

/** Two E5-2650 v4 and sixteen DIMMs of 16 GiB in each server. */
export const hostCpu = { sockets: 2, coresPerSocket: 12, threadsPerCore: 2, threads: 48 } as const;
export const hostMemoryBytes = 256 * GIB;

/** What an instance uses; counters began when it last started. */
export interface InstanceLoad {
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  readonly cachedBytes: number;
  readonly oomKills: number;
  readonly processes: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly receivedPackets: number;
  readonly sentPackets: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly diskUsedBytes: number;
  readonly diskSizeBytes: number;
}

interface Profile {
  readonly cpu: Wave;
  readonly receive: Wave;
  readonly send: Wave;
  readonly read: Wave;
  readonly write: Wave;
  /** Of the memory limit. */
  readonly memoryShare: number;
  readonly processes: number;
  readonly diskSizeBytes: number;
  readonly diskUsedBytes: number;
  readonly diskGrowthPerDay: number;
}

const profiles = new Map(instances.map((instance) => [instance, createProfile(instance)] as const));

function createProfile(instance: DemoInstance): Profile {
  const pick = (what: string, low: number, high: number) =>
    low + (high - low) * fractionOf(`${instance.project}/${instance.name}/${what}`);
  // Few are busy and most are idle: a square spreads them so.
  const wave = (what: string, low: number, high: number) => ({
    mean: low + (high - low) * pick(what, 0, 1) ** 2,
    phase: pick(`${what} phase`, 0, 1),
  });
  const diskSizeBytes = Math.round(pick('disk', 1, 5)) * 10 * GIB;
  return {
    cpu: wave('cpu', 0.02 * instance.cpus, 0.45 * instance.cpus),
    receive: wave('receive', 2e3, 2e6),
    send: wave('send', 2e3, 2e6),
    read: wave('read', 1e3, 1e6),
    write: wave('write', 5e3, 8e5),
    memoryShare: pick('memory', 0.2, 0.75),
    processes: Math.round(pick('processes', 12, 140)),
    diskSizeBytes,
    diskUsedBytes: diskSizeBytes * pick('disk used', 0.15, 0.6),
    diskGrowthPerDay: pick('disk growth', 1, 60) * MIB,
  };
}

/** The load of a running instance. */
export function loadOf(instance: DemoInstance, state: RackState): InstanceLoad {
  const profile = profiles.get(instance) as Profile;
  const now = state.clock.now();
  const { since } = state.placementOf(instance);
  const count = (wave: Wave) => Math.floor(totalOver(wave, since, now));
  const busy = rateAt(profile.cpu, now) / profile.cpu.mean;
  const receivedBytes = count(profile.receive);
  const sentBytes = count(profile.send);
  return {
    cpuSeconds: totalOver(profile.cpu, since, now),
    memoryBytes: pages(instance.memoryBytes * profile.memoryShare * (0.9 + 0.1 * busy)),
    cachedBytes: pages(instance.memoryBytes * 0.15),
    oomKills: state.faults.oomKills.get(`${instance.project}/${instance.name}`) ?? 0,
    processes: Math.round(profile.processes * (0.85 + 0.15 * busy)),
    receivedBytes,
    sentBytes,
    receivedPackets: Math.floor(receivedBytes / 870),
    sentPackets: Math.floor(sentBytes / 640),
    readBytes: count(profile.read),
    writtenBytes: count(profile.write),
    diskUsedBytes: usedDiskOf(instance, state),
    diskSizeBytes: profile.diskSizeBytes,
  };
}

/** Grows while it runs, up to nine tenths of the disk; it is there as well when the instance is stopped. */
export function usedDiskOf(instance: DemoInstance, state: RackState): number {
  const { diskGrowthPerDay, diskSizeBytes, diskUsedBytes } = profiles.get(instance) as Profile;
  const ageDays = Math.max(0, state.clock.now() - state.bootedAt(instance.home)) / DAY_MS;
  return pages(Math.min(diskUsedBytes + diskGrowthPerDay * ageDays, 0.9 * diskSizeBytes));
}

export interface HostLoad {
  readonly memoryUsedBytes: number;
  /** Threads that want to run. */
  readonly load: number;
  readonly processes: number;
}

/** What a member's instances, its OSDs and its own daemons use. */
export function hostLoadOf(member: string, state: RackState): HostLoad {
  const now = state.clock.now();
  const own = osds.filter((osd) => osd.member === member).length;
  const total = { memoryUsedBytes: 9 * GIB + own * 4.3 * GIB, load: 1.2 + 0.3 * own, processes: 610 };
  for (const instance of instances) {
    if (!state.isRunning(instance) || state.placementOf(instance).location !== member) continue;
    const { memoryBytes, processes } = loadOf(instance, state);
    total.memoryUsedBytes += memoryBytes;
    total.processes += processes;
    total.load += rateAt((profiles.get(instance) as Profile).cpu, now);
  }
  const shareUsed = state.faults.hostMemory.get(member);
  const memoryUsedBytes = shareUsed === undefined ? total.memoryUsedBytes : shareUsed * hostMemoryBytes;
  return { ...total, memoryUsedBytes: pages(memoryUsedBytes) };
}

const pages = (bytes: number): number => Math.floor(bytes / 4096) * 4096;
