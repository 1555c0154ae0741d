import { emitState, gauge, info } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { LxdCluster } from '../client/cluster.ts';
import type { LxdConfig } from '../config.ts';
import type { LxdFacts, MemberStatus } from '../facts.ts';

const statuses: readonly MemberStatus[] = ['online', 'offline', 'evacuated', 'blocked'];

const memberInfo = info('lxd_cluster_member_info', {
  help: 'Members of the cluster; a server that is not clustered is its own only member.',
  labels: ['member', 'architecture', 'failure_domain'],
});
const memberStatus = gauge('lxd_cluster_member_status', {
  help: 'State of the member as the cluster sees it, 1 for the present one. LXD keeps saying "evacuated" of an evacuated member that has gone offline.',
  labels: ['member', 'status'],
});
const memberRole = gauge('lxd_cluster_member_role', {
  help: 'Roles that the member has: database-leader, database, database-standby, event-hub, ovn-chassis.',
  labels: ['member', 'role'],
});

export const members: Collector<LxdCluster, LxdFacts, LxdConfig> = {
  name: 'members',
  help: 'Members of the cluster with their state and roles.',
  scope: 'cluster',
  metrics: [memberInfo, memberStatus, memberRole],
  async collect({ client, emit, signal }) {
    const topology = await client.topology(signal);
    const facts = topology.members.map(({ roles, server_name: name, status, url }) => ({
      name,
      url,
      status: status.toLowerCase() as MemberStatus,
      roles: roles ?? [],
    }));
    for (const { architecture = '', failure_domain = '', server_name: member } of topology.members) {
      emit(memberInfo, { member, architecture, failure_domain }, 1);
    }
    for (const { name: member, roles, status } of facts) {
      emitState(emit, memberStatus, { member }, 'status', statuses, status);
      for (const role of roles) emit(memberRole, { member, role }, 1);
    }
    const { config, environment } = topology.info;
    return {
      clustered: topology.clustered,
      serverVersion: environment?.server_version ?? '',
      members: facts,
      ...(config ? { healingAfterSeconds: Number(config['cluster.healing_threshold'] ?? 0) } : {}),
    };
  },
};
