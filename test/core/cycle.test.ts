import pino from 'pino';
import { expect, test } from 'vitest';
import { runCycle } from '../../src/core/cycle.ts';
import { SourceError } from '../../src/core/errors.ts';
import { expose } from '../../src/core/exposition.ts';
import { gauge } from '../../src/core/metric.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { Collector } from '../../src/core/source.ts';

type AnyCollector = Collector<string, object>;

const value = gauge('value', { help: 'A value.', labels: ['of'] });

const collector = (name: string, collect: AnyCollector['collect']): AnyCollector => ({
  name,
  help: '',
  metrics: [value],
  collect,
});

const good = collector('good', async ({ client, emit }) => {
  emit(value, { of: client }, 1);
  return { good: true };
});

function run(collectors: AnyCollector[], timeoutMs = 60_000, log = pino({ level: 'silent' }), last?: Snapshot) {
  let now = 1000;
  return runCycle({
    source: 's',
    target: 't',
    collectors,
    client: 'the client',
    config: { key: 'the config' },
    timeoutMs,
    log,
    last,
    clock: { now: () => (now += 500) },
  });
}

const textOf = (snapshot: Awaited<ReturnType<typeof run>>) => Buffer.concat(expose(snapshot.stages)).toString();

test('a cycle gives the samples and facts of all its collectors', async () => {
  const other = collector('other', async ({ config, emit }) => {
    emit(value, { of: (config as { key: string }).key }, 2);
    return { other: 1 };
  });
  const silent = collector('silent', async () => undefined);
  const snapshot = await run([good, other, silent]);
  expect(textOf(snapshot)).toContain('value{of="the client"} 1\nvalue{of="the config"} 2\n');
  expect(snapshot.facts).toEqual({ good: true, other: 1 });
  expect(snapshot).toMatchObject({ source: 's', target: 't' });
  expect(snapshot.outcomes.map((outcome) => outcome.collector)).toEqual(['good', 'other', 'silent']);
  expect(snapshot.outcomes.every((outcome) => !outcome.failure && outcome.durationSeconds > 0)).toBe(true);
  expect(snapshot.durationSeconds).toBe((snapshot.takenAt - 1500) / 1000);
});

test('text that each collector gave in the last cycle as well is held once, whoever failed then', async () => {
  const other = collector('other', async ({ emit }) => emit(value, { of: 'other' }, 2) as undefined);
  const fails = collector('fails', () => Promise.reject(new Error('no')));
  const last = await run([fails, good, other]);
  const next = await run([good, fails, other], undefined, undefined, last);
  expect(next.stages).toHaveLength(2);
  for (const [index, stage] of next.stages.entries()) expect(stage).toBe(last.stages[index]);
});

test('a collector that fails loses all of its samples and facts, and nobody else loses any', async () => {
  const fails = collector('fails', async ({ emit }) => {
    emit(value, { of: 'half' }, 1);
    throw new SourceError('auth', 'wrong password');
  });
  const snapshot = await run([fails, good]);
  expect(textOf(snapshot)).toBe('# HELP value A value.\n# TYPE value gauge\nvalue{of="the client"} 1\n');
  expect(snapshot.facts).toEqual({ good: true });
  expect(snapshot.outcomes[0]).toMatchObject({
    collector: 'fails',
    failure: { code: 'auth', message: 'wrong password' },
  });
  expect(snapshot.outcomes[1]).not.toHaveProperty('failure');
});

test('a collector that throws before it has begun, or throws no error, is no different', async () => {
  const sync = collector('sync', () => {
    throw new TypeError('oops');
  });
  const odd = collector('odd', () => Promise.reject('a string'));
  const { outcomes, facts } = await run([sync, odd, good]);
  expect(outcomes.map((outcome) => outcome.failure)).toEqual([
    { code: 'internal', message: 'oops' },
    { code: 'internal', message: 'a string' },
    undefined,
  ]);
  expect(facts).toEqual({ good: true });
});

test('a collector that ignores its signal is left behind, and what it does later changes nothing', async () => {
  let release = () => {};
  let aborted = false;
  const hangs = collector('hangs', async ({ emit, signal }) => {
    signal.addEventListener('abort', () => (aborted = true));
    emit(value, { of: 'early' }, 1);
    await new Promise<void>((resolve) => (release = resolve));
    emit(value, { of: 'late' }, 1);
    throw new Error('late as well');
  });
  const snapshot = await run([hangs, good], 20);
  expect(snapshot.outcomes[0]?.failure).toEqual({ code: 'timeout', message: 'not done within 0.02 s' });
  expect(aborted).toBe(true);
  const before = textOf(snapshot);
  release();
  await new Promise(setImmediate);
  expect(textOf(snapshot)).toBe(before);
  expect(before).not.toContain('early');
});

test('the time limit goes on after the cycle only for what a failed collector has left behind', async () => {
  const signals: AbortSignal[] = [];
  const watches = collector('watches', async ({ signal }) => {
    signals.push(signal);
    return undefined;
  });
  const fails = collector('fails', () => Promise.reject(new Error('oops')));
  await run([watches], 20);
  await run([watches, fails], 20);
  const [whole, broken] = signals as [AbortSignal, AbortSignal];
  if (!broken.aborted) await new Promise((resolve) => broken.addEventListener('abort', resolve));
  expect(whole.aborted).toBe(false);
});

test('what a collector throws because its time is over is a time-out', async () => {
  const stops = collector(
    'stops',
    ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  const knows = collector(
    'knows',
    ({ signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new SourceError('closed', 'while reading osd.3'))),
      ),
  );
  const { outcomes } = await run([stops, knows], 20);
  expect(outcomes.map(({ failure }) => failure?.code)).toEqual(['timeout', 'timeout']);
  expect(outcomes[1]?.failure?.message).toBe('while reading osd.3');
});

test('a failure before the time is over keeps its own code', async () => {
  const closed = collector('closed', () => Promise.reject(new SourceError('closed', 'stopping')));
  expect((await run([closed])).outcomes[0]?.failure?.code).toBe('closed');
});

test('series that are emitted twice are reported', async () => {
  const twice = collector('twice', async ({ emit }) => {
    for (let i = 0; i < 3; i++) emit(value, { of: 'x' }, i);
    return undefined;
  });
  expect((await run([twice])).outcomes[0]?.repeats).toBe(2);
});

test('what a collector logs names it, and for one that logs nothing no logger is made', async () => {
  const lines: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(line) });
  const children: unknown[] = [];
  log.onChild = (child) => void children.push(child.bindings());
  const talks = collector('talks', async (input) => {
    input.log.info('hello');
    return undefined;
  });
  await run([good, talks], 60_000, log);
  expect(lines).toEqual(['{"level":30,"collector":"talks","msg":"hello"}\n']);
  expect(children).toEqual([{ collector: 'talks' }]);
});
