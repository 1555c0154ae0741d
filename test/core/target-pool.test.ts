import pino from 'pino';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SourceError } from '../../src/core/errors.ts';
import { gauge } from '../../src/core/metric.ts';
import { type Collector, type DescribeInput, defineSource, type TargetSpec } from '../../src/core/source.ts';
import { type TargetFilter, TargetPool } from '../../src/core/target-pool.ts';

type Collect = (client: string) => Promise<undefined>;

interface FakeOptions {
  readonly name?: string;
  readonly specs?: readonly TargetSpec<string>[];
  readonly collect?: Collect;
  readonly collectors?: Readonly<Record<string, boolean>>;
  readonly scopes?: Readonly<Record<string, string>>;
}

const idle: Collect = async () => undefined;

/** A source whose clients are strings, and a record of what happened to it. */
function fake({ name = 'fake', specs = [], collect = idle, collectors = {}, scopes = {} }: FakeOptions) {
  const events: string[] = [];
  const collectorOf = (each: string): Collector<string, object> => ({
    name: each,
    help: '',
    metrics: [],
    ...(scopes[each] ? { scope: scopes[each] } : {}),
    collect: ({ client }) => {
      events.push(`${each} of ${client}`);
      return collect(client);
    },
  });
  const source = defineSource({
    name,
    configSchema: z.strictObject({}),
    open: () => ({ targets: () => specs, close: async () => void events.push('closed') }),
    collectors: ['things', 'disks'].map(collectorOf),
  });
  const settings = { min_age: 60_000, timeout: 60_000, stale_after: 60_000, collectors };
  return { source, settings, events };
}

const io = { log: pino({ level: 'silent' }), clock: { now: () => Date.now() } };
const spec = (name: string): TargetSpec<string> => ({ name, client: name });
const soon = () => Date.now() + 60_000;

test('every collector of every target is run, once while its snapshot is young', async () => {
  const one = fake({ specs: [spec('a'), spec('b')] });
  const pool = new TargetPool([one], io);
  await pool.read(soon());
  const views = await pool.read(soon());
  expect(one.events.sort()).toEqual(['disks of a', 'disks of b', 'things of a', 'things of b']);
  expect(views.map(({ source, target, up }) => [source, target, up])).toEqual([
    ['fake', 'a', true],
    ['fake', 'b', true],
  ]);
});

test('a collector runs where it belongs, and not when it is turned off', async () => {
  const scoped = fake({
    specs: [{ ...spec('whole'), scope: 'cluster' }, spec('a')],
    scopes: { disks: 'cluster' },
  });
  const off = fake({ name: 'off', specs: [spec('b')], collectors: { disks: false } });
  await new TargetPool([scoped, off], io).read(soon());
  expect(scoped.events.sort()).toEqual(['disks of whole', 'things of a']);
  expect(off.events).toEqual(['things of b']);
});

test.each<[Partial<TargetFilter>, string[]]>([
  [{}, ['a', 'b', 'c']],
  [{ sources: ['one'] }, ['a', 'b']],
  [{ targets: ['b', 'c'] }, ['b', 'c']],
  [{ sources: ['one', 'two'], targets: ['a'] }, ['a']],
  [{ sources: ['two'], targets: ['a'] }, []],
])('a filter chooses what is read and shown: %j', async (filter, expected) => {
  const [one, two] = [fake({ name: 'one', specs: [spec('a'), spec('b')] }), fake({ name: 'two', specs: [spec('c')] })];
  const pool = new TargetPool([one, two], io);
  const views = await pool.read(soon(), { sources: [], targets: [], ...filter });
  expect(views.map((view) => view.target)).toEqual(expected);
  expect(new Set([...one.events, ...two.events].map((event) => event.slice(-1)))).toEqual(new Set(expected));
});

test('targets that a cycle discovers are read in the same scrape; those that go are forgotten', async () => {
  const specs = [spec('seed')];
  const found = spec('found');
  const one = fake({
    specs,
    collect: async (client) => {
      if (client === 'seed' && !specs.includes(found)) specs.push(found);
      return undefined;
    },
  });
  const pool = new TargetPool([one], io);
  expect((await pool.read(soon())).map(({ target, up }) => [target, up])).toEqual([
    ['seed', true],
    ['found', true],
  ]);
  specs.splice(0, 1);
  expect(pool.views().map((view) => view.target)).toEqual(['found']);
  specs.push(spec('seed'));
  expect(pool.views().map(({ target, up }) => [target, up])).toEqual([
    ['found', true],
    ['seed', false],
  ]);
});

test('a target that hangs or fails does not hide another', async () => {
  const hangs = fake({ name: 'hangs', specs: [spec('x')], collect: () => new Promise(() => undefined) });
  const fails = fake({
    name: 'fails',
    specs: [spec('y')],
    collect: () => Promise.reject(new SourceError('auth', 'no')),
  });
  const works = fake({ name: 'works', specs: [spec('z')] });
  const views = await new TargetPool([hangs, fails, works], io).read(Date.now() + 100);
  expect(views.map(({ source, up }) => [source, up])).toEqual([
    ['hangs', false],
    ['fails', false],
    ['works', true],
  ]);
  expect(views[1]?.errorCounts.get('things')?.get('auth')).toBe(1);
});

