import { counter, type Emit, gauge, info } from '../../../core/metric.ts';
import type { CollectInput, Collector } from '../../../core/source.ts';
import type { BgpNeighbor, BgpNeighborFamily } from '../client/bgp-neighbor.ts';
import { eachPeer } from '../client/bgp-reader.ts';
import type { BgpInstance, BgpPeer } from '../client/bgp-summary.ts';
import type { RouterClient } from '../client/client.ts';
import type { FrrConfig } from '../config.ts';
import type { FrrFacts } from '../facts.ts';
import {
  emitKnown,
  type FamilyLabels,
  familyLabels,
  inheritedGauge,
  type SessionLabels,
  sessionLabels,
  sessionOf,
} from './labels.ts';
import { roleOf } from './peer-facts.ts';

const peerInfo = info('frr_bgp_peer_info', {
  labels: [
    ...sessionLabels,
    ...['description', 'hostname', 'peer_group', 'role', 'remote_router_id', 'address', 'local_address', 'kind'],
  ] as const,
  help: 'What is configured and known of a peer. `kind` is numbered, unnumbered or dynamic; `role` comes from the configuration.',
});
const messages = counter('frr_bgp_peer_messages_total', {
  labels: [...sessionLabels, 'direction', 'kind'],
  help: 'BGP messages by kind (RFC 4271, RFC 2918) and direction.',
});
const accepted = inheritedGauge(
  'frr_bgp_peer_prefixes_accepted_count_total',
  familyLabels,
  'Prefixes of the peer that passed the inbound policy. Absent without a session.',
);
const limit = gauge('frr_bgp_peer_prefix_limit', {
  labels: familyLabels,
  help: 'Prefixes that the peer may send. Absent when there is no limit.',
});
const limitWarning = gauge('frr_bgp_peer_prefix_limit_warning_ratio', {
  labels: familyLabels,
  help: 'Part of the limit at which the router warns.',
});
const rejected = counter('frr_bgp_peer_prefixes_rejected_total', {
  labels: [...sessionLabels, 'reason'],
  help: 'Prefixes that were not taken, by reason. FRR 10 and later.',
});
const lastNotification = info('frr_bgp_peer_last_notification_info', {
  labels: [...sessionLabels, 'direction', 'code', 'subcode'],
  help: 'The notification that ended the last session (RFC 4271 section 4.5, RFC 4486), and who sent it. Absent when the session ended without one.',
});
const holdTime = gauge('frr_bgp_peer_hold_time_seconds', {
  labels: sessionLabels,
  help: 'Hold time that both sides agreed on. Absent without a session.',
});
const roundTrip = gauge('frr_bgp_peer_round_trip_seconds', {
  labels: sessionLabels,
  help: 'Round trip time of the TCP connection, as bgpd estimates it. Absent without a session.',
});

export const neighbors: Collector<RouterClient, FrrFacts, FrrConfig> = {
  name: 'neighbors',
  help: 'What only the detailed view of a peer tells: negotiated families, messages by kind, limits, the last notification. Asked peer by peer.',
  metrics: [peerInfo, messages, accepted, limit, limitWarning, rejected, lastNotification, holdTime, roundTrip],
  async collect(input) {
    const { client, signal } = input;
    if (!(await client.router.runs('bgpd', signal))) return undefined;
    const view = await client.bgp.view(signal);
    const details = await client.bgp.neighbors(signal);
    for (const { afi, instance, peer, first } of eachPeer(view)) {
      const detail = details(instance.vrf, peer);
      if (!detail) continue;
      const labels = sessionOf(client.name, instance, peer);
      emitFamily(input.emit, { ...labels, afi, safi: 'unicast' }, peer, detail.families.get(afi));
      if (first) emitSession(input, labels, instance, peer, detail);
    }
    return undefined;
  },
};

function emitFamily(emit: Emit, labels: FamilyLabels, { state }: BgpPeer, family: BgpNeighborFamily | undefined): void {
  if (state === 'Established' && family?.negotiated) emitKnown(emit, accepted, labels, family.accepted);
  emitKnown(emit, limit, labels, family?.limit);
  emitKnown(emit, limitWarning, labels, family?.limitWarningRatio);
}

function emitSession(
  { emit, config }: CollectInput<RouterClient, FrrConfig>,
  labels: SessionLabels,
  { localAs }: BgpInstance,
  peer: BgpPeer,
  detail: BgpNeighbor,
): void {
  emit(
    peerInfo,
    {
      ...labels,
      description: peer.description ?? detail.description ?? '',
      hostname: peer.hostname ?? '',
      peer_group: detail.peerGroup ?? '',
      role: roleOf(peer, detail.peerGroup, localAs, config.roles),
      remote_router_id: detail.remoteRouterId ?? '',
      address: detail.address ?? '',
      local_address: detail.localAddress ?? '',
      kind: peer.unnumbered ? 'unnumbered' : peer.dynamic ? 'dynamic' : 'numbered',
    },
    1,
  );
  emitCounters(emit, labels, detail);
  if (peer.state !== 'Established') return;
  emitKnown(emit, holdTime, labels, detail.holdTimeSeconds);
  emitKnown(emit, roundTrip, labels, detail.roundTripSeconds);
}

function emitCounters(emit: Emit, labels: SessionLabels, detail: BgpNeighbor): void {
  for (const [kind, count] of detail.messages) {
    emitKnown(emit, messages, { ...labels, direction: 'received', kind }, count.received);
    emitKnown(emit, messages, { ...labels, direction: 'sent', kind }, count.sent);
  }
  for (const [reason, count] of detail.rejected) emit(rejected, { ...labels, reason }, count);
  const last = detail.lastNotification;
  if (!last) return;
  const { direction, code, subcode } = last;
  emit(lastNotification, { ...labels, direction, code: String(code), subcode: String(subcode) }, 1);
}
