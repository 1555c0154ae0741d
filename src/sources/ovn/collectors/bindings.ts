import { gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { OvnClient } from '../client/client.ts';
import type { Southbound } from '../client/southbound.ts';
import type { OvnConfig } from '../config.ts';
import type { OvnFacts } from '../facts.ts';
import { networkOf, OTHER } from '../lxd-names.ts';
import { remember } from './remember.ts';

const macBindings = gauge('ovn_network_mac_bindings', {
  help: "Neighbours that the network's routers have learned (ARP and ND). They are kept in the southbound database.",
  labels: ['network'],
});
const fdbEntries = gauge('ovn_network_fdb_entries', {
  help: "Addresses that the network's switches have learned behind ports of unknown addresses.",
  labels: ['network'],
});

export const bindings: Collector<OvnClient, OvnFacts, OvnConfig> = {
  name: 'bindings',
  help: 'Size of the tables of learned addresses.',
  metrics: [macBindings, fdbEntries],
  isNeeded: ({ southbound }) => southbound.length > 0,
  async collect({ client, emit, signal }) {
    const southbound = await client.readSouthbound(signal);
    if (!southbound) return undefined;
    const revisions = (['MAC_Binding', 'FDB', 'Datapath_Binding'] as const).map(
      (name) => southbound.table(name).revision,
    );
    const { fdb, macs, networks } = remembered(client, revisions, () => count(southbound));
    for (const network of networks) {
      emit(macBindings, { network }, macs.get(network) ?? 0);
      emit(fdbEntries, { network }, fdb.get(network) ?? 0);
    }
    return undefined;
  },
};

interface Counts {
  readonly networks: ReadonlySet<string>;
  readonly macs: ReadonlyMap<string, number>;
  readonly fdb: ReadonlyMap<string, number>;
}

const remembered = remember<OvnClient, Counts>();

function count(southbound: Southbound): Counts {
  const datapaths = [...southbound.table('Datapath_Binding').rows.values()];
  const networkByKey = new Map(
    datapaths.map(({ external_ids, tunnel_key }) => [tunnel_key, networkOf(external_ids.get('name') ?? '')]),
  );
  const macs = new Map<string, number>();
  const fdb = new Map<string, number>();
  for (const { logical_port } of southbound.table('MAC_Binding').rows.values())
    increment(macs, networkOf(logical_port));
  for (const { dp_key } of southbound.table('FDB').rows.values()) {
    increment(fdb, (dp_key === undefined ? undefined : networkByKey.get(dp_key)) ?? OTHER);
  }
  return { macs, fdb, networks: new Set([...networkByKey.values(), ...macs.keys(), ...fdb.keys()]) };
}

const increment = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
