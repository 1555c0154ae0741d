import { emitState, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { OvnClient } from '../client/client.ts';
import type { OvnConfig } from '../config.ts';
import type { OvnFacts } from '../facts.ts';
import { networkOf } from '../lxd-names.ts';

const states = ['up', 'init', 'down', 'admin_down'];

const state = gauge('ovn_bfd_state', {
  help: 'State of a BFD session between a logical router port and a next hop, 1 for the present one.',
  labels: ['network', 'port', 'peer', 'state'],
});

export const bfd: Collector<OvnClient, OvnFacts, OvnConfig> = {
  name: 'bfd',
  help: 'BFD sessions of logical routers with their next hops.',
  metrics: [state],
  isNeeded: ({ southbound }) => southbound.length > 0,
  async collect({ client, emit, signal }) {
    const southbound = await client.readSouthbound(signal);
    // Several sessions between the same two are told apart by their discriminators only: the worst of them is shown.
    const sessions = new Map<string, { port: string; peer: string; rank: number }>();
    for (const { dst_ip: peer, logical_port: port, status } of southbound?.table('BFD').rows.values() ?? []) {
      const rank = states.indexOf(status);
      const key = `${port} ${peer}`;
      if (rank > (sessions.get(key)?.rank ?? -1)) sessions.set(key, { port, peer, rank });
    }
    for (const { peer, port, rank } of sessions.values()) {
      emitState(emit, state, { network: networkOf(port), port, peer }, 'state', states, states[rank]);
    }
    return undefined;
  },
};
