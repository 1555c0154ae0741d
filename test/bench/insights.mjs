import { runInsight } from '../../dist/core/insight.js';
import { insights } from '../../dist/insights/index.js';
import { createRack } from './insights-rack.mjs';

const WARM_UP = 60;
const ROUNDS = 60;

/**
 * All insights over generated facts of 1,000 instances, 100 members, 10,000 ports and 1,000 prefixes, and over a
 * quarter, half and twice of them: what a scrape pays for them, and that it grows as the facts do.
 */
export async function run(report) {
  const sizes = [0.25, 0.5, 1, 2];
  const racks = sizes.map((size) => createRack(size));
  const costs = sizes.map(() => []);
  let series = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    // All sizes take turns, so that what else the machine does meets all of them.
    series = racks.map((rack, i) => {
      globalThis.gc?.();
      const { cpuMs, count } = scrape(rack.view());
      if (round >= WARM_UP) costs[i].push(cpuMs);
      return count;
    });
  }
  const medians = costs.map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
  for (const [i, size] of sizes.entries()) {
    const { instances, members, ports, prefixes } = racks[i].counts;
    const name = `${instances} instances, ${members} members, ${ports} ports, ${prefixes} prefixes`;
    const note = `${series[i]} series`;
    report(name, medians[i], 'ms CPU', note, size === 1 ? 15 : undefined);
  }
  report('twice the facts to the facts', medians[3] / medians[2], 'ratio', '', 2.5);
  for (const { name } of insights) {
    const costOfOne = [];
    for (let round = 0; round < ROUNDS; round++) costOfOne.push(scrape(racks[2].view(), name).cpuMs);
    report(`${name} alone`, costOfOne.sort((a, b) => a - b)[ROUNDS >> 1], 'ms CPU');
  }
}

/** CPU of deriving all insights, or one, once from the facts of a scrape. */
function scrape(facts, only) {
  const chosen = only === undefined ? insights : insights.filter(({ name }) => name === only);
  const configs = chosen.map(({ configSchema }) => configSchema?.parse({}) ?? {});
  const before = process.cpuUsage();
  const results = chosen.map((insight, i) => runInsight(insight, { facts, nowMs: Date.now(), config: configs[i] }));
  const { system, user } = process.cpuUsage(before);
  let count = 0;
  for (const { families, outcome } of results) {
    if (outcome.failure || outcome.repeats > 0) throw new Error(JSON.stringify(outcome));
    for (const family of families.values()) count += family.series;
  }
  return { cpuMs: (user + system) / 1000, count };
}
