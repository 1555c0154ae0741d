import { counter, type Emit, emitState, gauge } from '../../../core/metric.ts';
import type { CollectInput, Collector } from '../../../core/source.ts';
import type { BgpNeighbor } from '../client/bgp-neighbor.ts';
import { type BgpView, eachPeer } from '../client/bgp-reader.ts';
import { type BgpInstance, type BgpPeer, sessionStates } from '../client/bgp-summary.ts';
import type { RouterClient } from '../client/client.ts';
import { type Afi, afis } from '../client/commands.ts';
import type { FrrConfig } from '../config.ts';
import type { FrrFacts } from '../facts.ts';
import {
  emitKnown,
  type FamilyLabels,
  familyLabels,
  inheritedGauge,
  instanceLabels,
  type SessionLabels,
  sessionLabels,
  sessionOf,
} from './labels.ts';
import { collectPeers } from './peer-facts.ts';

const ribCount = inheritedGauge('frr_bgp_rib_count_total', instanceLabels, 'Entries in the BGP table.');
const ribMemory = gauge('frr_bgp_rib_memory_bytes', { labels: instanceLabels, help: 'Memory of the BGP table.' });
const peersCount = inheritedGauge('frr_bgp_peers_count_total', instanceLabels, 'Peers of the instance.');
const peersMemory = gauge('frr_bgp_peers_memory_bytes', {
  labels: instanceLabels,
  help: 'Memory of the peers. FRR 10 counts it differently: do not compare versions.',
});
const groupsCount = inheritedGauge('frr_bgp_peer_groups_count_total', instanceLabels, 'Peer groups of the instance.');
const groupsMemory = gauge('frr_bgp_peer_groups_memory_bytes', {
  labels: instanceLabels,
  help: 'Memory of the peer groups.',
});
const startTime = gauge('frr_bgp_start_time_seconds', {
  labels: ['router'],
  help: "When bgpd started, in seconds since the epoch, by the router's clock. FRR 10 and later.",
});

const state = gauge('frr_bgp_peer_state', {
  labels: familyLabels,
  help: 'Whether the address family is exchanged with the peer: 1 established and negotiated, 0 not, 2 shut down by the administrator.',
});
const negotiated = gauge('frr_bgp_peer_negotiated', {
  labels: familyLabels,
  help: 'Whether both sides announced the address family when the session was opened. Absent while there is no session.',
});
const uptime = gauge('frr_bgp_peer_uptime_seconds', {
  labels: familyLabels,
  help: 'How long the session has been established. Absent while it is not: FRR would show how long it has been down.',
});
const received = counter('frr_bgp_peer_message_received_total', {
  labels: familyLabels,
  help: 'BGP messages received. They belong to the session: every family shows the same.',
});
const sent = counter('frr_bgp_peer_message_sent_total', {
  labels: familyLabels,
  help: 'BGP messages sent. They belong to the session: every family shows the same.',
});
const prefixesReceived = inheritedGauge(
  'frr_bgp_peer_prefixes_received_count_total',
  familyLabels,
  'Prefixes that the peer announces and this router took. Absent without a session.',
);
const prefixesAdvertised = inheritedGauge(
  'frr_bgp_peer_prefixes_advertised_count_total',
  familyLabels,
  'Prefixes announced to the peer. Absent without a session.',
);

const sessionState = gauge('frr_bgp_peer_session_state', {
  labels: [...sessionLabels, 'state'],
  help: 'State of the session (RFC 4271): 1 for the present one.',
});
const adminDown = gauge('frr_bgp_peer_admin_down', {
  labels: sessionLabels,
  help: 'Whether this router shut the session down by configuration (1).',
});
const limitHit = gauge('frr_bgp_peer_prefix_limit_hit', {
  labels: sessionLabels,
  help: 'Whether this router ended the session because the peer sent more prefixes than it may (1).',
});
const established = counter('frr_bgp_peer_established_total', {
  labels: sessionLabels,
  help: 'Times the session was established since bgpd started.',
});
const dropped = counter('frr_bgp_peer_dropped_total', {
  labels: sessionLabels,
  help: 'Times the established session was lost since bgpd started: flaps.',
});
const establishedAt = gauge('frr_bgp_peer_established_timestamp_seconds', {
  labels: sessionLabels,
  help: 'When the present session was established, in seconds since the epoch.',
});
const queueDepth = gauge('frr_bgp_peer_queue_depth', {
  labels: [...sessionLabels, 'direction'],
  help: 'Messages that wait in a queue of the session.',
});

