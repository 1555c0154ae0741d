import pino from 'pino';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { App } from '../../../src/app.ts';
import { examine } from '../../../src/cli/doctor/examination.ts';
import type { Report } from '../../../src/cli/doctor/report.ts';
import { parseConfig } from '../../../src/config/problems.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { SourceError } from '../../../src/core/errors.ts';
import { defineInsight } from '../../../src/core/insight.ts';
import { gauge } from '../../../src/core/metric.ts';
import { type Collector, defineSource, type TargetDescription } from '../../../src/core/source.ts';

type Outcome = SourceError | undefined;

interface Fake {
  /** By target, what each collector does. */
  readonly targets: Readonly<Record<string, Readonly<Record<string, Outcome>>>>;
  readonly description?: TargetDescription;
}

const tolerated = gauge('rackwatch_redundancy_faults_tolerated', { help: '', labels: ['component', 'member', 'name'] });

const telling = defineInsight({
  name: 'telling',
  help: 'Tells.',
  metrics: [tolerated],
  derive: ({ emit }) => emit(tolerated, { component: 'psu', member: 'a', name: '' }, 0),
});

const faulty = defineInsight({
  name: 'faulty',
  help: 'What it would tell.',
  metrics: [tolerated],
  derive: ({ emit }) => {
    emit(tolerated, { component: 'fan', member: 'a', name: '' }, 0);
    throw new Error('a fault');
  },
});

const collector = (name: string): Collector<Readonly<Record<string, Outcome>>, object> => ({
  name,
  help: `Help of ${name}.`,
  metrics: [],
  isWitness: name === 'witness',
  collect: async ({ client }) => {
    if (client[name]) throw client[name];
    return undefined;
  },
});

async function examineFake({ description, targets }: Fake, insights = [telling]): Promise<Report> {
  const source = defineSource({
    name: 'fake',
    configSchema: z.strictObject({}),
    open: () => {
      const specs = Object.entries(targets).map(([name, client]) => ({ name, client }));
      return { targets: () => specs, close: async () => undefined };
    },
    ...(description ? { describe: async () => description } : {}),
    collectors: ['things', 'disks', 'witness'].map(collector),
  });
  const config = parseConfig(configSchema([source], insights), 'sources: { fake: {} }', 'test');
  const app = new App({ config, sources: [source], insights, log: pino({ level: 'silent' }) });
  try {
    return await examine(app, [source], insights);
  } finally {
    await app.close();
  }
}

const forbidden = new SourceError('forbidden', 'you may not');

test('a target that is up says its version and clock, to the second', async () => {
  const report = await examineFake({
    targets: { a: {} },
    description: { version: '1.2', clockOffsetSeconds: -0.4 },
  });
  expect(report).toEqual({
    version: expect.any(String),
    ok: true,
    targets: [
      {
        source: 'fake',
        target: 'a',
        reached: true,
        code: null,
        reason: null,
        version: '1.2',
        clock_offset_seconds: 0,
        took_seconds: expect.any(Number),
        unreached_addresses: [],
      },
    ],
    missing: [],
    joins: [],
    next_failure: {
      known: true,
      redundancy: [
        {
          component: 'psu',
          member: 'a',
          name: null,
          current: null,
          expected: null,
          minimum: null,
          faults_tolerated: 0,
        },
      ],
      member_loss: [],
      osd_loss: [],
    },
  });
});

test('an address that does not answer counts, although the target does', async () => {
  const unreached = [{ address: 'tcp:10.0.0.19:6641', code: 'connect' }] as const;
  const report = await examineFake({ targets: { a: {} }, description: { unreached } });
  expect(report.targets[0]).toMatchObject({ reached: true, unreached_addresses: unreached });
  expect(report.ok).toBe(false);
});

test('a source that cannot describe itself has neither', async () => {
  const { targets } = await examineFake({ targets: { a: {} } });
  expect(targets[0]).toMatchObject({ version: null, clock_offset_seconds: null });
});

test('what fails of targets that are up is one entry a collector and reason, with what it would give', async () => {
  const report = await examineFake({
    targets: {
      a: { disks: forbidden },
      b: { disks: forbidden },
      c: { disks: new SourceError('unsupported', 'too old') },
      d: {},
    },
  });
  expect(report.ok).toBe(false);
  expect(report.targets.map(({ reached }) => reached)).toEqual([true, true, true, true]);
  expect(report.missing).toEqual([
    {
      source: 'fake',
      collector: 'disks',
      code: 'forbidden',
      reason: 'you may not',
      lost: 'Help of disks.',
      targets: ['a', 'b'],
    },
    {
      source: 'fake',
      collector: 'disks',
      code: 'unsupported',
      reason: 'too old',
      lost: 'Help of disks.',
      targets: ['c'],
    },
  ]);
});

test('a target that is down has a reason, a refusal before a silence, and nothing else is said of it', async () => {
  const silence = new SourceError('timeout', 'not done in time');
  const report = await examineFake({
    targets: {
      a: { things: silence, disks: new SourceError('auth', 'wrong password') },
      b: { things: silence, disks: silence },
    },
  });
  expect(report.targets.map(({ code, reached, reason }) => [reached, code, reason])).toEqual([
    [false, 'auth', 'wrong password'],
    [false, 'timeout', 'not done in time'],
  ]);
  expect(report.missing).toEqual([]);
  expect(report.ok).toBe(false);
});

test('an insight that fails is missing, and takes nothing of another with it', async () => {
  const report = await examineFake({ targets: { a: {} } }, [faulty, telling]);
  expect(report.missing).toEqual([
    {
      source: 'insights',
      targets: [],
      collector: 'faulty',
      code: 'internal',
      reason: 'a fault',
      lost: 'What it would tell.',
    },
  ]);
  expect(report.next_failure.redundancy.map(({ component }) => component)).toEqual(['psu']);
});
