import { counter, type Emit, emitState, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { DatabaseName, OvnClient } from '../client/client.ts';
import type { ClusterStatus } from '../client/cluster-status.ts';
import type { OvnConfig } from '../config.ts';
import type { OvnFacts } from '../facts.ts';

const perServer = ['db', 'server'] as const;
const perPeer = ['db', 'server', 'peer'] as const;
const roles = ['leader', 'follower', 'candidate'];
const statuses = ['active', 'standby', 'paused'];

const term = gauge('ovn_raft_term', {
  help: 'Term of the cluster as this server knows it. Elections raise it; a server that raises it on and on cannot win one.',
  labels: perServer,
});
const role = gauge('ovn_raft_role', {
  help: 'Part that the server plays in its cluster, 1 for the present one.',
  labels: [...perServer, 'role'],
});
const electionTimer = gauge('ovn_raft_election_timer_seconds', {
  help: 'Time without a word of the leader after which the server asks for an election.',
  labels: perServer,
});
const logEntries = gauge('ovn_raft_log_entries', {
  help: 'Log entries that the server keeps since its last snapshot.',
  labels: perServer,
});
const uncommitted = gauge('ovn_raft_uncommitted_entries', {
  help: 'Log entries that the majority has not confirmed yet.',
  labels: perServer,
});
const unapplied = gauge('ovn_raft_unapplied_entries', {
  help: 'Log entries that are confirmed and not yet in the database.',
  labels: perServer,
});
const disconnections = counter('ovn_raft_disconnections_total', {
  help: 'Connections to other servers that were lost since the server was started.',
  labels: perServer,
});
const peerMessageAge = gauge('ovn_raft_peer_last_message_age_seconds', {
  help: 'Time since the last message from the other server; absent before the first.',
  labels: perPeer,
});
const peerLag = gauge('ovn_raft_peer_lag_entries', {
  help: 'Log entries that the other server lacks; only the leader knows.',
  labels: perPeer,
});
const northdStatus = gauge('ovn_northd_status', {
  help: 'What the ovn-northd of this host does, 1 for the present state. One of all is active, the others stand by.',
  labels: ['status'],
});
const northdConnected = gauge('ovn_northd_connected', {
  help: 'Whether the ovn-northd of this host is connected to the database.',
  labels: ['db'],
});

export const raft: Collector<OvnClient, OvnFacts, OvnConfig> = {
  name: 'raft',
  help: 'What the servers and northd of this host tell over their control sockets only: RAFT terms, roles and gaps.',
  metrics: [
    term,
    role,
    electionTimer,
    logEntries,
    uncommitted,
    unapplied,
    disconnections,
    peerMessageAge,
    peerLag,
    northdStatus,
    northdConnected,
  ],
  isNeeded: ({ unixctl }) => Object.values(unixctl).some((path) => path !== undefined),
  async collect({ client, emit, signal }) {
    for (const db of ['northbound', 'southbound'] as const) {
      const status = await client.clusterStatus(db, signal);
      await client[db]?.settle(signal);
      if (status) emitCluster(emit, db, serverOfStatus(client, db, status), status);
    }
    const northd = await client.northdStatus(signal);
    if (northd) {
      emitState(emit, northdStatus, {}, 'status', statuses, northd.status);
      for (const db of ['northbound', 'southbound'] as const) {
        emit(northdConnected, { db }, northd.connected[db] ? 1 : 0);
      }
    }
    return northd && { northd: { status: northd.status, connected: Object.values(northd.connected).every(Boolean) } };
  },
};

function emitCluster(emit: Emit, db: DatabaseName, server: string, status: ClusterStatus): void {
  const values = [
    [term, status.term],
    [electionTimer, status.electionTimerSeconds],
    [logEntries, gap(status.logNext, status.logStart)],
    [uncommitted, status.uncommitted],
    [unapplied, status.unapplied],
    [disconnections, status.disconnections],
  ] as const;
  for (const [metric, value] of values) if (value !== undefined) emit(metric, { db, server }, value);
  emitState(emit, role, { db, server }, 'role', roles, status.role);
  emitPeers(emit, { db, server }, status);
}

function emitPeers(emit: Emit, labels: { db: string; server: string }, { peers, role: part }: ClusterStatus): void {
  const own = peers.find(({ self }) => self)?.matchIndex;
  for (const { address: peer, lastMessageAgeSeconds, matchIndex } of peers.filter(({ self }) => !self)) {
    if (lastMessageAgeSeconds !== undefined) emit(peerMessageAge, { ...labels, peer }, lastMessageAgeSeconds);
    const lag = part === 'leader' ? gap(own, matchIndex) : undefined;
    if (lag !== undefined) emit(peerLag, { ...labels, peer }, Math.max(0, lag));
  }
}

const gap = (end: number | undefined, start: number | undefined): number | undefined =>
  end === undefined || start === undefined ? undefined : end - start;

/** The same name as the database families use, where the server is among those that are configured. */
const serverOfStatus = (client: OvnClient, db: DatabaseName, { address, serverId }: ClusterStatus): string =>
  client[db]?.members.find(({ state }) => state?.sid === serverId)?.server ?? address;
