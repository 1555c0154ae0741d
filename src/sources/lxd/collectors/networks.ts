import { gauge, info } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { LxdCluster } from '../client/cluster.ts';
import { listNetworks } from '../client/network-list.ts';
import type { LxdConfig } from '../config.ts';
import type { LxdFacts, NetworkFacts } from '../facts.ts';
import { readNetworkFacts } from './network-facts.ts';

const labels = ['project', 'network'] as const;

const networkInfo = info('lxd_network_info', {
  help: 'Networks that LXD manages. `kind` is bridge, ovn, physical and so on; `uplink` is the network that an OVN network is attached to.',
  labels: [...labels, 'kind', 'uplink'],
});
const forwardCount = gauge('lxd_network_forwards', {
  help: 'Forwards of the network; in a cluster, those of a bridge on every member count. Absent for a kind of network that cannot have any.',
  labels,
});
const loadBalancerCount = gauge('lxd_network_load_balancers', {
  help: 'Load balancers of the network; absent for a kind of network, or a version of LXD, that cannot have any.',
  labels,
});

export const networks: Collector<LxdCluster, LxdFacts, LxdConfig> = {
  name: 'networks',
  help: 'Managed networks of all projects with their forwards and load balancers, a minute old at most.',
  scope: 'cluster',
  metrics: [networkInfo, forwardCount, loadBalancerCount],
  async collect({ client, emit, signal }) {
    const facts: NetworkFacts[] = [];
    for (const one of await listNetworks(client, signal)) {
      const own = readNetworkFacts(one);
      const { kind, name: network, project, uplink = '' } = own;
      emit(networkInfo, { project, network, kind, uplink }, 1);
      if (one.forwards) emit(forwardCount, { project, network }, one.forwards.length);
      if (one.loadBalancers) emit(loadBalancerCount, { project, network }, one.loadBalancers.length);
      facts.push(own);
    }
    return { networks: facts };
  },
};
