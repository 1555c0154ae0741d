import type { Span } from './outages.ts';
import { members } from './rack.ts';
import type { RackState } from './state.ts';
import { fractionOf, totalOver, type Wave } from './wave.ts';

/** A network device of a host. */
export interface HostLink {
  readonly name: string;
  readonly kind: 'physical' | 'bond' | 'vlan' | 'bridge';
  readonly mtu: number;
  /** Devices it is made of: the legs of a bond, the device below a VLAN, the ports of a bridge. */
  readonly lower: readonly string[];
  readonly vlan?: number;
  /** What a physical port can do, in Mbit/s. */
  readonly speed?: number;
}

const port = (name: string, speed: number, mtu: number): HostLink => ({
  name,
  kind: 'physical',
  mtu,
  lower: [],
  speed,
});
const bond = (name: string, mtu: number, ...lower: readonly string[]): HostLink => ({ name, kind: 'bond', mtu, lower });
const vlan = (id: number): HostLink => ({
  name: `bond-sw01.${id}`,
  kind: 'vlan',
  mtu: 1500,
  lower: ['bond-sw01'],
  vlan: id,
});

/**
 * Six ports on three cards: two of 1 Gbit/s to the switch, and two of 10 Gbit/s straight to each of the other servers,
 * on different cards. VLAN 50 is the WAN, 51 the uplink of the OVN networks, 52 the hosts, 53 the BMCs.
 */
export const hostLinks: readonly HostLink[] = [
  port('eno1', 1000, 1500),
  port('eno2', 1000, 1500),
  port('enp3s0f0', 10_000, 9000),
  port('enp3s0f1', 10_000, 9000),
  port('enp5s0f0', 10_000, 9000),
  port('enp5s0f1', 10_000, 9000),
  bond('bond-sw01', 1500, 'eno1', 'eno2'),
  bond('bond-mesh01', 9000, 'enp3s0f0', 'enp5s0f0'),
  bond('bond-mesh02', 9000, 'enp3s0f1', 'enp5s0f1'),
  vlan(50),
  vlan(51),
  vlan(52),
  vlan(53),
  { name: 'br-hosts', kind: 'bridge', mtu: 1500, lower: ['bond-sw01.52'] },
];

type Direction = 'receive' | 'send';

/** Bytes per second. The legs of a bond share what the bond carries; the switch bond carries its VLANs. */
const traffic: Readonly<Record<string, Readonly<Record<Direction, number>>>> = {
  'bond-sw01.50': { receive: 7.5e6, send: 3.1e6 },
  'bond-sw01.51': { receive: 3.3e6, send: 7.9e6 },
  'bond-sw01.52': { receive: 4e5, send: 6e5 },
  'bond-sw01.53': { receive: 2.2e3, send: 1.1e3 },
  'bond-mesh01': { receive: 6.1e7, send: 5.7e7 },
  'bond-mesh02': { receive: 4.4e7, send: 4.9e7 },
  'br-hosts': { receive: 3.8e5, send: 5.7e5 },
};

const linkNamed = (name: string): HostLink => hostLinks.find((link) => link.name === name) as HostLink;

export interface LinkState {
  readonly up: boolean;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly receivedPackets: number;
  readonly sentPackets: number;
}

export function linkStateOf(member: string, link: HostLink, state: RackState): LinkState {
  const outages = outagesOf(member, link, state);
  const receivedBytes = bytesOf(member, link, 'receive', state);
  const sentBytes = bytesOf(member, link, 'send', state);
  return {
    up: outages.at(-1)?.to !== undefined || outages.length === 0,
    receivedBytes,
    sentBytes,
    receivedPackets: Math.floor(receivedBytes / 910),
    sentPackets: Math.floor(sentBytes / 880),
  };
}

/** Counters rise from the boot on, and stand still while there is no carrier. */
function bytesOf(member: string, link: HostLink, direction: Direction, state: RackState): number {
  if (link.kind === 'bond') return sum(link.lower, (leg) => bytesOf(member, linkNamed(leg), direction, state));
  const outages = outagesOf(member, link, state);
  const bootedAt = state.bootedAt(member);
  const now = state.clock.now();
  const bytes = sum(flowsOf(member, link, direction), (flow) => {
    const lost = sum(outages, ({ from, to = now }) => totalOver(flow, Math.max(from, bootedAt), to));
    return totalOver(flow, bootedAt, now) - lost;
  });
  return Math.floor(bytes) + surgeOf(member, link, state);
}

/** Of what the port can do; Ethernet takes the rest for frames and gaps. */
const SURGE_SHARE = 0.94;

/** What a port has carried while something filled it, in each direction. */
function surgeOf(member: string, { name, speed = 0 }: HostLink, state: RackState): number {
  const now = state.clock.now();
  const ms = sum(state.surges.of(`${member}/${name}`), ({ from, to = now }) =>
    Math.max(0, to - Math.max(from, state.bootedAt(member))),
  );
  return Math.floor((ms / 1000) * ((speed * 1e6) / 8) * SURGE_SHARE);
}

/** A device's own traffic; of the leg of a bond its share of all that the bond carries. */
function flowsOf(member: string, link: HostLink, direction: Direction): readonly Wave[] {
  const bond = hostLinks.find(({ kind, lower }) => kind === 'bond' && lower.includes(link.name));
  const share = bond ? (bond.lower[0] === link.name ? 0.55 : 0.45) : 1;
  const carrier = bond ?? link;
  const names = carrier.name in traffic ? [carrier.name] : vlansOn(carrier.name);
  return names.map((name) => ({
    mean: share * (traffic[name]?.[direction] ?? 0),
    phase: fractionOf(`${member}/${name}/${direction}`),
  }));
}

const vlansOn = (bondName: string): readonly string[] =>
  hostLinks.filter(({ kind, lower }) => kind === 'vlan' && lower.includes(bondName)).map(({ name }) => name);

/** When there was no carrier: of a port its own, of a device on others while it had none of them. */
function outagesOf(member: string, link: HostLink, state: RackState): readonly Span[] {
  if (link.kind !== 'physical') {
    const lower = link.lower.map((name) => outagesOf(member, linkNamed(name), state));
    return lower.reduce((all, next) => all.flatMap((a) => next.flatMap((b) => overlap(a, b))));
  }
  const peer = peerOf(member, link.name);
  return merge([...state.linkOutagesOf(member, link.name), ...(peer ? state.outagesOf(peer) : [])]);
}

/** The server at the other end of a mesh port, whose death takes the carrier away. */
function peerOf(member: string, device: string): string | undefined {
  const step = ['bond-mesh01', 'bond-mesh02'].findIndex((name) => linkNamed(name).lower.includes(device)) + 1;
  const index = members.findIndex(({ name }) => name === member);
  return step === 0 ? undefined : members[(index + step) % members.length]?.name;
}

const overlap = (a: Span, b: Span): readonly Span[] => {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to ?? Number.POSITIVE_INFINITY, b.to ?? Number.POSITIVE_INFINITY);
  if (to <= from) return [];
  return [to === Number.POSITIVE_INFINITY ? { from } : { from, to }];
};

/** Joins spans that overlap, so that no time is counted twice. */
function merge(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (!last || (last.to !== undefined && last.to < span.from)) merged.push(span);
    else if (last.to !== undefined && (span.to === undefined || span.to > last.to))
      merged[merged.length - 1] = span.to === undefined ? { from: last.from } : { from: last.from, to: span.to };
  }
  return merged;
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);
