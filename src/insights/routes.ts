import { isIP } from 'node:net';
import { z } from 'zod';
import { defineInsight } from '../core/insight.ts';
import { type Emit, gauge, info } from '../core/metric.ts';
import { type FrrRoutes, frrFacts } from '../sources/frr/facts.ts';
import { families, origins } from './routes/announcements.ts';
import { countOrigins, findStrays, judge, pathsTo } from './routes/audit.ts';
import { routesOfInstances } from './routes/instance-routes.ts';
import { type Destination, type Plan, planRoutes } from './routes/plan.ts';
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
    for (const { nexthop, origin, prefix: to } of plan.destinations.flatMap((destination) => destination.expected)) {
      emit(expected, { prefix: to.text, nexthop, origin }, 1);
    }
    // The routes of a router that has fallen silent are no longer known.
    const answering = facts.of(frrFacts).filter(({ up }) => up);
    const tables = answering.flatMap(({ facts: { peers = [], routes: table }, target: router }) =>
      table ? [{ router, peers, table }] : [],
    );
    const counts = new Map<string, number>();
    for (const { peers, router, table } of tables) {
      askFor(plan, table);
      for (const destination of plan.destinations) compare(destination, router, table, counts, emit);
      for (const stray of findStrays(plan, table, peers)) emit(unexpected, { router, ...stray }, 1);
    }
    for (const [to, count] of counts) emit(originCount, { prefix: to }, count);
    for (const own of routesOfInstances(facts).flat()) emit(instanceRoute, own, 1);
  },
});

function askFor(plan: Plan, table: FrrRoutes): void {
  const wanted = families.flatMap((family) => (table.complete.includes(family) ? [] : plan.wanted[family]));
  if (wanted.length > 0) table.want(wanted);
}

/** @param counts most origins of each prefix that any router knows; those of this one are added */
function compare(
  { nexthops, prefix: { text }, prefix: to }: Destination,
  router: string,
  table: FrrRoutes,
  counts: Map<string, number>,
  emit: Emit,
): void {
  const paths = pathsTo(table, to);
  if (!paths) return;
  counts.set(text, Math.max(counts.get(text) ?? 0, countOrigins(paths)));
  for (const nexthop of nexthops) {
    const verdict = judge(nexthop, paths);
    const labels = { router, prefix: text, nexthop };
    emit(received, labels, verdict.received ? 1 : 0);
    emit(missing, labels, verdict.missing ? 1 : 0);
  }
}
