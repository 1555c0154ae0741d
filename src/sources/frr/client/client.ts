import { BgpReader } from './bgp-reader.ts';
import { RouteReader } from './route-reader.ts';
import { Router } from './router.ts';
import type { Transport } from './transport.ts';

/** What the collectors of one router use. */
export interface RouterClient {
  readonly name: string;
  readonly router: Router;
  readonly bgp: BgpReader;
  readonly routes: RouteReader;
}

export function createRouterClient(
  name: string,
  transport: Transport,
  options: { neighborsPerCycle: number; prefixes: readonly string[]; now: () => number },
): RouterClient {
  const router = new Router(transport);
  const bgp = new BgpReader(router, { perCycle: options.neighborsPerCycle, now: options.now });
  return { name, router, bgp, routes: new RouteReader(router, options.prefixes) };
}
