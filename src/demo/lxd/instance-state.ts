import { type InstanceLoad, loadOf } from '../load.ts';
import type { DemoInstance } from '../rack.ts';
import type { RackState } from '../state.ts';
import { fractionOf } from '../wave.ts';

/** The name of the host's end of the network card. */
export const hostNameOf = ({ kind, mac }: DemoInstance): string =>
  `${kind === 'container' ? 'veth' : 'tap'}${mac.replaceAll(':', '').slice(4)}`;

const stopped = {
  status: 'Stopped',
  status_code: 102,
  disk: {},
  memory: { usage: 0, usage_peak: 0, total: 0, swap_usage: 0, swap_usage_peak: 0 },
  network: null,
  pid: 0,
  processes: 0,
  cpu: { usage: 0 },
};

/** The `state` of an instance on a member that answers. */
export function instanceState(instance: DemoInstance, state: RackState) {
  if (!state.isRunning(instance)) return stopped;
  const load = loadOf(instance, state);
  return {
    status: 'Running',
    status_code: 103,
    disk: { root: { usage: load.diskUsedBytes, total: load.diskSizeBytes } },
    memory: {
      usage: load.memoryBytes,
      usage_peak: load.memoryBytes + load.cachedBytes,
      total: instance.memoryBytes,
      swap_usage: 0,
      swap_usage_peak: 0,
    },
    network: { eth0: eth0(instance, load), lo: loopback },
    pid: 4000 + Math.floor(fractionOf(`${instance.uuid}/pid`) * 60_000),
    processes: load.processes,
    // Nanoseconds.
    cpu: { usage: Math.floor(load.cpuSeconds * 1e9) },
  };
}

const noErrors = { errors_received: 0, errors_sent: 0, packets_dropped_outbound: 0, packets_dropped_inbound: 0 };

function eth0(instance: DemoInstance, { receivedBytes, receivedPackets, sentBytes, sentPackets }: InstanceLoad) {
  return {
    addresses: [
      { family: 'inet', address: instance.ipv4, netmask: '24', scope: 'global' },
      { family: 'inet6', address: instance.ipv6, netmask: '64', scope: 'global' },
    ],
    counters: {
      bytes_received: receivedBytes,
      bytes_sent: sentBytes,
      packets_received: receivedPackets,
      packets_sent: sentPackets,
      ...noErrors,
    },
    hwaddr: instance.mac,
    host_name: hostNameOf(instance),
    mtu: 1442,
    state: 'up',
    type: 'broadcast',
  };
}

const loopback = {
  addresses: [
    { family: 'inet', address: '127.0.0.1', netmask: '8', scope: 'local' },
    { family: 'inet6', address: '::1', netmask: '128', scope: 'local' },
  ],
  counters: { bytes_received: 0, bytes_sent: 0, packets_received: 0, packets_sent: 0, ...noErrors },
  hwaddr: '',
  host_name: '',
  mtu: 65536,
  state: 'up',
  type: 'loopback',
};
