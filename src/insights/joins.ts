import { defineInsight } from '../core/insight.ts';
import { gauge, info } from '../core/metric.ts';
import { describeMembers } from './joins/member-names.ts';
import { joinMeanings, measureJoins } from './joins/misses.ts';

const memberInfo = info('rackwatch_member_info', {
  help: "What a member of LXD is called elsewhere: its host's name and chassis in OVN, the address of its BMC, its host in Ceph. What nothing joined has no label.",
  labels: ['member', 'hostname', 'chassis', 'bmc', 'ceph_host'],
});
const coverage = gauge('rackwatch_join_coverage_ratio', {
  help: `Share of the things of one system that were found in the other. ${describeJoins()} Absent where either side is silent, or there is nothing to join.`,
  labels: ['join'],
});

export const joins = defineInsight({
  name: 'joins',
  help: 'What the members are called in each system, and how much of each system could be joined with the others. `rackwatch doctor` names what was not.',
  metrics: [memberInfo, coverage],
  derive({ facts, emit }) {
    for (const { bmc, cephHost, chassis, hostname, member } of describeMembers(facts)) {
      emit(memberInfo, { member, hostname, chassis, bmc, ceph_host: cephHost }, 1);
    }
    for (const { join, missed, total } of measureJoins(facts)) emit(coverage, { join }, (total - missed) / total);
  },
});

function describeJoins(): string {
  return `${Object.entries(joinMeanings)
    .map(([join, meaning]) => `${join}: ${meaning}`)
    .join('; ')}.`;
}
