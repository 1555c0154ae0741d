import { factsView, runInsight } from '../../dist/core/insight.js';
import { keepEqual } from '../../dist/core/keep-equal.js';
import { insights } from '../../dist/insights/index.js';
import { cpuMsSince, median } from './cost.mjs';
import { createRack } from './insights-rack.mjs';

/** What is compiled late is compiled by then. */
const WARM_UP = 30;
const ROUNDS = 30;

const FLAPPING_PORTS = 5;
const MOVING_INSTANCES = 2;
const TURNING_INSTANCES = 2;

/**
 * All insights over generated facts of 1,000 instances, 100 members, 10,000 ports and 1,000 prefixes, and over a
 * quarter, half and twice of them: what a scrape pays for them, and that it grows as the facts do. In a steady scrape
 * only what is measured has changed: memory, fill, IO. In others some of OVN's ports or LXD's instances have changed too.
 * Where instances stop or start, all that they announce is planned and held against every router anew.
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
    [`, ${TURNING_INSTANCES} instances stop or start`]: () => rack.turn(TURNING_INSTANCES),
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

/** Settings of each insight, which stay until the configuration is read anew. */
const configs = new Map(insights.map((insight) => [insight, insight.configSchema?.parse({}) ?? {}]));

/**
 * CPU of one scrape: comparing what the cycles give with what they gave before, as each target does at the end of its
 * own, and deriving insights from it.
 */
function scrape(rack, chosen) {
  const before = rack.last ?? {};
  const now = rack.read();
  // What reading has left behind is not the insights' to clear.
  globalThis.gc?.({ type: 'minor' });
  const started = process.cpuUsage();
  rack.last = Object.fromEntries(
    Object.entries(now).map(([source, targets]) => [source, keep(before[source], targets)]),
  );
  const facts = factsView(Object.entries(rack.last).flatMap(([source, targets]) => targets.map(viewOf(source))));
  const nowMs = Date.now();
  const results = chosen.map((insight) => runInsight(insight, { facts, nowMs, config: configs.get(insight) }));
  const cpuMs = cpuMsSince(started);
  let series = 0;
  for (const { families, outcome } of results) {
    if (outcome.failure || outcome.repeats > 0) throw new Error(JSON.stringify(outcome));
    for (const family of families.values()) series += family.series;
  }
  return { cpuMs, series };
}

const keep = (before, now) =>
  now.map(({ facts, target }, i) => ({ target, facts: keepEqual(before?.[i].facts, facts) }));

const viewOf = (source) => (snapshot) => ({
  ...{ source, target: snapshot.target, up: true, ageSeconds: 1 },
  ...{ snapshot, newest: snapshot },
});
