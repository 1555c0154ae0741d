import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { expose } from '../../src/core/exposition.ts';
import { type AnyInsight, factsView, runInsight } from '../../src/core/insight.ts';
import { keepEqual } from '../../src/core/keep-equal.ts';
import { insights } from '../../src/insights/index.ts';
import { rackFacts } from './rack-facts.ts';
import type { Heards } from './targets.ts';

// The same insights once more, with memories of their own.
vi.resetModules();
const others = await import('../../src/insights/index.ts');
const core = await import('../../src/core/insight.ts');

type Item = Record<string, unknown>;

const port = fc.record({
  network: fc.constantFrom('lxd-net1', 'lxd-net2'),
  instanceUuid: fc.constantFrom('u0', 'u1', 'u2', 'u3'),
  device: fc.constantFrom('eth0', 'eth1'),
  state: fc.constantFrom('up', 'down', undefined),
  member: fc.constantFrom('a', 'b', undefined),
});

const prefixes = ['192.0.2.1/32', '192.0.2.2/32', '2001:db8::1/128'];

/** Of each instance its external routes; some have the same one. */
const routes = fc.array(fc.subarray(prefixes), { minLength: 1, maxLength: 4 });

const path = fc.record({
  peer: fc.constant('10.0.0.11'),
  nexthops: fc.subarray(['10.0.0.0', '10.0.0.1', '10.9.9.9'], { minLength: 1 }),
  valid: fc.boolean(),
  stale: fc.boolean(),
});
const inTable = fc.constantFrom(...prefixes, '192.0.2.3/32', '0.0.0.0/0');

const table = fc.record({
  complete: fc.subarray(['ipv4', 'ipv6']),
  paths: fc.array(fc.tuple(inTable, fc.array(path, { maxLength: 2 })), { maxLength: 5 }).map((pairs) => new Map(pairs)),
});

/** With instances that have ports and routes, networks, and routers' tables. */
const rack = fc
  .tuple(rackFacts, fc.array(port, { maxLength: 8 }), routes, fc.array(table, { minLength: 1, maxLength: 3 }))
  .map(([{ heards }, ports, routesOf, tables]): Heards => {
    const ipv4 = { nat: true, routes: [], nexthop: `10.0.0.${ports.length % 2}` };
    const uplink = { project: 'default', name: 'up', kind: 'physical', ipv4: { nat: false, routes: ['192.0.2.0/24'] } };
    const networks = [{ project: 'p', name: 'web', kind: 'ovn', uplink: 'up', ipv4 }, uplink];
    const describe = (instance: Item, i: number) => ({
      ...instance,
      uuid: `u${i}`,
      nics: [{ device: 'eth0', network: 'web', addresses: [], externalRoutes: routesOf[i % routesOf.length] }],
    });
    const complete = (facts: Item) => ({
      ...facts,
      ...(facts['instances'] ? { instances: (facts['instances'] as Item[]).map(describe) } : {}),
      ...(facts['members'] ? { networks: networks.map((network) => ({ ...network, ...listeners })) } : {}),
    });
    return {
      ...heards,
      lxd: (heards['lxd'] ?? []).map(({ facts, ...heard }) => ({ ...heard, facts: complete(facts as Item) })),
      ovn: (heards['ovn'] ?? []).map(({ facts, ...heard }) => ({ ...heard, facts: { ...facts, ports } })),
      frr: (heards['frr'] ?? []).map(({ facts, ...heard }, i) => ({
        ...heard,
        facts: { ...facts, routes: tables[i % tables.length] },
      })),
    };
  });
const listeners = { ipv6: { nat: true, routes: [] }, forwards: [], loadBalancers: [] };

/** Of which of two racks each target tells, and whether it answers; what it is when it tells of none is left out. */
const step = fc.record({
  chosen: fc.array(fc.constantFrom(0, 0, 0, 1, 1, undefined), { minLength: 12, maxLength: 12 }),
  silent: fc.nat({ max: 40 }),
  nowMs: fc.constantFrom(0, 100_000, 120_000),
});

interface Shown {
  readonly source: string;
  readonly target: string;
  readonly up: boolean;
  readonly facts: object;
}

/** What a scrape is shown: a mixture of both racks, all of it read anew. */
function mix(
  racks: readonly Heards[],
  { chosen, silent }: { chosen: (number | undefined)[]; silent: number },
): Shown[] {
  const targets = Object.keys(racks[0] ?? {}).flatMap((source) => {
    const names = new Set(racks.flatMap((one) => (one[source] ?? []).map(({ target = source }) => target)));
    return [...names].map((target) => ({ source, target }));
  });
  return targets.flatMap(({ source, target }, i) => {
    const choice = chosen[i % chosen.length];
    const heard = choice === undefined ? undefined : racks[choice]?.[source]?.find((one) => one.target === target);
    return heard ? [{ source, target, up: i !== silent, facts: readAnew(heard.facts as Item) }] : [];
  });
}

const want = () => undefined;

function readAnew(facts: Item): Item {
  const read = structuredClone(facts);
  return read['routes'] ? { ...read, routes: { ...(read['routes'] as Item), want } } : read;
}

function viewOf(shown: readonly Shown[]) {
  const taken = { takenAt: 0, durationSeconds: 0, outcomes: [], stages: [] };
  return factsView(
    shown.map(({ facts, source, target, up }) => {
      const snapshot = { ...taken, source, target, facts };
      return { source, target, up, ageSeconds: 1, errorCounts: new Map(), snapshot, newest: snapshot };
    }),
  );
}

const readConfig = ({ configSchema }: AnyInsight): object => configSchema?.parse({}) ?? {};
const configs = new Map(insights.map((insight) => [insight, readConfig(insight)]));

function pageOf(
  list: readonly (readonly [insight: AnyInsight, config: object])[],
  run: typeof runInsight,
  shown: readonly Shown[],
  nowMs: number,
): string {
  const facts = viewOf(shown);
  const results = list.map(([insight, config]) => run(insight, { facts, nowMs, config }));
  const told = results.map(({ outcome }) => `${outcome.collector} ${outcome.repeats} ${outcome.failure?.message}`);
  return `${told.join('\n')}\n${Buffer.concat(expose(results.flatMap(({ families }) => families ?? [])))}`;
}

test('whatever has changed from one scrape to the next, the page is that of insights that have no memory of it', () => {
  fc.assert(
    fc.property(fc.tuple(rack, rack), fc.array(step, { minLength: 2, maxLength: 8 }), (racks, steps) => {
      let last: readonly Shown[] = [];
      for (const one of steps) {
        const fresh = mix(racks, one);
        const before = new Map(last.map(({ facts, source, target }) => [`${source} ${target}`, facts]));
        last = mix(racks, one).map((shown) => ({
          ...shown,
          facts: keepEqual(before.get(`${shown.source} ${shown.target}`), shown.facts),
        }));
        const page = pageOf([...configs], runInsight, last, one.nowMs);
        // Copies, and a configuration that is read anew, so that nothing of a scrape before is remembered.
        const forgetful = others.insights.map((insight) => [{ ...insight }, readConfig(insight)] as const);
        expect(page).toBe(pageOf(forgetful, core.runInsight, fresh, one.nowMs));
      }
    }),
    { numRuns: 60 },
  );
});
