import type { Clock } from './clock.ts';
import { runCycle } from './cycle.ts';
import { SourceError } from './errors.ts';
import type { KeptStage } from './kept-stage.ts';
import type { Snapshot } from './snapshot.ts';
import type {
  AnySource,
  Discovered,
  Io,
  OpenSource,
  SourceSettings,
  TargetDescription,
  TargetSettings,
  TargetSpec,
} from './source.ts';
import { Target, type TargetView } from './target.ts';

/** A source of the configuration, not yet opened. */
export interface ConfiguredSource {
  readonly source: AnySource;
  readonly settings: SourceSettings;
  /** The member by the source's name for its host; none by default. */
  readonly members?: ReadonlyMap<string, string>;
}

export interface DescribedTarget extends TargetDescription {
  readonly source: string;
  readonly target: string;
}

/** Repeatable; an empty list lets everything through. */
export interface TargetFilter {
  readonly sources: readonly string[];
  readonly targets: readonly string[];
}

export const everything: TargetFilter = { sources: [], targets: [] };

/** The opened sources and their targets, in step with what the sources discover. */
export class TargetPool {
  readonly #rooms: readonly Room[];
  readonly #clock: Clock;

  constructor(configured: readonly ConfiguredSource[], io: Io) {
    this.#clock = io.clock;
    const rooms: Room[] = [];
    try {
      for (const { source, settings, members = new Map<string, string>() } of configured) {
        rooms.push(new Room(source, { ...settings, members }, io));
      }
    } catch (error) {
      for (const room of rooms) void room.close();
      throw error;
    }
    this.#rooms = rooms;
  }

  /**
   * Reads every target that the filter lets through, all in parallel, and returns what to show once all have answered
   * or the deadline (milliseconds since the epoch) has come. Targets that are discovered meanwhile are read as well.
   */
  async read(deadline: number, filter: TargetFilter = everything): Promise<readonly TargetView[]> {
    const asked = new Set<Target>();
    let looking: Promise<void> | undefined;
    // Many answer at one moment, and those in the background all do: one look is enough for all of them.
    const lookAgain = () => (looking ??= Promise.resolve().then(askNew));
    const askNew = async (): Promise<void> => {
      looking = undefined;
      if (this.#clock.now() >= deadline) return;
      const fresh = this.#targets(filter).filter((target) => !asked.has(target));
      for (const target of fresh) asked.add(target);
      await Promise.all(fresh.map((target) => target.read(deadline).then(lookAgain)));
    };
    await askNew();
    return this.views(filter);
  }

  /** What is known at this moment, asking nobody. */
  views(filter: TargetFilter = everything): readonly TargetView[] {
    return this.#targets(filter).map((target) => target.view());
  }

  /** What the targets that are up say of themselves; one that fails at it says nothing. */
  async describe(): Promise<readonly DescribedTarget[]> {
    return (await Promise.all(this.#rooms.map((room) => room.describe()))).flat();
  }

  /**
   * Reads something that is not among the targets.
   * @throws SourceError not_found for a source that is not configured or cannot be probed, and what the source says
   */
  async probe(source: string, address: string, module: string, deadline: number): Promise<TargetView> {
    const target = this.#room(source).probe(address, module);
    await target.read(deadline);
    return target.view();
  }

  /** What there is to probe. @throws SourceError not_found, as `probe` does */
  discover(source: string): readonly Discovered[] {
    return this.#room(source).discover();
  }

  get sources(): readonly string[] {
    return this.#rooms.map((room) => room.source.name);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#rooms.map((room) => room.close()));
  }

  #room(source: string): Room {
    const room = this.#rooms.find((one) => one.source.name === source);
    if (!room) throw new SourceError('not_found', `source ${source} is not configured`);
    return room;
  }

  #targets({ sources, targets }: TargetFilter): Target[] {
    return this.#rooms
      .filter(({ source }) => sources.length === 0 || sources.includes(source.name))
      .flatMap((room) => room.targets())
      .filter((target) => targets.length === 0 || targets.includes(target.name));
  }
}

type Settings = TargetSettings & Record<string, unknown>;

/** One opened source: keeps a Target for every spec the source names, and forgets those it no longer names. */
class Room {
  readonly source: AnySource;
  readonly #settings: Settings;
  readonly #io: Io;
  readonly #open: OpenSource<unknown>;
  #targets = new Map<TargetSpec<unknown>, Target>();
  #specs: readonly TargetSpec<unknown>[] = [];
  #list: readonly Target[] = [];
  readonly #probed = new WeakMap<TargetSpec<unknown>, Target>();

