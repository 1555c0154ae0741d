import type { Logger } from 'pino';
import { type ConfiguredInsight, configuredInsights, configuredSources, loadConfig } from './config/load.ts';
import type { Config } from './config/schema.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { describeError } from './core/errors.ts';
import { expose } from './core/exposition.ts';
import { type AnyInsight, factsView, type InsightResult, runInsight } from './core/insight.ts';
import { KeptStage } from './core/kept-stage.ts';
import type { DescribedTarget } from './core/room.ts';
import { type Families, Stage } from './core/snapshot.ts';
import type { AnySource, Discovered } from './core/source.ts';
import type { TargetView } from './core/target.ts';
import { everything, type TargetFilter, TargetPool } from './core/target-pool.ts';
import { type Recorded, recordSamples } from './insights/next-failure/recorded-samples.ts';
import { createProcessRegistry } from './telemetry/process-metrics.ts';
import { describeSelf, describeTargets, type ReloadState } from './telemetry/self-metrics.ts';

export interface AppOptions {
  readonly config: Config;
  /** Where `reload` reads the configuration anew; without it a reload is refused. */
  readonly configFile?: string;
  readonly sources: readonly AnySource[];
  readonly insights: readonly AnyInsight[];
  readonly log: Logger;
  readonly clock?: Clock;
  /** Marks everything as simulated, and lets a person play with it. */
  readonly demo?: DemoControls;
}

/** What a person can do to a simulated cluster while it is watched. */
export interface DemoControls {
  readonly chapters: readonly {
    readonly title: string;
    readonly scenarios: readonly { readonly name: string; readonly help: string }[];
  }[];
  /** The story that is, or was last, told. */
  readonly playing:
    | {
        readonly scenario: { readonly name: string };
        readonly told: readonly { readonly at: number; readonly say: string }[];
      }
    | undefined;
  /** Puts all in order and begins a story. Throws for a name that is not there. */
  play(name: string): void;
  /** Ends the story and puts all in order. */
  mend(): void;
}

/** What `?source=` calls rackwatch's own metrics and what the insights derive. */
const OWN = 'rackwatch';

/** Time kept back from a scrape's deadline for joining and sending the answer. */
const ANSWER_MS = 500;

/**
 * The program without its doors: configuration, targets and insights. The HTTP server, `dump` and the tests use it.
 */
export class App {
  readonly demo: DemoControls | undefined;
  readonly log: Logger;
  /** The process's own metrics. */
  readonly registry = createProcessRegistry();
  readonly #options: AppOptions;
  readonly #clock: Clock;
  readonly #reload: ReloadState;
  /** What it tells of itself, whose text is kept from scrape to scrape. */
  readonly #self = new KeptStage();
  #config: Config;
  #pool: TargetPool;
  /** Done once the pools of earlier configurations are closed. */
  #retired: Promise<unknown> = Promise.resolve();
  #insights: readonly ConfiguredInsight[];

  constructor(options: AppOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#config = options.config;
    this.demo = options.demo;
    this.log = options.log;
    this.#reload = { successful: true, lastSuccessAt: this.#clock.now() };
    this.#pool = this.#openPool(options.config);
    this.#insights = configuredInsights(options.config, options.insights);
  }

  get config(): Config {
    return this.#config;
  }

  /** When a scrape that has `timeoutMs` in all must have its targets' answers, in milliseconds since the epoch. */
  deadline(timeoutMs = this.#config.scrape_timeout): number {
    return this.#clock.now() + Math.max(timeoutMs - ANSWER_MS, timeoutMs / 2);
  }

  /** Reads the targets and returns the page as buffers to be sent one after the other. */
  async scrape(deadline: number, filter: TargetFilter = everything): Promise<Buffer[]> {
    const ownOnly = filter.sources.length > 0 && filter.sources.every((name) => name === OWN);
    const views = ownOnly ? [] : await this.#pool.read(deadline, filter);
    return this.#render(views, filter);
  }

