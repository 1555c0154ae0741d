import { type HostLink, linkStateOf } from '../links.ts';
import { members } from '../rack.ts';
import type { RackState } from '../state.ts';

/** What LXD says of a device of a host. It has no counters of errors and drops, and no speed. */
export function interfaceState(member: string, link: HostLink, state: RackState) {
  const { receivedBytes, receivedPackets, sentBytes, sentPackets, up } = linkStateOf(member, link, state);
  const address = addressOn(member, link.name);
  return {
    addresses: address ? [{ family: 'inet', address, netmask: '24', scope: 'global' }] : [],
    counters: {
      bytes_received: receivedBytes,
      bytes_sent: sentBytes,
      packets_received: receivedPackets,
      packets_sent: sentPackets,
    },
    hwaddr: hardwareAddress(member, link.name),
    mtu: link.mtu,
    state: up ? 'up' : 'down',
    type: 'broadcast',
    bond: link.kind === 'bond' ? bondPart(link, up) : null,
    bridge: link.kind === 'bridge' ? bridgePart(member, link) : null,
    vlan: link.kind === 'vlan' ? { lower_device: link.lower[0], vid: link.vlan } : null,
    ovn: null,
  };
}

export const loopbackState = {
  addresses: [
    { family: 'inet', address: '127.0.0.1', netmask: '8', scope: 'local' },
    { family: 'inet6', address: '::1', netmask: '128', scope: 'local' },
  ],
  counters: { bytes_received: 2148129, bytes_sent: 2148129, packets_received: 12859, packets_sent: 12859 },
  hwaddr: '',
  mtu: 65536,
  state: 'up',
  type: 'loopback',
  bond: null,
  bridge: null,
  vlan: null,
  ovn: null,
};

/** LACP, as the Linux kernel names it. */
const bondPart = (link: HostLink, up: boolean) => ({
  mode: '802.3ad',
  transmit_policy: 'layer3+4',
  up_delay: 0,
  down_delay: 0,
  mii_frequency: 100,
  mii_state: up ? 'up' : 'down',
  lower_devices: link.lower,
});

const bridgePart = (member: string, link: HostLink) => ({
  id: `8000.${hardwareAddress(member, link.name).replaceAll(':', '')}`,
  stp: false,
  forward_delay: 1500,
  vlan_default: 1,
  vlan_filtering: false,
  upper_devices: link.lower,
});

const indexOf = (member: string): number => members.findIndex(({ name }) => name === member);

/** The devices of the switch bond share its address, and so do the ports of each mesh bond. */
export function hardwareAddress(member: string, device: string): string {
  const card = device.startsWith('bond-mesh') || device.startsWith('enp') ? Number(device.at(-1)) % 2 : 2;
  return `0c:c4:7a:5e:${(0x10 + indexOf(member)).toString(16)}:${(0xa0 + card).toString(16)}`;
}

function addressOn(member: string, device: string): string | undefined {
  const host = 11 + indexOf(member);
  if (device === 'br-hosts') return members[indexOf(member)]?.address;
  if (device === 'bond-sw01.53') return `10.0.2.${100 + host}`;
  if (device.startsWith('bond-mesh')) return `10.0.1${device.at(-1)}.${host}`;
  return undefined;
}
