import { emitState, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { OvnClient } from '../client/client.ts';
import type { OvnConfig } from '../config.ts';
import type { OvnFacts } from '../facts.ts';
import { networkOf } from '../lxd-names.ts';

const states = ['online', 'offline', 'error'];

const state = gauge('ovn_service_monitor_state', {
  help: "State of a load balancer's backend by its health check, 1 for the present one; absent before the first check.",
  labels: ['network', 'backend', 'protocol', 'state'],
});

export const serviceMonitors: Collector<OvnClient, OvnFacts, OvnConfig> = {
  name: 'service-monitors',
  help: "Health checks of load balancers' backends.",
  metrics: [state],
  isNeeded: ({ southbound }) => southbound.length > 0,
  async collect({ client, emit, signal }) {
    const southbound = await client.readSouthbound(signal);
    // The same address behind two ports is a fault of the network; the worse of the two is shown.
    const backends = new Map<string, { network: string; backend: string; protocol: string; rank: number }>();
    for (const row of southbound?.table('Service_Monitor').rows.values() ?? []) {
      const rank = states.indexOf(row.status ?? '');
      const network = networkOf(row.logical_port);
      const backend = `${row.ip.includes(':') ? `[${row.ip}]` : row.ip}:${row.port}`;
      const { protocol = 'tcp' } = row;
      const key = `${network} ${backend} ${protocol}`;
      if (rank > (backends.get(key)?.rank ?? -1)) backends.set(key, { network, backend, protocol, rank });
    }
    for (const { rank, ...labels } of backends.values()) {
      emitState(emit, state, labels, 'state', states, states[rank]);
    }
    return undefined;
  },
};