type Input = CollectInput<RouterClient, FrrConfig>;
type Details = (vrf: string, peer: BgpPeer) => BgpNeighbor | undefined;

export const bgp: Collector<RouterClient, FrrFacts, FrrConfig> = {
  name: 'bgp',
  help: 'BGP instances, sessions and prefixes, for IPv4 and IPv6, in every VRF.',
  metrics: [
    ...[ribCount, ribMemory, peersCount, peersMemory, groupsCount, groupsMemory, startTime],
    ...[state, negotiated, uptime, received, sent, prefixesReceived, prefixesAdvertised],
    ...[sessionState, adminDown, limitHit, established, dropped, establishedAt, queueDepth],
  ],
  async collect(input) {
    const { client, config, signal, emit } = input;
    if (!(await client.router.runs('bgpd', signal))) return { peers: [] };
    const view = await client.bgp.view(signal);
    const detailed = config.collectors.neighbors !== false;
    const details: Details = detailed ? await client.bgp.neighbors(signal) : () => undefined;
    emitKnown(emit, startTime, { router: client.name }, view.startedAt);
    for (const afi of afis) for (const instance of view[afi]) emitInstance(input, afi, instance, details, detailed);
    emitSessions(input, view);
    return { peers: collectPeers(view, details, config.roles) };
  },
};

function emitInstance(input: Input, afi: Afi, instance: BgpInstance, details: Details, detailed: boolean): void {
  const { emit, client } = input;
  const { vrf, localAs } = instance;
  const labels = { router: client.name, vrf, afi, safi: 'unicast', local_as: String(localAs) };
  emitKnown(emit, ribCount, labels, instance.ribCount);
  emitKnown(emit, ribMemory, labels, instance.ribMemory);
  emitKnown(emit, peersCount, labels, instance.peerCount);
  emitKnown(emit, peersMemory, labels, instance.peerMemory);
  emitKnown(emit, groupsCount, labels, instance.peerGroupCount);
  emitKnown(emit, groupsMemory, labels, instance.peerGroupMemory);
  for (const peer of instance.peers) {
    const peerLabels = { ...labels, peer: peer.name, peer_as: String(peer.remoteAs) };
    // Without the details nobody can tell, and an established session counts as one.
    const isNegotiated = detailed ? details(vrf, peer)?.families.get(afi)?.negotiated : true;
    emitFamily(emit, peerLabels, peer, isNegotiated);
    if (detailed && isNegotiated !== undefined) emit(negotiated, peerLabels, isNegotiated ? 1 : 0);
  }
}

function emitFamily(emit: Emit, labels: FamilyLabels, peer: BgpPeer, isNegotiated: boolean | undefined): void {
  const isEstablished = peer.state === 'Established';
  if (peer.adminDown) emit(state, labels, 2);
  else if (!isEstablished || isNegotiated === false) emit(state, labels, 0);
  else if (isNegotiated) emit(state, labels, 1);
  emitKnown(emit, received, labels, peer.messagesReceived);
  emitKnown(emit, sent, labels, peer.messagesSent);
  if (!isEstablished) return;
  emitKnown(emit, uptime, labels, peer.uptimeSeconds);
  emitKnown(emit, prefixesReceived, labels, peer.prefixesReceived);
  emitKnown(emit, prefixesAdvertised, labels, peer.prefixesSent);
}

/** A session stands in the summary of each of its families, and is emitted once. */
function emitSessions({ emit, client, clock }: Input, view: BgpView): void {
  for (const { instance, peer, first } of eachPeer(view))
    if (first) emitSession(emit, sessionOf(client.name, instance, peer), peer, clock.now());
}

function emitSession(emit: Emit, labels: SessionLabels, peer: BgpPeer, nowMs: number): void {
  emitState(emit, sessionState, labels, 'state', sessionStates, peer.state);
  emit(adminDown, labels, peer.adminDown ? 1 : 0);
  emit(limitHit, labels, peer.limitHit ? 1 : 0);
  emitKnown(emit, established, labels, peer.established);
  emitKnown(emit, dropped, labels, peer.dropped);
  emitKnown(emit, queueDepth, { ...labels, direction: 'received' }, peer.queueIn);
  emitKnown(emit, queueDepth, { ...labels, direction: 'sent' }, peer.queueOut);
  if (peer.uptimeSeconds !== undefined) emit(establishedAt, labels, Math.round(nowMs / 1000 - peer.uptimeSeconds));
}
