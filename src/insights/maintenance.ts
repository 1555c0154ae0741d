import { defineInsight } from '../core/insight.ts';
import { type Emit, emitState, gauge } from '../core/metric.ts';
import type { MemberFacts } from '../sources/lxd/facts.ts';
import { type ClusterView, runningAwayFrom, viewCluster } from './cluster-view.ts';
import { isHealed } from './healing.ts';

const phases = ['evacuating', 'evacuated', 'restoring'] as const;
type Phase = (typeof phases)[number];

const inMaintenance = gauge('rackwatch_member_maintenance', {
  help: 'Whether the member is in maintenance, from the start of its evacuation to the end of its restore. A member that LXD has healed away is not, until its restore begins.',
  labels: ['member'],
});
const phase = gauge('rackwatch_member_maintenance_phase', {
  help: "Phase of the member's maintenance, 1 for the present one; all are 0 outside of one. Absent while LXD does not tell its operations.",
  labels: ['member', 'phase'],
});
const start = gauge('rackwatch_member_maintenance_start_timestamp_seconds', {
  help: 'Unix time at which the maintenance began. Where rackwatch was started during it: the earliest time that is proved, by the first start of an instance that was moved, or by rackwatch seeing it.',
  labels: ['member'],
});
const reachable = gauge('rackwatch_member_reachable', {
  help: "Whether rackwatch's own connection to the member works; LXD calls a member evacuated also when it has died.",
  labels: ['member'],
});

export const maintenance = defineInsight({
  name: 'maintenance',
  help: 'Members that are being evacuated, are evacuated, or are being restored, and whether they answer.',
  metrics: [inMaintenance, phase, start, reachable],
  derive({ facts, emit }) {
    const view = viewCluster(facts);
    for (const member of view.members ?? []) {
      const answers = view.reachable.get(member.name);
      if (answers !== undefined) emit(reachable, { member: member.name }, answers ? 1 : 0);
      showMaintenance(emit, member.name, phaseOf(member, view), view);
    }
  },
});

function showMaintenance(emit: Emit, member: string, present: Phase | 'none' | undefined, view: ClusterView): void {
  if (present === undefined) return;
  const isBusy = present !== 'none';
  emit(inMaintenance, { member }, isBusy ? 1 : 0);
  if (view.maintenance) emitState(emit, phase, { member }, 'phase', phases, present);
  const startedAt = isBusy ? startOf(member, view) : undefined;
  if (startedAt !== undefined) emit(start, { member }, startedAt);
}

/**
 * LXD calls a member evacuated from the start of its evacuation, and online from the start of its restore: its operations
 * decide. Without them, one that is online may be on its way back.
 */
function phaseOf(member: MemberFacts, view: ClusterView): Phase | 'none' | undefined {
  const { maintenance: operations } = view;
  const operation = operations?.find((one) => one.member === member.name);
  if (operation) return operation.kind;
  if (member.status === 'evacuated') return isHealed(member, view) ? 'none' : 'evacuated';
  return operations ? 'none' : undefined;
}

function startOf(member: string, view: ClusterView): number | undefined {
  const operation = view.maintenance?.find((one) => one.member === member);
  if (operation?.kind === 'evacuating') return operation.startedAt;
  const { seenAt, startedAt } = view.histories.get(member) ?? {};
  if (startedAt !== undefined) return startedAt;
  // A container is started anew where it is moved to; a virtual machine may have been moved running.
  const moves = runningAwayFrom(member, view).flatMap(({ kind, lastUsedAt }) =>
    kind === 'container' && lastUsedAt !== undefined ? [lastUsedAt] : [],
  );
  const proofs = [seenAt, operation?.startedAt, ...moves].filter((at) => at !== undefined);
  return proofs.length > 0 ? Math.min(...proofs) : undefined;
}
