import type { AnyInsight } from '../core/insight.ts';
import { healed } from './healed.ts';
import { instances } from './instances.ts';
import { joins } from './joins.ts';
import { maintenance } from './maintenance.ts';
import { networks, ports } from './networks.ts';
import { placement } from './placement.ts';
import { redundancy } from './redundancy.ts';
import { routes } from './routes.ts';
import { survival } from './survival.ts';
import { vrrp } from './vrrp.ts';

/** What rackwatch derives from the facts of several sources, one line each. */
export const insights: readonly AnyInsight[] = [
  maintenance,
  healed,
  instances,
  networks,
  ports,
  joins,
  placement,
  redundancy,
  survival,
  routes,
  vrrp,
];