  constructor(source: AnySource, settings: Settings, io: Io) {
    this.source = source;
    this.#settings = settings;
    this.#io = { ...io, log: io.log.child({ source: source.name }) };
    this.#open = source.open(settings, this.#io);
  }

  targets(): readonly Target[] {
    const specs = this.#open.targets();
    if (specs.length === this.#specs.length && specs.every((spec, i) => spec === this.#specs[i])) return this.#list;
    const next = new Map<TargetSpec<unknown>, Target>();
    for (const spec of specs) next.set(spec, this.#targets.get(spec) ?? this.#create(spec));
    this.#targets = next;
    this.#specs = [...next.keys()];
    this.#list = [...next.values()];
    return this.#list;
  }

  probe(address: string, module: string): Target {
    if (!this.#open.probe) throw new SourceError('not_found', `source ${this.source.name} cannot be probed`);
    const spec = this.#open.probe(address, module);
    const target = this.#probed.get(spec) ?? this.#create(spec);
    this.#probed.set(spec, target);
    return target;
  }

  discover(): readonly Discovered[] {
    if (!this.#open.discover) throw new SourceError('not_found', `source ${this.source.name} discovers nothing`);
    return this.#open.discover();
  }

  async describe(): Promise<readonly DescribedTarget[]> {
    this.targets();
    const described = [...this.#targets].map(
      async ([{ client, name: target, scope }, one]): Promise<DescribedTarget[]> => {
        const signal = AbortSignal.timeout(this.#settings.timeout);
        const asked = one.view().up ? this.source.describe?.({ client, scope, signal }) : undefined;
        const said = await asked?.catch(() => undefined);
        return said ? [{ ...said, source: this.source.name, target }] : [];
      },
    );
    return (await Promise.all(described)).flat();
  }

  close(): Promise<void> {
    return this.#open.close();
  }

  #create(spec: TargetSpec<unknown>): Target {
    const { min_age, stale_after, timeout } = this.#settings;
    const log = this.#io.log.child({ target: spec.name });
    const collectors = this.source.collectors.filter(
      (collector) =>
        collector.scope === spec.scope &&
        this.#settings.collectors[collector.name] !== false &&
        collector.isNeeded?.(this.#settings) !== false,
    );
    const { clock } = this.#io;
    const input = {
      source: this.source.name,
      target: spec.name,
      collectors,
      client: spec.client,
      config: this.#settings,
      log,
      clock,
      keptStages: this.source.keepsText ? new Map<string, KeptStage>() : undefined,
    };
    let last: Snapshot | undefined;
    return new Target(
      { source: this.source.name, name: spec.name },
      async () => {
        const leave = await spec.admit?.();
        try {
          const snapshot = await runCycle({ ...input, timeoutMs: timeout, last });
          last = snapshot;
          logFailures(log, snapshot.outcomes);
          return snapshot;
        } finally {
          leave?.();
        }
      },
      { minAgeMs: min_age, staleAfterMs: stale_after, background: spec.background ?? false },
      clock,
    );
  }
}

/** One line per failed cycle, here at the edge; clients and collectors do not log their errors. */
function logFailures(log: Io['log'], outcomes: Awaited<ReturnType<typeof runCycle>>['outcomes']): void {
  const failures = outcomes.flatMap(({ collector, failure }) => (failure ? [{ collector, ...failure }] : []));
  if (failures.length > 0) log.warn({ failures }, 'collection failed');
  const repeated = outcomes
    .filter(({ repeats }) => repeats > 0)
    .map(({ collector, repeats }) => ({ collector, repeats }));
  if (repeated.length > 0) log.debug({ repeated }, 'repeated series were shown once');
}
