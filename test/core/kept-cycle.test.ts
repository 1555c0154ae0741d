import pino from 'pino';
import { expect, test } from 'vitest';
import { runCycle } from '../../src/core/cycle.ts';
import { expose } from '../../src/core/exposition.ts';
import type { KeptStage } from '../../src/core/kept-stage.ts';
import { gauge } from '../../src/core/metric.ts';
import type { Collector } from '../../src/core/source.ts';

const value = gauge('value', { help: 'A value.', labels: ['of'] });

type Collect = Collector<undefined, object>['collect'];

/** Cycles of one target whose text is kept. */
function cyclesOf(timeoutMs = 60_000) {
  const keptStages = new Map<string, KeptStage>();
  return async (collect: Collect) => {
    const snapshot = await runCycle<undefined>({
      ...{ source: 's', target: 't', client: undefined, config: {}, timeoutMs, keptStages },
      collectors: [{ name: 'things', help: '', metrics: [value], collect }],
      log: pino({ level: 'silent' }),
      clock: { now: () => 0 },
    });
    return { snapshot, text: () => Buffer.concat(expose(snapshot.stages)).toString(), ...snapshot.outcomes[0] };
  };
}

const emitting =
  (values: Readonly<Record<string, number>>): Collect =>
  async ({ emit }) => {
    for (const [of, number] of Object.entries(values)) emit(value, { of }, number);
    return undefined;
  };

const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('value{'));

test('each cycle shows what was emitted in it, and an earlier snapshot stays as it was', async () => {
  const cycle = cyclesOf();
  const first = await cycle(emitting({ a: 1, b: 2 }));
  const second = await cycle(emitting({ a: 1, b: 3, c: 4 }));
  const third = await cycle(emitting({ c: 4 }));
  expect(lines(first.text())).toEqual(['value{of="a"} 1', 'value{of="b"} 2']);
  expect(lines(second.text())).toEqual(['value{of="a"} 1', 'value{of="b"} 3', 'value{of="c"} 4']);
  expect(lines(third.text())).toEqual(['value{of="c"} 4']);
});

test('what has not changed is not rendered again', async () => {
  const cycle = cyclesOf();
  const [first, second] = [await cycle(emitting({ a: 1, b: 2 })), await cycle(emitting({ a: 1, b: 2 }))];
  const chunkOf = ({ snapshot }: typeof first) => snapshot.stages[0]?.get('value')?.chunks[0];
  expect(chunkOf(first)).toBeInstanceOf(Buffer);
  expect(chunkOf(second)).toBe(chunkOf(first));
});

test('series that are emitted twice are counted in the cycle where they were', async () => {
  const cycle = cyclesOf();
  const twice: Collect = async (input) => {
    await emitting({ a: 1 })(input);
    return emitting({ a: 2 })(input);
  };
  expect((await cycle(twice)).repeats).toBe(1);
  expect((await cycle(emitting({ a: 1 }))).repeats).toBe(0);
});

test('nothing of a cycle that failed is shown in the next one', async () => {
  const cycle = cyclesOf();
  await cycle(emitting({ a: 1 }));
  const failed = await cycle(async (input) => {
    await emitting({ a: 7, half: 1 })(input);
    throw new Error('oops');
  });
  expect(failed.failure?.message).toBe('oops');
  expect(failed.text()).toBe('');
  expect(lines((await cycle(emitting({ a: 1 }))).text())).toEqual(['value{of="a"} 1']);
});

test('a collector that was left behind does not write into a later cycle', async () => {
  const cycle = cyclesOf(20);
  let goOn = () => {};
  const late: Collect = async (input) => {
    await new Promise<void>((resolve) => (goOn = resolve));
    return emitting({ late: 1 })(input);
  };
  expect((await cycle(late)).failure?.code).toBe('timeout');
  const next = await cycle(async (input) => {
    goOn();
    await new Promise(setImmediate);
    return emitting({ a: 1 })(input);
  });
  expect(lines(next.text())).toEqual(['value{of="a"} 1']);
});

test('text that arrives ready made is refused', async () => {
  const { failure } = await cyclesOf()(async ({ family }) => {
    family(value);
    return undefined;
  });
  expect(failure).toMatchObject({ code: 'internal', message: expect.stringContaining('ready made') });
});
