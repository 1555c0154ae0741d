import pino from 'pino';
import { targetSettings } from '../../../src/config/settings.ts';
import { expose } from '../../../src/core/exposition.ts';
import { factsView } from '../../../src/core/insight.ts';
import { TargetPool } from '../../../src/core/target-pool.ts';
import { type CephFacts, cephFacts } from '../../../src/sources/ceph/facts.ts';
import { ceph } from '../../../src/sources/ceph/index.ts';

/** A page of metrics, read without the program's help: what stands before the last space of a line is the series. */
export class Page {
  readonly text: string;
  readonly #series: ReadonlyMap<string, number>;

  constructor(text: string) {
    this.text = text;
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    this.#series = new Map(
      samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
    );
  }

  value(series: string): number | undefined {
    return this.#series.get(series);
  }

  /** All series of one name. */
  family(name: string): readonly (readonly [series: string, value: number])[] {
    return [...this.#series].filter(([series]) => series === name || series.startsWith(`${name}{`));
  }

  /** Names of the families that have a series. */
  get families(): ReadonlySet<string> {
    return new Set([...this.#series.keys()].map((series) => series.split('{', 1)[0] as string));
  }
}

export interface WatchedCeph {
  /** Runs a cycle and gives what a scrape would be shown. */
  scrape(): Promise<Page>;
  /** Why collectors failed in the last cycle, by collector. */
  failures(): Readonly<Record<string, string>>;
  /** What insights would read. */
  facts(): Partial<CephFacts>;
  /** Makes the program believe that so much time has gone by. */
  advance(ms: number): void;
  close(): Promise<void>;
}

/** Rackwatch with nothing but a Ceph source, which is asked at every scrape. */
/** @param members LXD's member by Ceph's name of its host */
export function watchCeph(
  config: Readonly<Record<string, unknown>>,
  members: ReadonlyMap<string, string> = new Map(),
): WatchedCeph {
  const schema = ceph.configSchema.extend(targetSettings(ceph.collectors, ceph.defaults));
  const settings = schema.parse({ min_age: '0s', ...config });
  let offset = 0;
  const clock = { now: () => Date.now() + offset };
  const pool = new TargetPool([{ source: ceph, settings, members }], { log: pino({ level: 'silent' }), clock });
  return {
    async scrape() {
      await pool.read(clock.now() + 20_000);
      return new Page(expose(pool.views().flatMap((view) => view.snapshot?.stages ?? [])).join(''));
    },
    failures: () =>
      Object.fromEntries(
        pool
          .views()
          .flatMap((view) => view.newest?.outcomes ?? [])
          .flatMap(({ collector, failure }) => (failure ? [[collector, `${failure.code}: ${failure.message}`]] : [])),
      ),
    facts: () => factsView(pool.views()).of(cephFacts)[0]?.facts ?? {},
    advance: (ms) => {
      offset += ms;
    },
    close: () => pool.close(),
  };
}
