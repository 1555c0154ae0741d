import { counter, type Emit, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { OvnClient } from '../client/client.ts';
import type { PortBinding, Southbound } from '../client/southbound.ts';
import type { OvnSettings } from '../config.ts';
import type { GatewayCandidate, GatewayFacts, OvnFacts } from '../facts.ts';
import { memberOf, networkOf } from '../lxd-names.ts';
import { remember } from './remember.ts';

const perCandidate = ['network', 'chassis', 'member'] as const;

const active = gauge('ovn_gateway_active', {
  help: "Whether the network's gateway is on this chassis, for each chassis that it may be on.",
  labels: perCandidate,
});
const priority = gauge('ovn_gateway_priority', {
  help: 'Priority of the chassis for the gateway; the highest one that is alive has it.',
  labels: perCandidate,
});
const onPreferred = gauge('ovn_gateway_on_preferred_chassis', {
  help: 'Whether the gateway is on the chassis with the highest priority; absent without a choice of chassis.',
  labels: ['network'],
});
const unbound = gauge('ovn_gateway_unbound', {
  help: 'Whether no chassis has the gateway: the network has no north-south traffic.',
  labels: ['network'],
});
const moves = counter('ovn_gateway_moves_total', {
  help: 'How often the gateway went to another chassis while rackwatch watched.',
  labels: ['network'],
});

export const gateways: Collector<OvnClient, OvnFacts, OvnSettings> = {
  name: 'gateways',
  help: "Where each network's gateway is, where it may be, and whether it is nowhere.",
  metrics: [active, priority, onPreferred, unbound, moves],
  isNeeded: ({ southbound }) => southbound.length > 0,
  async collect({ client, config: { members }, emit, signal }) {
    const southbound = await client.readSouthbound(signal);
    if (!southbound) return undefined;
    const tables = (['Port_Binding', 'HA_Chassis_Group', 'HA_Chassis', 'Chassis'] as const).map((name) =>
      southbound.table(name),
    );
    const revisions = tables.map(({ revision }) => revision);
    const list = remembered(client, revisions, () => readGateways(southbound, members));
    for (const gateway of list) emitGateway(emit, gateway, client.movesOf(gateway.logicalPort));
    return { gateways: list };
  },
};

const remembered = remember<OvnClient, readonly GatewayFacts[]>();

function emitGateway(emit: Emit, { active: place, candidates, network }: GatewayFacts, moveCount: number): void {
  for (const { chassis, member = '', priority: rank } of candidates) {
    emit(active, { network, chassis, member }, chassis === place?.chassis ? 1 : 0);
    emit(priority, { network, chassis, member }, rank);
  }
  if (place && !candidates.some(({ chassis }) => chassis === place.chassis)) emit(active, { network, ...place }, 1);
  if (candidates[0]) emit(onPreferred, { network }, candidates[0].chassis === place?.chassis ? 1 : 0);
  emit(unbound, { network }, place ? 0 : 1);
  emit(moves, { network }, moveCount);
}

type Members = OvnSettings['members'];

/** A gateway is a port of type chassisredirect (ovn-sb(5)), which northd calls `cr-` and the router port's name. */
function readGateways(southbound: Southbound, members: Members): readonly GatewayFacts[] {
  const gatewayPorts = [...southbound.table('Port_Binding').rows.values()].filter(isGateway);
  return gatewayPorts.map(({ chassis, ha_chassis_group: group, logical_port: logicalPort }) => {
    const row = chassis === undefined ? undefined : southbound.table('Chassis').rows.get(chassis);
    return {
      logicalPort,
      network: nameGateway(logicalPort.replace(/^cr-/, '')),
      candidates: readCandidates(southbound, group, members),
      ...(row ? { active: { chassis: row.name, member: memberOf(members, row) } } : {}),
    };
  });
}

const isGateway = ({ type }: PortBinding): boolean => type === 'chassisredirect';

/** LXD makes one gateway a network; any other has a name that is its own. */
const nameGateway = (port: string): string => (/^lxd-net\d+-lr-lrp-ext$/.test(port) ? networkOf(port) : port);

function readCandidates(
  southbound: Southbound,
  group: string | undefined,
  members: Members,
): readonly GatewayCandidate[] {
  const uuids = group === undefined ? [] : (southbound.table('HA_Chassis_Group').rows.get(group)?.ha_chassis ?? []);
  const candidates = [...uuids].flatMap((uuid): GatewayCandidate[] => {
    const row = southbound.table('HA_Chassis').rows.get(uuid);
    const chassis = row?.chassis === undefined ? undefined : southbound.table('Chassis').rows.get(row.chassis);
    // northd notes the name, so that a chassis that is gone can still be named.
    const name = chassis?.name ?? row?.external_ids.get('chassis-name');
    if (!row || name === undefined) return [];
    return [{ chassis: name, priority: row.priority, ...(chassis ? { member: memberOf(members, chassis) } : {}) }];
  });
  return candidates.sort((a, b) => b.priority - a.priority);
}
