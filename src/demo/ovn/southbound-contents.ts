import { type DemoNetwork, instances, loadBalancers, members, networks } from '../rack.ts';
import type { RackState } from '../state.ts';
import { chassisOf, systemIdOf, uuidOf } from './identifiers.ts';
import type { ProgressClock } from './progress.ts';
import type { Contents, Row } from './values.ts';

type Rows = Record<string, Row>;

/** Contents of OVN_Southbound at this moment. */
export const southboundContents = (state: RackState, progress: ProgressClock): Contents => ({
  SB_Global: { [uuidOf('SB_Global')]: { nb_cfg: progress.southbound.cfg } },
  ...chassisTables(progress),
  Port_Binding: { ...instancePorts(state), ...routerPorts(state) },
  ...gatewayGroups(),
  Service_Monitor: serviceMonitors(state),
  MAC_Binding: macBindings(),
  FDB: {},
  BFD: {},
  Datapath_Binding: datapaths(),
});

/** A chassis whose daemons die stays registered, and no longer confirms anything. */
function chassisTables(progress: ProgressClock): Contents {
  const tables: Record<'Chassis' | 'Chassis_Private' | 'Encap', Rows> = { Chassis: {}, Chassis_Private: {}, Encap: {} };
  for (const { address, name } of members) {
    const encap = uuidOf('Encap', name);
    const { at, cfg } = progress.of(name);
    tables.Chassis[chassisOf(name)] = { name: systemIdOf(name), hostname: name, encaps: [encap] };
    tables.Chassis_Private[uuidOf('Chassis_Private', name)] = {
      name: systemIdOf(name),
      nb_cfg: cfg,
      nb_cfg_timestamp: at,
    };
    tables.Encap[encap] = { type: 'geneve', ip: address };
  }
  return tables;
}

const networkOf = (name: string): DemoNetwork => networks.find((network) => network.name === name) as DemoNetwork;
const portOf = (instance: { network: string; uuid: string }): string =>
  `lxd-net${networkOf(instance.network).id}-instance-${instance.uuid}-eth0`;

/** Up is what OVN was told last: nobody takes it back for a member that has died. */
function instancePorts(state: RackState): Rows {
  return Object.fromEntries(
    instances.map((instance) => {
      const { location, running } = state.placementOf(instance);
      const { downPorts, misplacedPorts, unboundPorts } = state.faults;
      const name = `${instance.project}/${instance.name}`;
      const isBound = running && !unboundPorts.has(name);
      const row = {
        logical_port: portOf(instance),
        up: isBound && !downPorts.has(name),
        chassis: isBound ? chassisOf(misplacedPorts.get(name) ?? location) : undefined,
        external_ids: { lxd_location: location, lxd_switch: `lxd-net${networkOf(instance.network).id}-ls-int` },
      };
      return [uuidOf('Port_Binding', instance.uuid), row];
    }),
  );
}

function routerPorts(state: RackState): Rows {
  const rows: Rows = {};
  for (const network of networks) {
    const name = `lxd-net${network.id}`;
    const gateway = state.gatewayOf(network);
    const put = (logical_port: string, row: Row) => {
      rows[uuidOf('Port_Binding', logical_port)] = { logical_port, ...row };
    };
    put(`cr-${name}-lr-lrp-ext`, {
      type: 'chassisredirect',
      chassis: gateway && chassisOf(gateway),
      ha_chassis_group: uuidOf('HA_Chassis_Group', name),
    });
    for (const port of ['lr-lrp-ext', 'lr-lrp-int', 'ls-ext-lsp-router', 'ls-int-lsp-router']) {
      put(`${name}-${port}`, { type: 'patch' });
    }
    put(`${name}-ls-ext-lsp-provider`, { type: 'localnet' });
  }
  return rows;
}

/** In the order in which the rack's gateways fall to its members. */
function gatewayGroups(): Contents {
  const groups: Rows = {};
  const candidates: Rows = {};
  for (const { id } of networks) {
    const name = `lxd-net${id}`;
    const ranked = members.map((_, rank) => ({ rank, member: members[(rank + id) % members.length]?.name as string }));
    for (const { member, rank } of ranked) {
      candidates[uuidOf('HA_Chassis', name, member)] = {
        chassis: chassisOf(member),
        priority: 30_000 - 9000 * rank + 17 * id,
        external_ids: { 'chassis-name': systemIdOf(member) },
      };
    }
    const ha_chassis = ranked.map(({ member }) => uuidOf('HA_Chassis', name, member));
    groups[uuidOf('HA_Chassis_Group', name)] = { name, ha_chassis };
  }
  return { HA_Chassis_Group: groups, HA_Chassis: candidates };
}

function serviceMonitors(state: RackState): Rows {
  const rows: Rows = {};
  for (const { backends, network, port } of loadBalancers) {
    for (const instance of instances.filter((one) => one.network === network && backends.includes(one.name))) {
      rows[uuidOf('Service_Monitor', instance.uuid, port)] = {
        logical_port: portOf(instance),
        ip: instance.ipv4,
        port,
        protocol: 'tcp',
        status: state.isRunning(instance) ? 'online' : 'offline',
      };
    }
  }
  return rows;
}

/** Every router knows the uplink's gateway and what has talked to it. */
function macBindings(): Rows {
  const ports = networks.flatMap(({ id }) => Array.from({ length: 2 + (id % 4) }, () => `lxd-net${id}-lr-lrp-ext`));
  return Object.fromEntries(ports.map((logical_port, index) => [uuidOf('MAC_Binding', index), { logical_port }]));
}

function datapaths(): Rows {
  const names = networks.flatMap(({ id }) => ['lr', 'ls-int', 'ls-ext'].map((part) => `lxd-net${id}-${part}`));
  return Object.fromEntries(
    names.map((name, index) => [uuidOf('Datapath', name), { tunnel_key: index + 1, external_ids: { name } }]),
  );
}
