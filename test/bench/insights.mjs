import { runInsight } from '../../dist/core/insight.js';
import { insights } from '../../dist/insights/index.js';
import { createRack } from './insights-rack.mjs';

/** What is compiled late is compiled by then. */
const WARM_UP = 60;
const ROUNDS = 60;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * All insights over generated facts of 1,000 instances, 100 members, 10,000 ports and 1,000 prefixes, and over a
 * quarter, half and twice of them: what a scrape pays for them, and that it grows as the facts do. A scrape in which
 * OVN's ports have changed pays for their text as well.
 */
export async function run(report) {
  const sizes = [0.25, 0.5, 1, 2];
  const costs = sizes.map((size) => measure(createRack(size), report));
  const note = `a quarter ${(costs[0] / costs[2]).toFixed(2)}, half ${(costs[1] / costs[2]).toFixed(2)}`;
  report('all insights, twice the facts to the facts', costs[3] / costs[2], 'ratio', note, 2.5);
  const rack = createRack(1);
  for (const insight of insights) {
    const alone = Array.from({ length: WARM_UP + ROUNDS }, () => scrape(rack.view(true), [insight]));
    const { series } = alone.at(-1);
    report(
      `${insight.name} alone`,
      median(alone.slice(WARM_UP).map(({ cpuMs }) => cpuMs)),
      'ms CPU',
      `${series} series`,
    );
  }
}

/** Reports what the insights cost over a rack, and returns it. */
function measure(rack, report) {
  const { instances, members, ports, prefixes } = rack.counts;
  const name = `${instances} instances, ${members} members, ${ports} ports, ${prefixes} prefixes`;
  const costs = { steady: [], changed: [] };
  let series = 0;
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const changed = scrape(rack.view(true), insights);
    // Back to the list that stays, which is a change as well.
    scrape(rack.view(false), insights);
    const steady = scrape(rack.view(false), insights);
    series = steady.series;
    if (round < WARM_UP) continue;
    costs.changed.push(changed.cpuMs);
    costs.steady.push(steady.cpuMs);
  }
  const steady = median(costs.steady);
  report(name, steady, 'ms CPU', `${series} series`, members === 100 ? 15 : undefined);
  report(`${name}, ports changed`, median(costs.changed), 'ms CPU');
  return steady;
}

/** CPU of deriving insights once from the facts of a scrape. */
function scrape(facts, chosen) {
  const configs = chosen.map(({ configSchema }) => configSchema?.parse({}) ?? {});
  const before = process.cpuUsage();
  const results = chosen.map((insight, i) => runInsight(insight, { facts, nowMs: Date.now(), config: configs[i] }));
  const { system, user } = process.cpuUsage(before);
  let series = 0;
  for (const { families, outcome } of results) {
    if (outcome.failure || outcome.repeats > 0) throw new Error(JSON.stringify(outcome));
    for (const family of families.values()) series += family.series;
  }
  return { cpuMs: (user + system) / 1000, series };
}
