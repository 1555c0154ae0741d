import { defineInsight } from '../core/insight.ts';
import { gauge } from '../core/metric.ts';
import type { InstanceFacts } from '../sources/lxd/facts.ts';
import { type ClusterView, isRunning, viewCluster } from './cluster-view.ts';

const labels = ['project', 'name', 'member'] as const;

const expectedRunning = gauge('rackwatch_instance_expected_running', {
  help: 'Whether LXD would start the instance at boot: boot.autostart, or where that is not set, whether it was running when it last had to stop with its host. Absent while its member does not answer, and LXD does not tell.',
  labels,
});
const down = gauge('rackwatch_instance_down', {
  help: 'Whether the instance is expected to run and does not. Absent while its member does not answer: it may well be running.',
  labels,
});
const displaced = gauge('rackwatch_instance_displaced', {
  help: '1 while the instance is away from the member that it was evacuated from, although that member is online and not in maintenance; else absent.',
  labels: [...labels, 'origin'],
});

export const instances = defineInsight({
  name: 'instances',
  help: 'Instances that ought to run and do not, and those that did not return from an evacuation.',
  metrics: [expectedRunning, down, displaced],
  derive({ facts, emit }) {
    const view = viewCluster(facts);
    const settled = settledMembers(view);
    for (const instance of view.instances ?? []) {
      if (instance.configUnknown) continue;
      const { evacuateOrigin: origin, member, name, project } = instance;
      const isExpected = expectsRunning(instance);
      emit(expectedRunning, { project, name, member }, isExpected ? 1 : 0);
      if (instance.state === 'error') continue;
      emit(down, { project, name, member }, isExpected && !isRunning(instance) ? 1 : 0);
      if (origin !== undefined && origin !== member && settled.has(origin))
        emit(displaced, { project, name, member, origin }, 1);
    }
  },
});

/**
 * As LXD decides at boot. An evacuation leaves what it stops marked as running, for LXD to start it again; what is stopped
 * by hand, or stops by itself, is marked as stopped.
 */
const expectsRunning = ({ autostart, lastPowerRunning, startProtected }: InstanceFacts): boolean =>
  !startProtected && (autostart ?? lastPowerRunning);

/** Members to which instances ought to have returned. */
function settledMembers({ maintenance, members }: ClusterView): ReadonlySet<string> {
  if (!maintenance || !members) return new Set();
  const busy = new Set(maintenance.map(({ member }) => member));
  return new Set(members.filter(({ name, status }) => status === 'online' && !busy.has(name)).map(({ name }) => name));
}
