import type { NetworkListener } from '../client/api.ts';
import type { ListedNetwork } from '../client/network-list.ts';
import type { ListenerFacts, NetworkFacts, NetworkFamilyFacts } from '../facts.ts';

/** https://documentation.ubuntu.com/lxd/latest/reference/networks/ names the keys of every type. */
export function readNetworkFacts({ forwards, loadBalancers, network, project }: ListedNetwork): NetworkFacts {
  const config = network.config ?? {};
  const uplink = network.type === 'ovn' ? textOf(config['network']) : undefined;
  return {
    project,
    name: network.name,
    kind: network.type,
    ...(uplink === undefined ? {} : { uplink }),
    ipv4: readFamily(config, 'ipv4'),
    ipv6: readFamily(config, 'ipv6'),
    hasBgpPeers: Object.keys(config).some((key) => /^bgp\.peers\.[^.]+\.address$/.test(key)),
    forwards: (forwards ?? []).map(readListener),
    loadBalancers: (loadBalancers ?? []).map(readListener),
  };
}

function readFamily(config: Readonly<Record<string, string>>, family: 'ipv4' | 'ipv6'): NetworkFamilyFacts {
  const address = textOf(config[`${family}.address`]);
  const natAddress = textOf(config[`${family}.nat.address`]);
  const nexthop = textOf(config[`bgp.${family}.nexthop`]) ?? textOf(config[`volatile.network.${family}.address`]);
  return {
    ...(address === undefined ? {} : { address }),
    nat: ['true', '1', 'yes', 'on'].includes(config[`${family}.nat`]?.toLowerCase() ?? ''),
    ...(natAddress === undefined ? {} : { natAddress }),
    ...(nexthop === undefined ? {} : { nexthop }),
    routes: (config[`${family}.routes`] ?? '').split(',').flatMap((route) => textOf(route) ?? []),
  };
}

/** LXD writes "none" for what a network shall not have, and "auto" until it has chosen. */
function textOf(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  return ['', 'none', 'auto'].includes(trimmed) ? undefined : trimmed;
}

const readListener = ({ listen_address: address, location = '' }: NetworkListener): ListenerFacts => ({
  address,
  ...(['', 'none'].includes(location) ? {} : { member: location }),
});
