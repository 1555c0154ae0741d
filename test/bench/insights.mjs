import { runInsight } from '../../dist/core/insight.js';
import { insights } from '../../dist/insights/index.js';
import { createRack } from './insights-rack.mjs';

/** What is compiled late is compiled by then. */
const WARM_UP = 30;
const ROUNDS = 30;

const FLAPPING_PORTS = 5;
const MOVING_INSTANCES = 2;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * All insights over generated facts of 1,000 instances, 100 members, 10,000 ports and 1,000 prefixes, and over a
 * quarter, half and twice of them: what a scrape pays for them, and that it grows as the facts do. In a steady scrape
 * only what is measured has changed: memory, fill, IO. In others some of OVN's ports or LXD's instances have changed too.
 */
export async function run(report) {
  const sizes = [0.25, 0.5, 1, 2];
  const costs = sizes.map((size) => measure(createRack(size), report));
  const note = `a quarter ${(costs[0] / costs[2]).toFixed(2)}, half ${(costs[1] / costs[2]).toFixed(2)}`;
  report('all insights, twice the facts to the facts', costs[3] / costs[2], 'ratio', note, 2.5);
  const rack = createRack(1);
  for (const insight of insights) {
    const alone = Array.from({ length: WARM_UP + ROUNDS }, () => scrape(rack, [insight]));
    const { series } = alone.at(-1);
    report(
      `${insight.name} alone`,
      median(alone.slice(WARM_UP).map(({ cpuMs }) => cpuMs)),
      'ms CPU',
      `${series} series`,
    );
  }
}

/** Reports what the insights cost over a rack, and returns what a steady scrape does. */
function measure(rack, report) {
  const { instances, members, ports, prefixes } = rack.counts;
  const name = `${instances} instances, ${members} members, ${ports} ports, ${prefixes} prefixes`;
  const changes = {
    '': () => undefined,
    [`, ${FLAPPING_PORTS} ports flap`]: () => rack.flap(FLAPPING_PORTS),
    [`, ${MOVING_INSTANCES} instances move`]: () => rack.move(MOVING_INSTANCES),
  };
  const bound = members === 100 ? 15 : undefined;
  const costs = Object.entries(changes).map(([suffix, change]) => {
    const scrapes = Array.from({ length: WARM_UP + ROUNDS }, () => {
      change();
      return scrape(rack, insights);
    });
    const cost = median(scrapes.slice(WARM_UP).map(({ cpuMs }) => cpuMs));
    report(`${name}${suffix}`, cost, 'ms CPU', `${scrapes.at(-1).series} series`, bound);
    return cost;
  });
  return costs[0];
}

/** CPU of deriving insights once from what the cycles of a scrape give. */
function scrape(rack, chosen) {
  const targets = rack.read();
  const configs = chosen.map(({ configSchema }) => configSchema?.parse({}) ?? {});
  // What reading has left behind is not the insights' to clear.
  globalThis.gc?.({ type: 'minor' });
  const before = process.cpuUsage();
  const facts = viewOf(targets);
  const results = chosen.map((insight, i) => runInsight(insight, { facts, nowMs: Date.now(), config: configs[i] }));
  const { system, user } = process.cpuUsage(before);
  let series = 0;
  for (const { families, outcome } of results) {
    if (outcome.failure || outcome.repeats > 0) throw new Error(JSON.stringify(outcome));
    for (const family of families.values()) series += family.series;
  }
  return { cpuMs: (user + system) / 1000, series };
}

const viewOf = (targets) => ({
  reach: ({ source }) => targets[source].map(({ target }) => ({ target, up: true })),
  of: ({ source }) => targets[source].map(({ facts, target }) => ({ target, up: true, ageSeconds: 1, facts })),
});
