import { type Emit, emitState, gauge, info } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { Instance } from '../client/api.ts';
import type { LxdCluster } from '../client/cluster.ts';
import { listInstances } from '../client/instance-list.ts';
import { parseTimestamp } from '../client/limits.ts';
import type { LxdConfig } from '../config.ts';
import type { InstanceFacts, LxdFacts } from '../facts.ts';
import { readInstanceFacts } from './instance-facts.ts';

const instance = ['project', 'name'] as const;
const states = ['running', 'stopped', 'frozen', 'error'] as const;

const instanceInfo = info('lxd_instance_info', {
  help: 'Instances of all projects, running or not, and the member that each is on.',
  labels: [...instance, 'member', 'kind', 'architecture', 'os', 'release'],
});
const instanceState = gauge('lxd_instance_state', {
  help: 'State of the instance, 1 for the present one; all are 0 while it changes. "error" means that its member does not answer, not that it is down.',
  labels: [...instance, 'state'],
});
const cpuLimit = gauge('lxd_instance_cpu_limit', {
  help: 'CPUs that the instance may use (limits.cpu, as a count or as the size of a pinned set); absent without a limit.',
  labels: instance,
});
const memoryLimit = gauge('lxd_instance_memory_limit_bytes', {
  help: 'Memory that the instance may use (limits.memory); absent without a limit. A limit in percent is known once the host has been read.',
  labels: instance,
});
const processes = gauge('lxd_instance_processes', {
  help: 'Processes in the instance; absent while it is not running.',
  labels: instance,
});
const diskUsage = gauge('lxd_instance_disk_usage_bytes', {
  help: "Space used on the instance's disk device; absent where the storage driver cannot tell.",
  labels: [...instance, 'device'],
});
const snapshots = gauge('lxd_instance_snapshots', { help: 'Snapshots of the instance.', labels: instance });
const created = gauge('lxd_instance_created_timestamp_seconds', {
  help: 'Unix time at which the instance was created.',
  labels: instance,
});
const lastUsed = gauge('lxd_instance_last_used_timestamp_seconds', {
  help: 'Unix time at which the instance was last started; absent if it never was.',
  labels: instance,
});

export const instances: Collector<LxdCluster, LxdFacts, LxdConfig> = {
  name: 'instances',
  help: 'Instances of all projects: state, place, limits, processes, disk usage, snapshots.',
  scope: 'instances',
  metrics: [instanceInfo, instanceState, cpuLimit, memoryLimit, processes, diskUsage, snapshots, created, lastUsed],
  async collect({ client, emit, signal }) {
    const { info: server } = await client.topology(signal);
    const self = server.environment?.server_name ?? '';
    const facts: InstanceFacts[] = [];
    const memoryUsedBytes: (number | undefined)[] = [];
    for (const one of await listInstances(client, signal)) {
      const own = readInstanceFacts(one, self, (member) => client.memoryOf(member));
      showInstance(emit, one, own);
      facts.push(own);
      memoryUsedBytes.push(one.state?.memory?.usage || undefined);
    }
    return { instances: facts, memoryUsedBytes };
  },
};

function showInstance(emit: Emit, one: Instance, facts: InstanceFacts): void {
  const { member, name, project } = facts;
  const labels = { project, name };
  const config = one.expanded_config ?? {};
  emit(
    instanceInfo,
    {
      ...labels,
      member,
      kind: one.type,
      architecture: one.architecture,
      os: config['image.os'] ?? '',
      release: config['image.release'] ?? '',
    },
    1,
  );
  emitState(emit, instanceState, labels, 'state', states, facts.state === 'ready' ? 'running' : facts.state);
  const present = (metric: Parameters<Emit>[0], value: number | undefined) => {
    if (value !== undefined) emit(metric, labels, value);
  };
  present(cpuLimit, facts.cpuLimit);
  present(memoryLimit, facts.memoryLimitBytes);
  present(created, parseTimestamp(one.created_at));
  present(lastUsed, parseTimestamp(one.last_used_at));
  // Null is none, and also what LXD says of an instance whose member does not answer.
  if (facts.state !== 'error') present(snapshots, one.snapshots?.length ?? 0);
  // LXD says -1 (or 0 while stopped) where it cannot count.
  const count = one.state?.processes ?? 0;
  present(processes, count > 0 ? count : undefined);
  for (const [device, { usage }] of Object.entries(one.state?.disk ?? {})) {
    if (usage > 0) emit(diskUsage, { ...labels, device }, usage);
  }
}
