import { counter, type Emit, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { RouterClient } from '../client/client.ts';
import { showInterface, showVrrp } from '../client/commands.ts';
import { parseCarrier, parseVrrp, type VrrpRouter, vrrpStates } from '../client/vrrp.ts';
import type { FrrConfig } from '../config.ts';
import type { FrrFacts, FrrVirtualRouter } from '../facts.ts';
import { emitKnown } from './labels.ts';

const labels = ['router', 'proto', 'vrid', 'interface', 'subinterface'] as const;

const state = gauge('frr_vrrp_state', {
  labels: [...labels, 'state'],
  help: 'State of the virtual router (RFC 5798): 1 for the present one. A router whose interface lost its carrier goes on saying Master: see frr_vrrp_carrier.',
});
const carrier = gauge('frr_vrrp_carrier', {
  labels,
  help: "Whether the virtual router's interface has carrier (1), by zebra. A Master without carrier is none.",
});
const priority = gauge('frr_vrrp_priority', { labels, help: 'Configured priority. FRR 10 and later.' });
const effective = gauge('frr_vrrp_effective_priority', {
  labels,
  help: 'Priority that is announced; 255 for the owner of the address.',
});
const advertisementsSent = counter('frr_vrrp_advertisements_sent_total', { labels, help: 'Advertisements sent.' });
const advertisementsReceived = counter('frr_vrrp_advertisements_received_total', {
  labels,
  help: 'Advertisements received.',
});
const gratuitousArp = counter('frr_vrrp_gratuitous_arp_sent_total', { labels, help: 'Gratuitous ARP packets sent.' });
const neighborAdvertisements = counter('frr_vrrp_neighbor_advertisements_sent_total', {
  labels,
  help: 'Unsolicited neighbour advertisements sent.',
});
const transitions = counter('frr_vrrp_state_transitions_total', { labels, help: 'Changes of the state.' });

export const vrrp: Collector<RouterClient, FrrFacts, FrrConfig> = {
  name: 'vrrp',
  help: 'VRRP state, priority and transitions by virtual router and address family, and whether its interface has carrier.',
  metrics: [
    ...[state, carrier, priority, effective, transitions],
    ...[advertisementsSent, advertisementsReceived, gratuitousArp, neighborAdvertisements],
  ],
  async collect({ client, signal, emit }) {
    const { router, name } = client;
    if (!(await router.runs('vrrpd', signal))) return { vrrp: [] };
    const routers = parseVrrp(await router.json(showVrrp, signal));
    const carriers = await readCarriers(client, routers, signal);
    for (const virtual of routers) emitRouter(emit, name, virtual, carriers.get(virtual.interface));
    return { vrrp: routers.map((virtual) => factOf(virtual, carriers.get(virtual.interface))) };
  },
};

async function readCarriers(
  { router }: RouterClient,
  routers: readonly VrrpRouter[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, boolean | undefined>> {
  const names = [...new Set(routers.map((virtual) => virtual.interface))];
  if (!(await router.runs('zebra', signal))) return new Map();
  const read = async (name: string) => parseCarrier(await router.json(showInterface(name), signal), name);
  return new Map(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
}

function emitRouter(emit: Emit, router: string, virtual: VrrpRouter, hasCarrier: boolean | undefined): void {
  const { proto, vrid, subinterface } = virtual;
  const of = { router, proto, vrid: String(vrid), interface: virtual.interface, subinterface };
  for (const name of vrrpStates) emit(state, { ...of, state: name }, name === virtual.state ? 1 : 0);
  if (hasCarrier !== undefined) emit(carrier, of, hasCarrier ? 1 : 0);
  emitKnown(emit, priority, of, virtual.priority);
  emitKnown(emit, effective, of, virtual.effectivePriority);
  emitKnown(emit, transitions, of, virtual.transitions);
  emitKnown(emit, advertisementsSent, of, virtual.advertisementsSent);
  emitKnown(emit, advertisementsReceived, of, virtual.advertisementsReceived);
  emitKnown(emit, gratuitousArp, of, virtual.gratuitousArpSent);
  emitKnown(emit, neighborAdvertisements, of, virtual.neighborAdvertisementsSent);
}

const factOf = (virtual: VrrpRouter, hasCarrier: boolean | undefined): FrrVirtualRouter => ({
  vrid: virtual.vrid,
  afi: virtual.proto === 'v4' ? 'ipv4' : 'ipv6',
  interface: virtual.interface,
  master: virtual.state === 'Master' && hasCarrier !== false,
  state: virtual.state,
});
