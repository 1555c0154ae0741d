import { runCycle } from './cycle.ts';
import { SourceError } from './errors.ts';
import type { KeptStage } from './kept-stage.ts';
import type { Snapshot } from './snapshot.ts';
import type { AnySource, Discovered, Io, OpenSource, TargetDescription, TargetSettings, TargetSpec } from './source.ts';
import { Target } from './target.ts';

export interface DescribedTarget extends TargetDescription {
  readonly source: string;
  readonly target: string;
}

type Settings = TargetSettings & Record<string, unknown>;

/** One opened source: keeps a Target for every spec the source names, and forgets those it no longer names. */
export class Room {
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
