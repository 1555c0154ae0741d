import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { DemoPart } from '../part.ts';
import { members } from '../rack.ts';
import type { RackState } from '../state.ts';
import { DemoDatabase } from './database.ts';
import { northboundContents } from './northbound-contents.ts';
import { ProgressClock } from './progress.ts';
import { northbound, southbound } from './schema.ts';
import { DemoOvsdbServer } from './server.ts';
import { southboundContents } from './southbound-contents.ts';

/** How soon what happens to the rack is told to the monitors. */
const REFRESH_MS = 500;

/** Starts a northbound and a southbound server for every member. */
export async function startOvn(state: RackState): Promise<DemoPart> {
  const progress = new ProgressClock(state);
  const databases = {
    northbound: new DemoDatabase('OVN_Northbound', '7.0.0', northbound, () => northboundContents(progress)),
    southbound: new DemoDatabase('OVN_Southbound', '20.27.0', southbound, () => southboundContents(state, progress)),
  };
  const servers: DemoOvsdbServer[] = [];
  const config: Record<string, string[]> = { northbound: [], southbound: [] };
  const places: Record<string, string> = {};
  for (const [name, database] of Object.entries(databases)) {
    for (const member of members) {
      const server = new DemoOvsdbServer(member.name, state, database);
      servers.push(server);
      server.listener.listen(0, '127.0.0.1');
      await once(server.listener, 'listening');
      const address = `127.0.0.1:${(server.listener.address() as AddressInfo).port}`;
      config[name]?.push(`tcp:${address}`);
      places[address] = member.name;
    }
  }
  state.lxdConfig.set('network.ovn.northbound_connection', (config['northbound'] ?? []).join(','));
  const timer = setInterval(() => {
    for (const database of Object.values(databases)) database.refresh();
    for (const server of servers) server.refresh();
  }, REFRESH_MS).unref();
  return {
    config,
    insights: { survival: { servers: places } },
    close: async () => {
      clearInterval(timer);
      const closed = servers.map(({ listener }) => promisify(listener.close.bind(listener))());
      for (const server of servers) server.dropAll();
      await Promise.all(closed);
    },
  };
}
