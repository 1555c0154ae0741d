import { isIP } from 'node:net';
import { z } from 'zod';
import { defineInsight } from '../core/insight.ts';
import { type Emit, gauge } from '../core/metric.ts';
import { type FrrFacts, type FrrRoutes, frrFacts } from '../sources/frr/facts.ts';
import { origins } from './routes/announcements.ts';
import { countOrigins, findStrays, judge } from './routes/audit.ts';
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
  metrics: [expected, received, missing, unexpected, originCount],
  configSchema,
  derive({ config, emit, facts }) {
    const plan = planRoutes(facts, config);
    for (const { nexthop, origin, prefix: to } of plan.expected) {
      emit(expected, { prefix: to.text, nexthop, origin }, 1);
    }
    // The routes of a router that has fallen silent are no longer known.
    const answering = facts.of(frrFacts).filter(({ up }) => up);
    const tables = answering.flatMap(({ facts: { peers = [], routes: table }, target: router }) =>
      table ? [{ router, peers, table }] : [],
    );
    for (const { peers, router, table } of tables) {
      askFor(plan, table);
      compare(plan, router, table, peers, emit);
    }
    emitOrigins(
      plan,
      tables.map(({ table }) => table),
      emit,
    );
  },
});

function askFor(plan: Plan, table: FrrRoutes): void {
  const wanted = plan.prefixes.flatMap(({ family, text }) => (table.complete.includes(family) ? [] : [text]));
  if (wanted.length > 0) table.want(wanted);
}

function compare(plan: Plan, router: string, table: FrrRoutes, peers: FrrFacts['peers'], emit: Emit): void {
  for (const verdict of judge(plan, table)) {
    const labels = { router, prefix: verdict.route.prefix.text, nexthop: verdict.route.nexthop };
    emit(received, labels, verdict.received ? 1 : 0);
    emit(missing, labels, verdict.missing ? 1 : 0);
  }
  for (const stray of findStrays(plan, table, peers)) emit(unexpected, { router, ...stray }, 1);
}

function emitOrigins(plan: Plan, tables: readonly FrrRoutes[], emit: Emit): void {
  const prefixes = new Map(plan.distinct.map(({ prefix: one }) => [one.text, one]));
  for (const [text, one] of prefixes) {
    const counts = tables.flatMap((table) => countOrigins(table, one) ?? []);
    if (counts.length > 0) emit(originCount, { prefix: text }, Math.max(...counts));
  }
}