test('closing closes every source; one that cannot be opened closes those before it', async () => {
  const [one, two] = [fake({ name: 'one' }), fake({ name: 'two' })];
  const pool = new TargetPool([one, two], io);
  expect(pool.sources).toEqual(['one', 'two']);
  await pool.close();
  expect([...one.events, ...two.events]).toEqual(['closed', 'closed']);

  const before = fake({ name: 'before' });
  const open = () => {
    throw new Error('no such key file');
  };
  const broken = { ...fake({}), source: { ...fake({}).source, open } };
  expect(() => new TargetPool([before, broken], io)).toThrow('no such key file');
  expect(before.events).toEqual(['closed']);
});

test('one that is retired answers those who wait before it closes', async () => {
  let answer = () => {};
  const asked = new Promise<undefined>((resolve) => {
    answer = () => resolve(undefined);
  });
  const slow = fake({ specs: [spec('a')], collect: () => asked });
  const pool = new TargetPool([slow], io);
  const read = pool.read(soon());
  const retired = pool.retire();
  expect(slow.events).not.toContain('closed');
  answer();
  expect((await read).map(({ up }) => up)).toEqual([true]);
  await retired;
  expect(slow.events.at(-1)).toBe('closed');
});

test('a collector that tells of the silence is shown, and is no sign of life', async () => {
  const up = gauge('fake_up', { help: 'Whether it answers.' });
  const silent = defineSource({
    name: 'fake',
    configSchema: z.strictObject({}),
    open: () => {
      const specs = [spec('a')];
      return { targets: () => specs, close: async () => undefined };
    },
    collectors: [
      {
        name: 'availability',
        help: '',
        metrics: [up],
        isWitness: true,
        collect: async ({ emit }) => {
          emit(up, {}, 0);
          return undefined;
        },
      },
      {
        name: 'things',
        help: '',
        metrics: [],
        collect: async () => {
          throw new SourceError('connect', 'nobody there');
        },
      },
    ],
  });
  const settings = { min_age: 0, timeout: 60_000, stale_after: 60_000, collectors: {} };
  const pool = new TargetPool([{ source: silent, settings }], io);
  const [view] = await pool.read(soon());
  expect(view?.up).toBe(false);
  expect(view?.snapshot?.stages.map((families) => [...families.keys()])).toEqual([['fake_up']]);
  const alone = new TargetPool([{ source: silent, settings: { ...settings, collectors: { things: false } } }], io);
  expect((await alone.read(soon()))[0]?.up).toBe(true);
});

test('what targets say of themselves is asked of those that are up, and one that cannot say is left out', async () => {
  const asked: string[] = [];
  const open = fake({
    specs: [spec('talks'), spec('fails'), spec('down')],
    collect: async (client) => {
      if (client === 'down') throw new SourceError('connect', 'nobody there');
      return undefined;
    },
  });
  const describe = async ({ client }: DescribeInput<string>) => {
    asked.push(client);
    if (client === 'fails') throw new SourceError('protocol', 'garbage');
    return { version: '1.2', clockOffsetSeconds: 3 };
  };
  const pool = new TargetPool(
    [{ ...open, source: { ...open.source, describe } }, fake({ name: 'mute', specs: [spec('x')] })],
    io,
  );
  await pool.read(soon());
  expect(await pool.describe()).toEqual([{ source: 'fake', target: 'talks', version: '1.2', clockOffsetSeconds: 3 }]);
  expect(asked).toEqual(['talks', 'fails']);
});

test('collectors get the names that the configuration has for members', async () => {
  const seen: unknown[] = [];
  const { settings, source } = fake({ specs: [spec('a')] });
  const collectors = source.collectors.slice(0, 1).map((collector) => ({
    ...collector,
    collect: async ({ config }: { config: unknown }) => {
      seen.push((config as { members: unknown }).members);
      return undefined;
    },
  }));
  const members = new Map([['node1', 'abydos']]);
  await new TargetPool([{ source: { ...source, collectors }, settings, members }], io).read(soon());
  await new TargetPool([{ source: { ...source, collectors }, settings }], io).read(soon());
  expect(seen).toEqual([members, new Map()]);
});

test('a target that must be let in begins when it is, and gives its place back even when its collectors fail', async () => {
  const events: string[] = [];
  let letIn = () => {};
  const turn = new Promise<void>((resolve) => {
    letIn = resolve;
  });
  const admit = async () => {
    events.push('asks');
    await turn;
    return () => void events.push('leaves');
  };
  const collect = async () => {
    events.push('collects');
    throw new SourceError('unavailable', 'no');
  };
  const pool = new TargetPool([fake({ specs: [{ ...spec('a'), admit }], collect, collectors: { disks: false } })], io);
  const reading = pool.read(soon());
  await Promise.resolve();
  expect(events).toEqual(['asks']);
  letIn();
  await reading;
  expect(events).toEqual(['asks', 'collects', 'leaves']);
});
