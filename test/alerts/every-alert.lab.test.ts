import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Play, play } from '../../src/demo/scenario.ts';
import { findScenario, scenarios } from '../../src/demo/scenarios/index.ts';
import { describeLab, until } from '../labs/lab.ts';
import { type Deed, isDeed, type Proof, proofs } from './proof/faults.ts';
import { startWatchedChain, type WatchedChain } from './watched-chain.ts';

/** A fault is repaired after half an hour of the rack's time, which is a minute of the test's. */
const SPEED = 30;
const PATIENCE_MS = 55_000;

/** Faults that hide nothing from one another happen together; what takes a member, a quorum or all comes later. */
const later = [
  ['member-dies', 'route-missing', 'member-blocked'],
  ['healed-alive', 'northd-stuck', 'bmc-silent'],
  ['evacuated-member-dies', 'filesystem-down', 'copies-lost'],
  ['two-in-maintenance', 'quorum-lost', 'raft-lost', 'transit-lost'],
  ['all-dark', 'bad-configuration', 'insight-throws', 'rule-fails', 'way-out-dead'],
  ['replica-stops'],
  ['rackwatch-stops'],
];
const used = new Set(proofs.map(({ by }) => by));
const first = scenarios.map(({ name }) => name).filter((name) => used.has(name) && !later.flat().includes(name));
const scenes = [['nothing', ...first], ...later];

interface Firing {
  readonly labels: Readonly<Record<string, string>>;
}

const isOf = ({ alert, labels }: Proof, { labels: found }: Firing): boolean =>
  found['alertname'] === alert && Object.entries(labels).every(([name, value]) => found[name] === value);

const expectedOf = (scene: readonly string[]): readonly Proof[] => proofs.filter(({ by }) => scene.includes(by));

describeLab('alertmanager', () => {
  let chain: WatchedChain;

  beforeAll(async () => {
    chain = await startWatchedChain(SPEED);
    const isSeen = async () => (await chain.prometheus.query('rackwatch_target_up == 1')).length >= 26;
    await until(isSeen, { what: 'Prometheus sees all targets at both addresses', timeoutMs: 90_000 });
  });

  afterAll(async () => {
    await chain?.close();
  });

  const firing = async (): Promise<readonly Firing[]> => {
    const results = await chain.prometheus.query('ALERTS{alertstate="firing"}');
    return results.map(({ metric }) => ({ labels: metric }));
  };

  const act: Readonly<Record<Deed, () => Promise<void> | void>> = {
    nothing: () => undefined,
    'replica-stops': () => chain.rack.stopAnswering(1),
    'rackwatch-stops': () => chain.rack.stopAnswering(0),
    'bad-configuration': () => chain.rack.spoilConfiguration(),
    'insight-throws': () => chain.rack.breakInsight(),
    'rule-fails': () => chain.loadFailingRule(),
    'way-out-dead': () => chain.closeReceivers(),
  };

  /** Begins everything of a scene at once. */
  async function begin(scene: readonly string[]): Promise<readonly Play[]> {
    const { rack } = chain;
    const plays = scene.filter((name) => !isDeed(name)).map((name) => play(rack.state, findScenario(name)));
    for (const name of scene) if (isDeed(name)) await act[name]();
    await until(() => plays.every(({ told }) => told.length > 0), { what: 'every fault has begun' });
    return plays;
  }

  /** Seconds from the beginning of the scene until each alert was seen to fire. */
  async function follow(expected: readonly Proof[]): Promise<ReadonlyMap<string, number>> {
    const seen = new Map<string, number>();
    const began = performance.now();
    const areAllSeen = async () => {
      const now = await firing();
      for (const proof of expected) {
        if (!seen.has(proof.alert) && now.some((one) => isOf(proof, one)))
          seen.set(proof.alert, (performance.now() - began) / 1000);
      }
      return seen.size === expected.length;
    };
    await until(areAllSeen, { what: '', timeoutMs: PATIENCE_MS, everyMs: 500 }).catch(() => undefined);
    return seen;
  }

  test('the copies of the shipped files differ in addresses, secrets and durations only', () => {
    expect(chain.differences).toEqual([]);
  });

  test('every alert has a scene of its own', () => {
    expect(scenes.flatMap(expectedOf).map(({ alert }) => alert)).toHaveLength(proofs.length);
  });

  describe.each(scenes.map((scene) => ({ scene, expected: expectedOf(scene) })))('$scene', ({ expected, scene }) => {
    let before: readonly string[] = [];

    beforeAll(async () => {
      const isOver = async () => {
        before = (await firing())
          .flatMap((one) => expected.filter((proof) => isOf(proof, one)))
          .map(({ alert }) => alert);
        return before.every((alert) => alert === 'Watchdog');
      };
      await until(isOver, { what: '', timeoutMs: PATIENCE_MS, everyMs: 500 }).catch(() => undefined);
    });

    test('fires nothing before its faults, and every alert of theirs after', { timeout: 120_000 }, async () => {
      expect(before.filter((alert) => alert !== 'Watchdog')).toEqual([]);
      const plays = await begin(scene);
      if (scene === scenes[0]) await chain.rack.reload();
      const seen = await follow(expected);
      for (const one of plays) one.stop();
      chain.rack.state.mendAll();
      const missing = expected.filter(({ alert }) => !seen.has(alert));
      for (const { alert, by } of expected) {
        process.stdout.write(`${alert}: by ${by} after ${seen.get(alert)?.toFixed(1) ?? '-'} s\n`);
      }
      expect(missing.map(({ alert, by }) => `${alert} by ${by}`)).toEqual([]);
    });
  });
});
