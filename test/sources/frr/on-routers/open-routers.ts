import { type FrrVersion, socketsOf } from '../../../labs/frr.ts';
import { type OpenFrr, openFrr } from '../open-frr.ts';

/** Opens routers of the lab by their sockets. */
export const openRouters = (version: FrrVersion, routers: readonly string[], settings: object = {}): OpenFrr =>
  openFrr({
    routers: routers.map((name) => ({ name, sockets: socketsOf(version, name) })),
    roles: { transit: ['CORE'], host: ['HOSTS', 64514, 'to-h2'] },
    prefixes: ['10.20.0.53/32', '192.0.2.0/24'],
    ...settings,
  });
