import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoPrometheus, startDemoPrometheus } from '../labs/demo-prometheus.ts';
import { describeLab, until } from '../labs/lab.ts';
import { type BuiltDashboard, type BuiltPanel, built, shown, type Target } from './built.ts';
import { type Choice, faultsOf, Reader } from './live.ts';

const INTERVAL = 3;
/** A fault lasts for three minutes: long enough for the slowest source to see it. */
const SPEED = 10;
/** Scrapes after which every rate and every panel has something to show. */
const ENOUGH = 15;

/** Panels that show nothing on the healthy rack, and say so in their own words: `dashboard: title`. */
const emptyWhenHealthy: Readonly<Record<string, string>> = {
  'rackwatch / Cluster: Alerts': 'no alert fires',
  'rackwatch / Instances: Expected and not running': 'every instance that ought to run does',
  'rackwatch / Storage: Health checks': 'no check is raised, or Ceph is silent',
  'rackwatch / Maintenance: Time without reserve': 'every component could lose one more, all the time',
  'rackwatch / Network: Backends that do not answer': 'every backend that is checked answers',
  'rackwatch / Routing: Routes that are missing': 'every expected route is there',
  'rackwatch / Routing: Routes that nobody expects': 'every route is explained',
  // The simulated servers of OVN's databases have no control sockets.
  'rackwatch / Network: RAFT: entries not applied': 'no control socket of OVN is configured',
};

/** Each with what shows that it has happened. */
const scenarios = [
  ['member-dies', 'min(rackwatch_member_reachable) == 0'],
  ['psu-fails', 'max(bmc_psu_failed) == 1'],
  ['session-lost', 'min(frr_bgp_peer_state) == 0'],
  ['quorum-lost', 'min(rackwatch_ceph_mon_reachable) == 0'],
  ['rolling-reboot', 'max(rackwatch_member_maintenance_phase{phase="evacuated"}) == 1'],
] as const;

interface Question {
  readonly panel: BuiltPanel;
  readonly target: Target;
}

const questionsOf = (dashboard: BuiltDashboard): readonly Question[] =>
  shown(dashboard).flatMap((panel) => (panel.targets ?? []).map((target) => ({ panel, target })));

describeLab('prometheus', () => {
  let demo: DemoPrometheus;
  let reader: Reader;

  const now = async () => Number((await demo.prometheus.query('vector(time())'))[0]?.value[0] ?? 0);
  const complaintsOf = async (dashboard: BuiltDashboard, choice: Choice, ask: (question: Question) => Complaints) => {
    const complaints: string[] = [];
    for (const question of questionsOf(dashboard)) {
      const found = await ask(question).catch((error: Error) => [error.message]);
      complaints.push(...found.map((text) => `${question.panel.title} ${question.target.refId} (${choice}): ${text}`));
    }
    return complaints;
  };

  beforeAll(async () => {
    demo = await startDemoPrometheus(INTERVAL, SPEED);
    reader = new Reader(demo);
    const isFull = async () =>
      (await demo.prometheus.query(`min(count_over_time(rackwatch_target_up[5m])) >= ${ENOUGH}`)).length > 0;
    await until(isFull, { what: 'there is history', everyMs: 1000, timeoutMs: 150_000 });
  }, 180_000);

  afterAll(async () => {
    await demo?.stop();
  });

  describe.each(['All', 'one value'] as const)('on a healthy rack, with %s', (choice) => {
    test.each(built)('%s shows something everywhere', async (_, dashboard) => {
      const values = await reader.resolve(dashboard, choice);
      const at = await now();
      const complaints = await complaintsOf(dashboard, choice, async ({ panel, target }) => {
        const series = await reader.run(target, values, at);
        if (series.length === 0 && emptyWhenHealthy[`${dashboard.title}: ${panel.title}`]) return [];
        const isTwice = await reader.countsTwice(series, target, values, at);
        return [...faultsOf(panel, target, series), ...(isTwice ? ['counts replicas twice'] : [])];
      });
      expect(complaints).toEqual([]);
    });
  });

  test('what is said to be empty when healthy is there, and says so', () => {
    const panels = built.flatMap(([, dashboard]) =>
      shown(dashboard).map((panel) => [`${dashboard.title}: ${panel.title}`, panel] as const),
    );
    for (const [name, text] of Object.entries(emptyWhenHealthy)) {
      expect(new Map<string, BuiltPanel>(panels).get(name)?.fieldConfig?.defaults.noValue, name).toBe(text);
    }
  });

  test.each(scenarios)('%s breaks no query', async (name, hasHappened) => {
    demo.stage.play(name);
    await until(async () => (await demo.prometheus.query(hasHappened)).length > 0, {
      what: hasHappened,
      everyMs: 500,
    });
    const at = await now();
    for (const [, dashboard] of built) {
      const values = await reader.resolve(dashboard, 'All');
      const ask = async ({ target }: Question) => {
        await reader.run(target, values, at);
        return [];
      };
      expect(await complaintsOf(dashboard, 'All', ask)).toEqual([]);
    }
    demo.stage.mend();
  });
});

type Complaints = Promise<readonly string[]>;
