import { defineInsight } from '../core/insight.ts';
import { gauge } from '../core/metric.ts';
import { bmcFacts } from '../sources/bmc/facts.ts';
import { viewCluster } from './cluster-view.ts';
import { isHealed } from './healing.ts';

const healedWhilePowered = gauge('rackwatch_member_healed_while_powered', {
  help: "Whether LXD has healed the member away while its BMC says that the chassis is on: its instances may be running twice, on the same disks. 0 again after a restore, or once the host is seen to have booted. Absent while LXD or the member's BMC is silent, and where a healing cannot be told from an evacuation.",
  labels: ['member'],
});

export const healed = defineInsight({
  name: 'healed',
  help: 'Members that LXD has given up and that are still powered.',
  metrics: [healedWhilePowered],
  derive({ facts, emit }) {
    const view = viewCluster(facts);
    const power = new Map(
      facts.of(bmcFacts).flatMap(({ facts: { member, powerOn, reachable }, up }) => {
        const isKnown = up && reachable !== false && member !== undefined && powerOn !== undefined;
        return isKnown ? [[member, powerOn] as const] : [];
      }),
    );
    for (const member of view.members ?? []) {
      const isPowered = power.get(member.name);
      const wasHealed = isHealed(member, view);
      if (isPowered === undefined || wasHealed === undefined) continue;
      emit(healedWhilePowered, { member: member.name }, wasHealed && isPowered ? 1 : 0);
    }
  },
});