  /** A page about something that is not among the targets. Throws a SourceError for what must not be probed. */
  async probe(source: string, address: string, module: string, deadline: number): Promise<Buffer[]> {
    const view = await this.#pool.probe(source, address, module, deadline);
    const stage = new Stage();
    describeTargets(stage.emit, [view]);
    return expose([stage.seal(), ...(view.snapshot?.stages ?? [])]);
  }

  /** What there is to probe of a source. */
  discover(source: string): readonly Discovered[] {
    return this.#pool.discover(source);
  }

  /** What the filter `source` can name. */
  get sourceNames(): readonly string[] {
    return [...this.#pool.sources, OWN];
  }

  /** What is known at this moment, asking nobody. */
  views(): readonly TargetView[] {
    return this.#pool.views();
  }

  /** What the targets that are up say of themselves; costs each a request or two. */
  describe(): Promise<readonly DescribedTarget[]> {
    return this.#pool.describe();
  }

  /** What the insights tell at this moment, as objects. */
  recordInsights(): Recorded {
    const facts = factsView(this.#pool.views());
    return recordSamples(this.#insights, { facts, nowMs: this.#clock.now() });
  }

  /** Whether every configured target has been collected once, or has had the time to be. */
  async ready(): Promise<boolean> {
    const views = this.#pool.views();
    if (views.length > 0 && views.every((view) => view.newest)) return true;
    const read = await this.#pool.read(this.deadline());
    return read.every((view) => view.newest);
  }

  /** Swaps the new file in whole, or refuses it whole and throws: the old configuration goes on. */
  async reload(): Promise<void> {
    try {
      if (!this.#options.configFile) throw new Error('there is no configuration file to reload');
      const config = loadConfig(this.#options.configFile, this.#options.sources, this.#options.insights);
      const pool = this.#openPool(config);
      const old = this.#pool;
      this.#pool = pool;
      if (config.listen !== this.#config.listen) this.log.warn('a new listen address takes effect at the next start');
      this.#config = config;
      this.#insights = configuredInsights(config, this.#options.insights);
      this.log.level = config.log.level;
      this.#reload.successful = true;
      this.#reload.lastSuccessAt = this.#clock.now();
      this.log.info('configuration reloaded');
      this.#retired = Promise.all([this.#retired, old.retire()]);
      await this.#retired;
    } catch (error) {
      this.#reload.successful = false;
      this.log.error({ reason: describeError(error) }, 'configuration not reloaded, the old one stays');
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#retired]);
  }

  #openPool(config: Config): TargetPool {
    return new TargetPool(configuredSources(config, this.#options.sources), { log: this.log, clock: this.#clock });
  }

  /**
   * Insights join all sources, so they and the process's own metrics belong to a page that shows everything, or to the
   * page `?source=rackwatch` of a setup whose jobs scrape a part each.
   */
  async #render(views: readonly TargetView[], filter: TargetFilter): Promise<Buffer[]> {
    const own = filter.targets.length === 0 && (filter.sources.length === 0 || filter.sources.includes(OWN));
    const insights = own ? this.#derive() : [];
    const stages = [
      this.#describe(insights, views),
      ...views.flatMap((view) => view.snapshot?.stages ?? []),
      ...insights.flatMap((insight) => insight.families ?? []),
    ];
    const page = expose(stages);
    if (!own) return page;
    return [...page, Buffer.from(await this.registry.metrics())];
  }

  #describe(insights: readonly InsightResult[], views: readonly TargetView[]): Families {
    const { emit } = this.#self;
    describeSelf(emit, insights, this.#reload, this.demo !== undefined);
    describeTargets(emit, views);
    return this.#self.seal();
  }

  #derive(): InsightResult[] {
    const facts = factsView(this.#pool.views());
    const nowMs = this.#clock.now();
    return this.#insights.map(({ config, insight }) => runInsight(insight, { facts, nowMs, config }));
  }
}
