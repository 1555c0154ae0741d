import type { Clock } from './clock.ts';
import { SourceError } from './errors.ts';
import { type DescribedTarget, Room } from './room.ts';
import type { AnySource, Discovered, Io, SourceSettings } from './source.ts';
import type { Target, TargetView } from './target.ts';

/** A source of the configuration, not yet opened. */
export interface ConfiguredSource {
  readonly source: AnySource;
  readonly settings: SourceSettings;
  /** The member by the source's name for its host; none by default. */
  readonly members?: ReadonlyMap<string, string>;
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
  /** Those under way. */
  readonly #reads = new Set<Promise<unknown>>();

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
  read(deadline: number, filter: TargetFilter = everything): Promise<readonly TargetView[]> {
    return this.#track(this.#readAll(deadline, filter));
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
  probe(source: string, address: string, module: string, deadline: number): Promise<TargetView> {
    return this.#track(this.#probe(source, address, module, deadline));
  }

  /** What there is to probe. @throws SourceError not_found, as `probe` does */
  discover(source: string): readonly Discovered[] {
    return this.#room(source).discover();
  }

  get sources(): readonly string[] {
    return this.#rooms.map((room) => room.source.name);
  }

  /** Closes once those who read now have what they wait for. Each of them waits until its deadline at most. */
  async retire(): Promise<void> {
    await Promise.allSettled(this.#reads);
    await this.close();
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#rooms.map((room) => room.close()));
  }

  async #readAll(deadline: number, filter: TargetFilter): Promise<readonly TargetView[]> {
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

  async #probe(source: string, address: string, module: string, deadline: number): Promise<TargetView> {
    const target = this.#room(source).probe(address, module);
    await target.read(deadline);
    return target.view();
  }

  #track<T>(read: Promise<T>): Promise<T> {
    const tracked = read.finally(() => this.#reads.delete(tracked));
    this.#reads.add(tracked);
    return tracked;
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
