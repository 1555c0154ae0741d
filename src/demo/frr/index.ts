import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoPart } from '../part.ts';
import { instances } from '../rack.ts';
import type { RackState } from '../state.ts';
import { startExecApi } from './exec-server.ts';
import { RoutingModel, routers } from './model.ts';
import { startVtySockets } from './vty-server.ts';

/** Starts the three routers: the first two by their sockets, the third as an instance of LXD in which vtysh runs. */
export async function startFrr(state: RackState): Promise<DemoPart> {
  const model = new RoutingModel(state);
  const folder = await mkdtemp(join(tmpdir(), 'rackwatch-frr-'));
  const socket = join(folder, 'lxd.socket');
  const stops = [await startExecApi(model, socket)];
  const entries: object[] = [];
  for (const [index, router] of routers.entries()) {
    if (index === routers.length - 1) {
      entries.push({ name: router.name, lxd: { project: router.instance.project, instance: router.name, socket } });
      continue;
    }
    const sockets = join(folder, router.name);
    await mkdir(sockets);
    stops.push(await startVtySockets(model, router, sockets));
    entries.push({ name: router.name, sockets });
  }
  return {
    config: {
      routers: entries,
      roles: { transit: ['CORE'], host: ['HOSTS'] },
      prefixes: [...new Set(instances.flatMap(({ externalRoute }) => externalRoute ?? []))],
    },
    close: async () => {
      await Promise.all(stops.map((stop) => stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
