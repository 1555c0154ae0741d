import { gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { RouterClient } from '../client/client.ts';
import type { FrrConfig } from '../config.ts';
import type { FrrFacts } from '../facts.ts';

const paths = gauge('frr_bgp_prefix_paths', {
  labels: ['router', 'prefix'],
  help: 'Valid paths to a prefix of the configuration (`prefixes`) in the default instance. 0: the router does not know it.',
});

export const prefixes: Collector<RouterClient, FrrFacts, FrrConfig> = {
  name: 'prefixes',
  help: 'Paths to chosen prefixes, and for the route audit to those that must be announced. Never reads a large table.',
  metrics: [paths],
  async collect({ client, config, signal, emit }) {
    if (!(await client.router.runs('bgpd', signal))) return undefined;
    const { complete, routes } = await client.routes.read(await client.bgp.view(signal), signal);
    for (const prefix of config.prefixes) {
      const known = routes.get(prefix);
      const whole = complete.has(prefix.includes(':') ? 'ipv6' : 'ipv4');
      if (known || whole) emit(paths, { router: client.name, prefix }, known?.filter(({ valid }) => valid).length ?? 0);
    }
    return { routes: { complete: [...complete], paths: routes, want: client.routes.want } };
  },
};
