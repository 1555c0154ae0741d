import { defineSource } from '../../core/source.ts';
import { createRouterClient, type RouterClient } from './client/client.ts';
import { openTransport } from './client/open.ts';
import { bfd } from './collectors/bfd.ts';
import { bgp } from './collectors/bgp.ts';
import { daemons } from './collectors/daemons.ts';
import { neighbors } from './collectors/neighbors.ts';
import { prefixes } from './collectors/prefixes.ts';
import { routes } from './collectors/routes.ts';
import { vrrp } from './collectors/vrrp.ts';
import { frrConfig } from './config.ts';
import type { FrrFacts } from './facts.ts';

export const frr = defineSource<typeof frrConfig, RouterClient, FrrFacts>({
  name: 'frr',
  configSchema: frrConfig,
  open({ lxd, routers, neighbors_per_cycle, prefixes: wanted }, { clock }) {
    const options = { neighborsPerCycle: neighbors_per_cycle, prefixes: wanted, now: () => clock.now() };
    const targets = routers.map((router) => ({
      name: router.name,
      client: createRouterClient(router.name, openTransport(router, lxd), options),
    }));
    return {
      targets: () => targets,
      close: async () => {
        await Promise.all(targets.map(({ client }) => client.router.close()));
      },
    };
  },
  describe: async ({ client, signal }) => ({ version: (await client.router.build('zebra', signal)).name }),
  keepsText: true,
  collectors: [daemons, bgp, neighbors, prefixes, routes, vrrp, bfd],
});
