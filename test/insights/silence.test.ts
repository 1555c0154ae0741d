import fc from 'fast-check';
import { expect, test } from 'vitest';
import { healed } from '../../src/insights/healed.ts';
import { instances } from '../../src/insights/instances.ts';
import { maintenance } from '../../src/insights/maintenance.ts';
import { derive, type Reach } from './facts.ts';

const name = fc.constantFrom('m1', 'm2', 'm3');
const at = fc.integer({ min: 1, max: 3000 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const members = fc.uniqueArray(
  fc.record({ name, status: fc.constantFrom('online', 'offline', 'evacuated', 'blocked'), url: fc.constant('') }),
  { selector: (one) => one.name },
);
const lxd = fc.record({
  members: maybe(members),
  maintenance: maybe(
    fc.array(fc.record({ member: name, kind: fc.constantFrom('evacuating', 'restoring'), startedAt: at })),
  ),
  histories: maybe(
    fc.array(
      fc.record({ member: name, startedAt: maybe(at), seenAt: maybe(at), evacuatedAt: maybe(at), healedAt: maybe(at) }),
    ),
  ),
  healingAfterSeconds: maybe(fc.constantFrom(0, 60)),
  silences: maybe(fc.array(fc.record({ member: name, since: at }))),
  instances: maybe(
    fc.uniqueArray(
      fc.record({
        project: fc.constant('web'),
        name: fc.constantFrom('a', 'b', 'c'),
        kind: fc.constantFrom('container', 'virtual-machine'),
        member: name,
        state: fc.constantFrom('running', 'stopped', 'error', 'frozen'),
        evacuateOrigin: maybe(name),
        lastUsedAt: maybe(at),
        autostart: maybe(fc.boolean()),
        configUnknown: fc.constantFrom(true as const, undefined),
        lastPowerRunning: fc.boolean(),
      }),
      { selector: (one) => one.name },
    ),
  ),
});
const bmc = fc.record({ member: name, reachable: maybe(fc.boolean()), powerOn: maybe(fc.boolean()) });
const reach = fc.dictionary(name, fc.boolean()).map((targets): Reach => ({ lxd: targets }));

const all = (facts: Record<string, object>, reached: Reach) =>
  [maintenance, healed, instances].flatMap((insight) => derive(insight, facts, {}, reached));
const value = (lines: readonly string[], series: string) =>
  lines.find((line) => line.startsWith(`${series} `))?.split(' ')[1];

test('a silent source gives no sample', () => {
  fc.assert(
    fc.property(lxd, bmc, reach, (knownLxd, knownBmc, reached) => {
      expect(all({ bmc: knownBmc }, reached)).toEqual([]);
      expect(derive(healed, { lxd: knownLxd }, {}, reached)).toEqual([]);
      const { instances: _list, ...without } = knownLxd;
      expect(derive(instances, { lxd: without }, {}, reached)).toEqual([]);
    }),
  );
});

type Known = typeof lxd extends fc.Arbitrary<infer T> ? T : never;

test('only members that LXD lists have samples', () => {
  fc.assert(
    fc.property(lxd, bmc, reach, (known, knownBmc, reached) => {
      const lines = all({ lxd: known, bmc: knownBmc }, reached).filter((one) => one.startsWith('rackwatch_member_'));
      const listed = new Set(known.members?.map((one) => one.name));
      for (const line of lines) expect(listed).toContain(/member="(\w+)"/.exec(line)?.[1]);
    }),
  );
});

test('what is said of a member agrees with itself', () => {
  const check = (lines: readonly string[], member: string, known: Known, poweredMember: string | undefined) => {
    const series = (family: string, more = '') => `rackwatch_member_${family}{member="${member}"${more}}`;
    const inMaintenance = value(lines, series('maintenance'));
    if (value(lines, series('maintenance_start_timestamp_seconds'))) expect(inMaintenance).toBe('1');
    if (value(lines, series('healed_while_powered')) === '1') expect(poweredMember).toBe(member);
    if (!known.maintenance || inMaintenance === undefined) return;
    const present = ['evacuating', 'evacuated', 'restoring'].filter(
      (phase) => value(lines, series('maintenance_phase', `,phase="${phase}"`)) === '1',
    );
    expect(present).toHaveLength(Number(inMaintenance));
  };
  fc.assert(
    fc.property(lxd, bmc, reach, (known, knownBmc, reached) => {
      const lines = all({ lxd: known, bmc: knownBmc }, reached);
      for (const { name: member } of known.members ?? [])
        check(lines, member, known, knownBmc.powerOn ? knownBmc.member : undefined);
    }),
  );
});

test('what is down was expected to run, and nothing is known of what is on a member that is away', () => {
  fc.assert(
    fc.property(lxd, reach, (known, reached) => {
      const lines = derive(instances, { lxd: known }, {}, reached);
      for (const one of known.instances ?? []) {
        const labels = `{project="web",name="${one.name}",member="${one.member}"}`;
        const down = value(lines, `rackwatch_instance_down${labels}`);
        if (down === '1') expect(value(lines, `rackwatch_instance_expected_running${labels}`)).toBe('1');
        if (one.state === 'error') expect(down).toBeUndefined();
      }
    }),
  );
});
