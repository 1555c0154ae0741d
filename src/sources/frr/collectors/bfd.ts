import { counter, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import { parseBfdSessions } from '../client/bfd.ts';
import type { RouterClient } from '../client/client.ts';
import { showBfdCounters, showBfdPeers } from '../client/commands.ts';
import type { FrrConfig } from '../config.ts';
import type { FrrFacts } from '../facts.ts';
import { emitKnown, inheritedGauge } from './labels.ts';

const labels = ['router', 'local', 'peer', 'vrf', 'interface', 'multihop'] as const;

const count = inheritedGauge('frr_bfd_peer_count', ['router'], 'BFD sessions, up or not.');
const state = gauge('frr_bfd_peer_state', {
  labels,
  help: 'Whether the BFD session is up (1) or not (0). A session that was never up has no local address and no interface.',
});
const uptime = gauge('frr_bfd_peer_uptime', {
  labels,
  help: 'Seconds since the BFD session came up. Absent while it is down.',
});
const shutdown = gauge('frr_bfd_peer_admin_down', {
  labels,
  help: 'Whether this router shut the BFD session down by configuration (1).',
});
const wentUp = counter('frr_bfd_peer_session_up_total', { labels, help: 'Times the BFD session came up.' });
const wentDown = counter('frr_bfd_peer_session_down_total', { labels, help: 'Times the BFD session went down.' });
const packets = counter('frr_bfd_peer_control_packets_total', {
  labels: [...labels, 'direction'],
  help: 'BFD control packets.',
});

export const bfd: Collector<RouterClient, FrrFacts, FrrConfig> = {
  name: 'bfd',
  help: 'BFD sessions and their counters. bfdd shows them only after `enable`.',
  metrics: [count, state, uptime, shutdown, wentUp, wentDown, packets],
  async collect({ client, signal, emit }) {
    if (!(await client.router.runs('bfdd', signal))) return undefined;
    const [peers, counters] = await Promise.all([
      client.router.json(showBfdPeers, signal),
      client.router.json(showBfdCounters, signal),
    ]);
    const sessions = parseBfdSessions(peers, counters);
    emit(count, { router: client.name }, sessions.length);
    for (const session of sessions) {
      const { local, peer, vrf } = session;
      const of = {
        ...{ router: client.name, local, peer, vrf, interface: session.interface },
        multihop: String(session.multihop),
      };
      emit(state, of, session.up ? 1 : 0);
      emit(shutdown, of, session.shutdown ? 1 : 0);
      emitKnown(emit, uptime, of, session.uptimeSeconds);
      emitKnown(emit, wentUp, of, session.counters?.wentUp);
      emitKnown(emit, wentDown, of, session.counters?.wentDown);
      emitKnown(emit, packets, { ...of, direction: 'received' }, session.counters?.packetsReceived);
      emitKnown(emit, packets, { ...of, direction: 'sent' }, session.counters?.packetsSent);
    }
    return undefined;
  },
};
