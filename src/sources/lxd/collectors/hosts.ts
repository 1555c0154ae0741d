import { codeOf } from '../../../core/errors.ts';
import { type Emit, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { MemberState } from '../client/api.ts';
import type { LxdMember } from '../client/member.ts';
import { THIS_CYCLE_MS } from '../client/memo.ts';
import type { LxdConfig } from '../config.ts';
import type { HostFacts, LxdFacts } from '../facts.ts';

const cpus = gauge('lxd_cluster_member_cpus', { help: 'Logical CPUs of the host.', labels: ['member'] });
const memoryTotal = gauge('lxd_cluster_member_memory_total_bytes', { help: 'Memory of the host.', labels: ['member'] });
const memoryUsed = gauge('lxd_cluster_member_memory_used_bytes', {
  help: 'Memory of the host in use, without what the kernel would give back (caches and buffers).',
  labels: ['member'],
});
const load = gauge('lxd_cluster_member_load_average', {
  help: 'Load average of the host over 1, 5 and 15 minutes; absent where LXD does not tell (5.0).',
  labels: ['member', 'window'],
});
const uptime = gauge('lxd_cluster_member_uptime_seconds', {
  help: 'Time since the host was started; absent where LXD does not tell (5.0).',
  labels: ['member'],
});

const windows = ['1m', '5m', '15m'] as const;

export const hosts: Collector<LxdMember, LxdFacts, LxdConfig> = {
  name: 'hosts',
  help: 'CPU count, memory and load of the host of each member.',
  scope: 'member',
  metrics: [cpus, memoryTotal, memoryUsed, load, uptime],
  async collect({ client, clock, emit, signal }) {
    const state = await readState(client, signal);
    const host =
      state?.logical_cpus === undefined
        ? await showResources(emit, client, signal)
        : showState(emit, client.name, state, state.logical_cpus);
    client.memoryTotalBytes = host.memoryTotalBytes;
    return { host: state?.uptime === undefined ? host : { ...host, bootedAt: clock.now() / 1000 - state.uptime } };
  },
};

type SystemState = MemberState['sysinfo'];

/** Undefined where the server lacks the API extension cluster_member_state (5.0), or is not clustered. */
async function readState(client: LxdMember, signal: AbortSignal): Promise<SystemState | undefined> {
  try {
    const path = `/1.0/cluster/members/${encodeURIComponent(client.name)}/state`;
    return (await client.get<MemberState>(path, signal)).sysinfo;
  } catch (error) {
    // A server that is not clustered answers 500, which is "unavailable"; then the resources must tell, or fail.
    if (['unsupported', 'not_found', 'unavailable'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

function showState(emit: Emit, member: string, state: SystemState, logicalCpus: number): HostFacts {
  const memoryUsedBytes = state.total_ram - state.free_ram - (state.buffered_ram ?? 0);
  emit(cpus, { member }, logicalCpus);
  emit(memoryTotal, { member }, state.total_ram);
  emit(memoryUsed, { member }, memoryUsedBytes);
  for (const [index, value] of (state.load_averages ?? []).entries()) {
    const window = windows[index];
    if (window) emit(load, { member, window }, value);
  }
  if (state.uptime !== undefined) emit(uptime, { member }, state.uptime);
  return { member, cpus: logicalCpus, memoryTotalBytes: state.total_ram, memoryUsedBytes };
}

async function showResources(emit: Emit, client: LxdMember, signal: AbortSignal): Promise<HostFacts> {
  const { cpu, load: loads, memory } = await client.resources(signal, THIS_CYCLE_MS);
  const member = client.name;
  emit(cpus, { member }, cpu.total);
  emit(memoryTotal, { member }, memory.total);
  emit(memoryUsed, { member }, memory.used);
  if (loads) {
    emit(load, { member, window: '1m' }, loads.Average1Min);
    emit(load, { member, window: '5m' }, loads.Average5Min);
    // Named so by LXD; it is the third number of /proc/loadavg.
    emit(load, { member, window: '15m' }, loads.Average10Min);
  }
  return { member, cpus: cpu.total, memoryTotalBytes: memory.total, memoryUsedBytes: memory.used };
}
