import { gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { OvnClient } from '../client/client.ts';
import type { PortBinding, Southbound } from '../client/southbound.ts';
import type { OvnSettings } from '../config.ts';
import type { OvnFacts, PortFacts, PortState } from '../facts.ts';
import { memberOf, parseInstancePort } from '../lxd-names.ts';
import { remember } from './remember.ts';

const states: readonly PortState[] = ['up', 'down', 'disabled'];

const portCount = gauge('ovn_network_ports', {
  help: "Ports of instances by state. A port stays up when its chassis' daemons die.",
  labels: ['network', 'state'],
});
const misplaced = gauge('ovn_network_ports_misplaced', {
  help: 'Ports of instances that are bound on another member than the one on which LXD started the instance.',
  labels: ['network'],
});

export const ports: Collector<OvnClient, OvnFacts, OvnSettings> = {
  name: 'ports',
  help: "Instances' ports: how many are up, and how many are where LXD did not put them.",
  metrics: [portCount, misplaced],
  isNeeded: ({ southbound }) => southbound.length > 0,
  async collect({ client, config: { members }, emit, signal }) {
    const [northbound, southbound] = await Promise.all([client.readNorthbound(signal), client.readSouthbound(signal)]);
    if (!southbound) return undefined;
    const disabledPorts = northbound?.table('Logical_Switch_Port');
    const revisions = [
      southbound.table('Port_Binding').revision,
      southbound.table('Chassis').revision,
      disabledPorts?.revision ?? 0,
    ];
    const { byNetwork, list } = remembered(client, revisions, () => {
      const disabled = new Set([...(disabledPorts?.rows.values() ?? [])].map(({ name }) => name));
      return derivePorts(southbound, disabled, members);
    });
    for (const [network, counts] of byNetwork) {
      for (const state of states) emit(portCount, { network, state }, counts[state]);
      emit(misplaced, { network }, counts.misplaced);
    }
    return { ports: list };
  },
};

interface Ports {
  readonly list: readonly PortFacts[];
  readonly byNetwork: ReadonlyMap<string, Record<PortState | 'misplaced', number>>;
}

const remembered = remember<OvnClient, Ports>();

interface KnownPort {
  /** What the row alone says; null for one that is not an instance's. */
  readonly own: PortFacts | null;
  /** The same, where it is bound, and whether it is disabled. */
  facts?: PortFacts;
}

/** Rows are replaced when they change: what a row's name and place say needs to be found out once. */
const known = new WeakMap<PortBinding, KnownPort>();

function derivePorts(southbound: Southbound, disabled: ReadonlySet<string>, members: OvnSettings['members']): Ports {
  const chassis = southbound.table('Chassis').rows;
  const list: PortFacts[] = [];
  const byNetwork = new Map<string, Record<PortState | 'misplaced', number>>();
  for (const row of southbound.table('Port_Binding').rows.values()) {
    const place = row.chassis === undefined ? undefined : chassis.get(row.chassis);
    const facts = readPort(row, place && { chassis: place.name, member: memberOf(members, place) }, disabled);
    if (!facts) continue;
    list.push(facts);
    const counts = byNetwork.get(facts.network) ?? { up: 0, down: 0, disabled: 0, misplaced: 0 };
    byNetwork.set(facts.network, counts);
    if (facts.state) counts[facts.state]++;
    if (isMisplaced(facts)) counts.misplaced++;
  }
  return { list, byNetwork };
}

/** The same object as the last time, where nothing of it has changed. */
function readPort(row: PortBinding, place: Place | undefined, disabled: ReadonlySet<string>): PortFacts | null {
  const port = known.get(row) ?? { own: readRow(row) };
  known.set(row, port);
  if (!port.own) return null;
  const { chassis, member, state } = port.facts ?? {};
  const isDisabled = disabled.has(row.logical_port);
  const isSame = chassis === place?.chassis && member === place?.member && (state === 'disabled') === isDisabled;
  if (!port.facts || !isSame) port.facts = { ...port.own, ...place, ...(isDisabled ? { state: 'disabled' } : {}) };
  return port.facts;
}

type Place = Required<Pick<PortFacts, 'chassis' | 'member'>>;

function readRow(row: PortBinding): PortFacts | null {
  const name = row.type === '' ? parseInstancePort(row.logical_port) : undefined;
  if (!name) return null;
  const location = row.external_ids.get('lxd_location');
  return {
    ...name,
    ...(row.up === undefined ? {} : { state: row.up ? 'up' : 'down' }),
    ...(location === undefined ? {} : { location }),
  };
}

const isMisplaced = ({ location, member }: PortFacts): boolean =>
  location !== undefined && member !== undefined && location !== member;
