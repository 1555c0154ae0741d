import fc from 'fast-check';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { runCycle } from '../../../../src/core/cycle.ts';
import { expose } from '../../../../src/core/exposition.ts';
import { buildResources } from '../../../../src/demo/bmc/redfish-resources.ts';
import { bmc as source } from '../../../../src/sources/bmc/index.ts';
import { type RedfishFake, startRedfish } from '../../../fakes/bmc/redfish.ts';

let fake: RedfishFake;
beforeAll(async () => {
  fake = await startRedfish({ maxBodyBytes: 1_000_000 });
});
afterEach(() => {
  fake.faults.clear();
  // Modules and log are read again.
  fake.clock.time += 300_000;
});
afterAll(() => fake.close());

/** One whole cycle of the source: the page, and what failed of it. */
async function cycle() {
  const { failures, text } = await collect();
  // Whatever the BMC says, it is told in the words of the closed list, and is not our fault.
  expect(failures.filter((code) => !['protocol', 'unsupported', 'too_large', 'connect'].includes(code))).toEqual([]);
  expect(text).not.toMatch(/ (NaN|[+-]Inf)$/m);
  return text;
}

async function collect() {
  const snapshot = await runCycle({
    source: 'bmc',
    target: 'abydos',
    collectors: source.collectors,
    client: { member: 'abydos', address: '192.0.2.1', bmc: fake.bmc },
    config: {},
    timeoutMs: 60_000,
    log: pino({ level: 'silent' }),
    clock: { now: () => Date.now() },
  });
  const failures = snapshot.outcomes.flatMap(({ failure }) => failure?.code ?? []);
  return { failures, text: Buffer.concat(expose(snapshot.stages)).toString() };
}

/** Every resource that a cycle asks for, and the words in them. */
async function learn() {
  fake.clock.time += 300_000;
  fake.log.length = 0;
  await cycle();
  const paths = [...new Set(fake.log.map((line) => line.replace(/^GET /, '')))];
  const all = buildResources(fake.board) as Record<string, object>;
  const resources = new Map(
    paths.map((path) => [path, all[path.replace(/\?.*$/, '').replace(/(?<=.)\/$/, '')] ?? {}] as const),
  );
  const words = new Set([...resources.values()].flatMap((resource) => keysOf(resource)));
  return { paths, resources, words: [...words] };
}

const keysOf = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, each]) => [key, ...keysOf(each)])
    : [];

/** JSON of any shape, out of the words that the parsers look for. No number in it is 0, so a 0 would be invented. */
const json = (words: readonly string[], paths: readonly string[]) =>
  fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<unknown>(null, true, false, '', '0', 'OK', 'Absent', 'Enabled', 'Percent', 'NaN'),
      fc.constantFrom(1, -273.15, 1e308, 1.7e308, -1.7e308, 5e-324),
      fc.constantFrom(...paths).map((path) => ({ '@odata.id': path })),
      fc.string({ maxLength: 8 }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 })), tie('value'), { maxKeys: 6 }),
    ),
  })).value;

const zeros = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => /^bmc_(temperature|fan_speed|voltage|power|psu_\w+_power)_?\w*\{.* -?0$/.test(line));

test('a resource of any shape in place of any other costs what it holds, and nothing is invented', async () => {
  const { paths, words } = await learn();
  expect(paths.length).toBeGreaterThan(10);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), json(words, paths), async (path, body) => {
      fake.faults.clear();
      fake.clock.time += 300_000;
      fake.faults.set(path, (response) => void response.end(JSON.stringify(body)));
      expect(zeros(await cycle())).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('a property of any shape in place of any other', async () => {
  const { paths, resources, words } = await learn();
  const change = (value: unknown, at: number, other: unknown): unknown => {
    let left = at;
    const visit = (each: unknown): unknown => {
      if (left-- === 0) return other;
      if (Array.isArray(each)) return each.map(visit);
      if (typeof each !== 'object' || each === null) return each;
      return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, visit(inner)]));
    };
    return visit(value);
  };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.nat(200), json(words, paths), async (path, at, other) => {
      fake.faults.clear();
      fake.clock.time += 300_000;
      const body = change(resources.get(path), at, other);
      fake.faults.set(path, (response) => void response.end(JSON.stringify(body)));
      expect(zeros(await cycle())).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('a body that is cut anywhere, or is longer than allowed', async () => {
  const { paths, resources } = await learn();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.nat(100), fc.boolean(), async (path, percent, isHuge) => {
      fake.faults.clear();
      fake.clock.time += 300_000;
      const whole = JSON.stringify(resources.get(path));
      const cut = whole.slice(0, Math.floor((whole.length * percent) / 101));
      fake.faults.set(path, (response) => void response.end(isHuge ? `{"a":"${'x'.repeat(1_000_001)}"}` : cut));
      const { failures } = await collect();
      expect(new Set(failures)).toEqual(new Set([isHuge ? 'too_large' : 'protocol']));
    }),
    { numRuns: 30 },
  );
});

test('a sum that no number can hold is not told', async () => {
  const body = (value: object) => (response: { end(text: string): void }) => void response.end(JSON.stringify(value));
  const chassis = { '@odata.id': '/redfish/v1/Chassis/1' };
  fake.faults.set('/redfish/v1/Chassis', body({ Members: [chassis, chassis] }));
  fake.faults.set('/redfish/v1/Chassis/1/Power', body({ PowerControl: [{ PowerConsumedWatts: 1.7e308 }] }));
  expect(await cycle()).not.toContain('bmc_power_consumption_watts{');
});
