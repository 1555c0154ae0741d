import { isIP } from 'node:net';
import { z } from 'zod';
import { defineInsight, type FactsView } from '../core/insight.ts';
import { type Emit, gauge, info } from '../core/metric.ts';
import { type FrrRoutes, frrFacts } from '../sources/frr/facts.ts';
import { families, origins } from './routes/announcements.ts';
import { type Audit, auditTable, type RouteVerdict } from './routes/audit.ts';
import { routesOfInstances } from './routes/instance-routes.ts';
import { type Plan, planRoutes } from './routes/plan.ts';
import { parsePrefix } from './routes/prefix.ts';

const route = ['router', 'prefix', 'nexthop'] as const;

const expected = gauge('rackwatch_route_expected', {
  help: 'A route that LXD must announce by its configuration and by where its instances are, and the configured ones. `nexthop` is absent where any will do, `origin` is network, instance, forward, load_balancer or config.',
  labels: ['prefix', 'nexthop', 'origin'],
});
const received = gauge('rackwatch_route_received', {
  help: 'Whether the router has the expected route in its BGP table, whoever told it and whatever state it is in; absent while the router does not answer or has not been asked for it.',
  labels: route,
});
const missing = gauge('rackwatch_route_missing', {
  help: 'Whether the router has no usable path of the expected route: none at all, or its next hop cannot be reached. A path kept over a restart of its peer counts as there.',
  labels: route,
});
const unexpected = gauge('rackwatch_route_unexpected', {
  help: "1 while a router has a route to one of LXD's routers or members that LXD should not announce, within its uplinks' routes and its networks' subnets.",
  labels: route,
});
const originCount = gauge('rackwatch_route_origins', {
  help: 'Different next hops that lead to the expected prefix, in the table of the router that has most. Other routers of the same AS that name themselves do not count beside them.',
  labels: ['prefix'],
});

const instanceRoute = info('rackwatch_instance_route_info', {
  help: 'A route that an instance has for itself (`ipvX.routes.external` of its network devices) and that is announced while it runs, by prefix and next hop as in `rackwatch_route_expected`; of an instance that is stopped too. Several instances may have the same one. `nexthop` is absent where any will do.',
  labels: ['project', 'name', 'prefix', 'nexthop'],
});

const prefix = z
  .string()
  .refine((text) => text.includes('/') && parsePrefix(text), 'not a prefix such as 192.0.2.0/24');

const configSchema = z.strictObject({
  ignore: z
    .array(prefix)
    .default([])
    .describe('Prefixes that are neither expected nor unexpected, with all that is inside them.'),
  expect: z
    .array(
      z.strictObject({
        prefix: prefix.describe('Such as 0.0.0.0/0.'),
        nexthop: z
          .string()
          .refine((text) => isIP(text) > 0, 'not an address')
          .optional()
          .describe('Any will do where it is absent.'),
      }),
    )
    .default([])
    .describe('Routes that every router must have besides.'),
  origins: z
    .array(z.enum(origins))
    .default([...origins])
    .describe(
      'What is announced here: leave out forward and load_balancer where lxd-bgp announces and not LXD itself.',
    ),
});

/**
 * Pure but for one thing: a router whose table is too large to be read whole is told which prefixes to look for, and the
 * next cycle has them.
 */
export const routes = defineInsight({
  name: 'routes',
  help: 'What LXD must announce against what every router has in its BGP table.',
  metrics: [expected, received, missing, unexpected, originCount, instanceRoute],
  configSchema,
  derive({ config, emit, facts }) {
    const plan = planRoutes(facts, config);
    for (const { expected: due } of plan.destinations) for (const one of due) emit(expected, one, 1);
    const audits = auditRouters(plan, facts);
    for (const { router, strays, verdicts } of audits) {
      for (const verdict of verdicts) emitRoutes(verdict?.routes ?? [], emit);
      for (const stray of strays) emit(unexpected, { router, ...stray }, 1);
    }
    emitOrigins(plan, audits, emit);
    for (const own of routesOfInstances(facts)) for (const one of own) emit(instanceRoute, one, 1);
  },
});

interface RouterAudit extends Audit {
  readonly router: string;
}

/** The routes of a router that has fallen silent are no longer known. */
const auditRouters = (plan: Plan, facts: FactsView): readonly RouterAudit[] =>
  facts.of(frrFacts).flatMap(({ facts: { peers = [], routes: table }, target: router, up }) => {
    if (!up || !table) return [];
    askFor(plan, table);
    return [{ router, ...auditTable(plan, router, table, peers) }];
  });

function askFor({ prefixes, prefixesOf }: Plan, { complete, want }: FrrRoutes): void {
  const [family, other] = families.filter((one) => !complete.includes(one));
  if (family) want(other ? prefixes : prefixesOf[family]);
}

function emitRoutes(routes: readonly RouteVerdict[], emit: Emit): void {
  for (const { labels, missing: isMissing, received: isReceived } of routes) {
    emit(received, labels, isReceived ? 1 : 0);
    emit(missing, labels, isMissing ? 1 : 0);
  }
}

/** Of what must be there, as the router knows it that knows most. */
function emitOrigins({ destinations }: Plan, audits: readonly Audit[], emit: Emit): void {
  for (const [i, { expected: due, prefix: to }] of destinations.entries()) {
    if (due.length === 0) continue;
    let most = -1;
    for (const { verdicts } of audits) most = Math.max(most, verdicts[i]?.origins ?? -1);
    if (most >= 0) emit(originCount, { prefix: to.text }, most);
  }
}
