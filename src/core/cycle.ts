import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { codeOf, describeError, SourceError } from './errors.ts';
import { keepEqual } from './keep-equal.ts';
import { KeptStage } from './kept-stage.ts';
import type { Emit } from './metric.ts';
import { type CollectorOutcome, type Families, familiesOf, type Snapshot, Stage } from './snapshot.ts';
import type { CollectInput, Collector } from './source.ts';

export interface CycleInput<Client> {
  readonly source: string;
  readonly target: string;
  readonly collectors: readonly Collector<Client, object>[];
  readonly client: Client;
  readonly config: unknown;
  readonly timeoutMs: number;
  readonly log: Logger;
  readonly clock: Clock;
  /** The last cycle's: facts that are equal to its own stay the same objects, and equal text the same memory. */
  readonly last?: Snapshot | undefined;
  /** By collector, where the target's text is kept from cycle to cycle. */
  readonly keptStages?: Map<string, KeptStage> | undefined;
}

/**
 * Runs every collector of one target, all at once. A collector that throws, or that is not done in time, loses its own
 * samples and facts and nobody else's; a collector that ignores its signal is left behind.
 */
export async function runCycle<Client>(input: CycleInput<Client>): Promise<Snapshot> {
  const { clock, collectors, source, target, timeoutMs } = input;
  const started = clock.now();
  const deadline = startDeadline(timeoutMs);
  const results = await Promise.all(collectors.map((collector) => runCollector(collector, input, deadline.signal)));
  // What a failed one has left behind ends when the time is over.
  if (results.every(({ families }) => families)) deadline.clear();
  const takenAt = clock.now();
  return {
    source,
    target,
    takenAt,
    durationSeconds: (takenAt - started) / 1000,
    outcomes: results.map((result) => result.outcome),
    stages: results.flatMap((result) => result.families ?? []),
    facts: keepEqual(input.last?.facts, Object.assign({}, ...results.map((result) => result.facts))),
  };
}

/** What AbortSignal.timeout gives, without making an error, and its stack, in every cycle. */
const timeOver = new DOMException('the time of the cycle is over', 'TimeoutError');

function startDeadline(timeoutMs: number): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  // Every collector and every request waits on it; Node takes more than ten for a leak, and warns on stderr.
  setMaxListeners(0, controller.signal);
  const timer = setTimeout(() => controller.abort(timeOver), timeoutMs).unref();
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

interface CollectorResult {
  readonly outcome: CollectorOutcome;
  readonly families?: Families;
  readonly facts?: object | undefined;
}

async function runCollector<Client>(
  collector: Collector<Client, object>,
  input: CycleInput<Client>,
  signal: AbortSignal,
): Promise<CollectorResult> {
  const { clock, keptStages, last, timeoutMs } = input;
  const stage = openStage(collector.name, keptStages);
  const started = clock.now();
  const outcome = () => ({
    collector: collector.name,
    durationSeconds: (clock.now() - started) / 1000,
    repeats: stage.repeats,
    ...(collector.isWitness ? { isWitness: true } : {}),
  });
  try {
    const work = collector.collect(new Input(collector, input, stage, signal));
    const facts = await withinDeadline(work, signal, timeoutMs);
    // Before sealing, which begins to count anew where text is kept.
    const done = outcome();
    return { outcome: done, families: stage.seal(last && familiesOf(last, collector.name)), facts };
  } catch (error) {
    // One that was left behind may go on writing.
    keptStages?.delete(collector.name);
    return { outcome: { ...outcome(), failure: { code: codeOf(error), message: describeError(error) } } };
  }
}

/** A class, because every object that is written with a getter in it costs V8 a hidden class, which keeps all it sees. */
class Input<Client> implements CollectInput<Client> {
  readonly client: Client;
  readonly config: unknown;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  readonly family: Stage['family'];
  readonly clock: Clock;
  readonly #collector: string;
  readonly #log: Logger;

  constructor(
    { name }: Collector<Client, object>,
    { client, clock, config, log }: CycleInput<Client>,
    stage: Stage | KeptStage,
    signal: AbortSignal,
  ) {
    this.client = client;
    this.config = config;
    this.signal = signal;
    this.emit = stage.emit;
    this.family = stage instanceof Stage ? stage.family : refuseText;
    this.clock = clock;
    this.#collector = name;
    this.#log = log;
  }

  /** Made when asked for: most collectors log nothing, and to make one costs as much as to emit many series. */
  get log(): Logger {
    return this.#log.child({ collector: this.#collector });
  }
}

function openStage(collector: string, keptStages: CycleInput<unknown>['keptStages']): Stage | KeptStage {
  if (!keptStages) return new Stage();
  const stage = keptStages.get(collector) ?? new KeptStage();
  keptStages.set(collector, stage);
  return stage;
}

function refuseText(): never {
  throw new TypeError('only samples can be kept, no text that arrives ready made');
}

async function withinDeadline<T>(work: Promise<T>, signal: AbortSignal, timeoutMs: number): Promise<T> {
  let onAbort: (() => void) | undefined;
  const late = new Promise<never>((_, reject) => {
    onAbort = () => reject(new SourceError('timeout', `not done within ${timeoutMs / 1000} s`));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    // What a collector throws because its time is over is the time-out, whatever it calls it.
    if (signal.aborted && ['closed', 'timeout'].includes(codeOf(error)))
      throw new SourceError('timeout', describeTimeout(error, timeoutMs), { cause: error });
    throw error;
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}

const describeTimeout = (error: unknown, timeoutMs: number): string =>
  error instanceof SourceError ? error.message : `not done within ${timeoutMs / 1000} s`;
