import { counter, type Emit, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { Network, NetworkState } from '../client/api.ts';
import type { LxdMember } from '../client/member.ts';
import { A_MINUTE_MS } from '../client/memo.ts';
import type { LxdConfig } from '../config.ts';
import type { LinkFacts, LxdFacts } from '../facts.ts';

const link = ['member', 'device', 'role'] as const;

const receivedBytes = counter('lxd_link_receive_bytes_total', { help: 'Bytes that the link received.', labels: link });
const sentBytes = counter('lxd_link_transmit_bytes_total', { help: 'Bytes that the link sent.', labels: link });
const receivedPackets = counter('lxd_link_receive_packets_total', {
  help: 'Packets that the link received.',
  labels: link,
});
const sentPackets = counter('lxd_link_transmit_packets_total', { help: 'Packets that the link sent.', labels: link });
const up = gauge('lxd_link_up', { help: 'Whether the link is up (1) or down (0).', labels: link });
const mtu = gauge('lxd_link_mtu_bytes', { help: 'Largest packet that the link carries.', labels: link });
const speed = gauge('lxd_link_speed_bytes_per_second', {
  help: "Speed of the link, of a bond its legs' that are up together, of a VLAN its lower device's; absent where no port below it tells.",
  labels: link,
});
const bondLegs = gauge('lxd_link_bond_legs', { help: 'Ports that the bond is made of.', labels: link });
const bondLegsUp = gauge('lxd_link_bond_legs_up', { help: 'Ports of the bond that are up.', labels: link });

export const links: Collector<LxdMember, LxdFacts, LxdConfig> = {
  name: 'links',
  help: "Physical ports, bonds, VLANs and bridges of the hosts, as chosen by the configuration's `links`.",
  scope: 'member',
  metrics: [receivedBytes, sentBytes, receivedPackets, sentPackets, up, mtu, speed, bondLegs, bondLegsUp],
  isNeeded: (config) => config.links.length > 0,
  async collect({ client, config, emit, signal }) {
    const networks = await client.list<Network>('/1.0/networks', signal, A_MINUTE_MS);
    const chosen = networks.flatMap(({ name: device }) => {
      const role = config.links.find((entry) => matches(entry.device, device))?.role;
      return role === undefined ? [] : [{ device, role }];
    });
    const host = createHostView(client, signal);
    const facts = await Promise.all(chosen.map((one) => showLink(emit, client.name, one, host)));
    return { links: facts };
  },
};

/** Reads each device once, however many bonds and VLANs lead to it. */
interface HostView {
  state(device: string): Promise<NetworkState>;
  portSpeed(device: string): Promise<number | undefined>;
}

function createHostView(client: LxdMember, signal: AbortSignal): HostView {
  const states = new Map<string, Promise<NetworkState>>();
  return {
    state(device) {
      const known = states.get(device) ?? client.get(`/1.0/networks/${encodeURIComponent(device)}/state`, signal);
      states.set(device, known as Promise<NetworkState>);
      return known as Promise<NetworkState>;
    },
    async portSpeed(device) {
      const { network } = await client.resources(signal, A_MINUTE_MS);
      const ports = (network.cards ?? []).flatMap((card) => card.ports ?? []);
      const megabits = ports.find((port) => port.id === device)?.link_speed ?? 0;
      return megabits > 0 ? (megabits * 1e6) / 8 : undefined;
    },
  };
}

async function showLink(
  emit: Emit,
  member: string,
  { device, role }: { device: string; role: string },
  host: HostView,
): Promise<LinkFacts> {
  const labels = { member, device, role };
  const state = await host.state(device);
  const isUp = state.state === 'up';
  emit(receivedBytes, labels, state.counters.bytes_received);
  emit(sentBytes, labels, state.counters.bytes_sent);
  emit(receivedPackets, labels, state.counters.packets_received);
  emit(sentPackets, labels, state.counters.packets_sent);
  emit(up, labels, isUp ? 1 : 0);
  emit(mtu, labels, state.mtu);
  const bytesPerSecond = await measureSpeed(device, host);
  if (bytesPerSecond !== undefined) emit(speed, labels, bytesPerSecond);
  if (!state.bond) return { ...labels, up: isUp };
  const legs = state.bond.lower_devices ?? [];
  const legsUp = (await upDevices(legs, host)).length;
  emit(bondLegs, labels, legs.length);
  emit(bondLegsUp, labels, legsUp);
  return { ...labels, up: isUp, bondLegs: legs.length, bondLegsUp: legsUp };
}

async function measureSpeed(device: string, host: HostView): Promise<number | undefined> {
  const { bond, vlan } = await host.state(device);
  if (vlan) return measureSpeed(vlan.lower_device, host);
  if (!bond) return host.portSpeed(device);
  const speeds = await Promise.all((await upDevices(bond.lower_devices ?? [], host)).map((leg) => host.portSpeed(leg)));
  const known = speeds.filter((value) => value !== undefined);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : undefined;
}

async function upDevices(devices: readonly string[], host: HostView): Promise<string[]> {
  const states = await Promise.all(devices.map((device) => host.state(device)));
  return devices.filter((_, index) => states[index]?.state === 'up');
}

/** `*` stands for any text; everything else is literal. */
function matches(pattern: string, device: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === device;
  const tail = rest.pop() as string;
  if (device.length < head.length + tail.length || !device.startsWith(head) || !device.endsWith(tail)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = device.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= device.length - tail.length;
}
