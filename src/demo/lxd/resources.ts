import { type HostLink, hostLinks, linkStateOf } from '../links.ts';
import { hostCpu, hostLoadOf, hostMemoryBytes } from '../load.ts';
import { members, osds } from '../rack.ts';
import type { RackState } from '../state.ts';
import { hardwareAddress } from './interfaces.ts';
import type { ApiRequest } from './request.ts';

/** `GET /1.0/resources`: the hardware of one Supermicro X10. */
export const resources = ({ member, state }: ApiRequest) => ({
  cpu: { architecture: 'x86_64', sockets: cpuSockets, total: hostCpu.threads },
  memory: memory(member, state),
  gpu: { cards: [], total: 0 },
  network: network(member, state),
  storage: storage(member),
  usb: { devices: [], total: 0 },
  pci: { devices: [], total: 0 },
  system: system(member),
});

const KIB = 1024;

const cpuSockets = Array.from({ length: hostCpu.sockets }, (_, socket) => ({
  name: 'Intel(R) Xeon(R) CPU E5-2650 v4 @ 2.20GHz',
  vendor: 'GenuineIntel',
  socket,
  cache: [
    { level: 1, type: 'Data', size: 32 * KIB },
    { level: 1, type: 'Instruction', size: 32 * KIB },
    { level: 2, type: 'Unified', size: 256 * KIB },
    { level: 3, type: 'Unified', size: 30 * KIB * KIB },
  ],
  cores: Array.from({ length: hostCpu.coresPerSocket }, (_, core) => ({
    core,
    die: 0,
    threads: Array.from({ length: hostCpu.threadsPerCore }, (_, thread) => ({
      id: (thread * hostCpu.sockets + socket) * hostCpu.coresPerSocket + core,
      numa_node: socket,
      thread,
      online: true,
      isolated: false,
    })),
    frequency: 2200,
  })),
  frequency: 2200,
  frequency_minimum: 1200,
  frequency_turbo: 2900,
}));

function memory(member: string, state: RackState) {
  const used = hostLoadOf(member, state).memoryUsedBytes;
  const node = (numa_node: number) => ({
    numa_node,
    hugepages_used: 0,
    hugepages_total: 0,
    used: used / 2,
    total: hostMemoryBytes / 2,
  });
  return {
    nodes: [node(0), node(1)],
    hugepages_total: 0,
    hugepages_used: 0,
    hugepages_size: 2048 * KIB,
    used,
    total: hostMemoryBytes,
  };
}

/** Intel I350 on the board, X540-AT2 in two slots. */
function network(member: string, state: RackState) {
  const card = (driver: string, pci: string, product: string, ports: readonly HostLink[]) => ({
    driver,
    driver_version: '6.8.0-79-generic',
    ports: ports.map((link, index) => port(member, link, index, state)),
    numa_node: 0,
    pci_address: `0000:${pci}:00.0`,
    vendor: 'Intel Corporation',
    vendor_id: '8086',
    product,
    product_id: driver === 'igb' ? '1521' : '1528',
    firmware_version: driver === 'igb' ? '1.63, 0x800009fa' : '0x80000389',
  });
  const physical = (prefix: string) =>
    hostLinks.filter(({ kind, name }) => kind === 'physical' && name.startsWith(prefix));
  const cards = [
    card('igb', '01', 'I350 Gigabit Network Connection', physical('eno')),
    card('ixgbe', '03', 'Ethernet Controller 10-Gigabit X540-AT2', physical('enp3')),
    card('ixgbe', '05', 'Ethernet Controller 10-Gigabit X540-AT2', physical('enp5')),
  ];
  return { cards, total: cards.length };
}

function port(member: string, { name, speed }: HostLink, index: number, state: RackState) {
  const link = hostLinks.find((one) => one.name === name) as HostLink;
  const { up } = linkStateOf(member, link, state);
  return {
    id: name,
    address: hardwareAddress(member, name),
    port: index,
    protocol: 'ethernet',
    supported_modes: [`${speed}baseT/Full`],
    supported_ports: ['twisted pair'],
    port_type: 'twisted pair',
    transceiver_type: 'internal',
    auto_negotiation: true,
    link_detected: up,
    // Without a carrier the kernel knows no speed, and LXD leaves it out.
    ...(up ? { link_speed: speed, link_duplex: 'full' } : {}),
  };
}

function storage(member: string) {
  const disks = osds
    .filter((osd) => osd.member === member)
    .map(({ deviceClass, sizeBytes }, index) => ({
      id: `sd${'abcd'[index]}`,
      device: `8:${16 * index}`,
      model: deviceClass === 'hdd' ? 'HGST HUH721008AL' : 'SAMSUNG MZ7KH1T9',
      type: 'sata',
      read_only: false,
      size: sizeBytes,
      removable: false,
      numa_node: 0,
      block_size: 4096,
      rpm: deviceClass === 'hdd' ? 7200 : 0,
      device_id: '',
      partitions: [],
      pci_address: '0000:00:1f.2',
    }));
  return { disks, total: disks.length };
}

const system = (member: string) => ({
  uuid: '',
  vendor: 'Supermicro',
  product: 'SYS-6028R-TRT',
  family: 'SMC X10',
  version: '0123456789',
  sku: '',
  serial: `S16${members.findIndex(({ name }) => name === member) + 1}00X`,
  type: 'physical',
  firmware: { vendor: 'American Megatrends Inc.', date: '10/05/2020', version: '3.4' },
  chassis: { vendor: 'Supermicro', type: 'Main Server Chassis', serial: '', version: '' },
  motherboard: { vendor: 'Supermicro', product: 'X10DRi-T', serial: '', version: '1.02' },
});
