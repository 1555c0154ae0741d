import pino from 'pino';
import { z } from 'zod';
import { targetSettings } from '../../../src/config/settings.ts';
import { type Clock, systemClock } from '../../../src/core/clock.ts';
import { expose } from '../../../src/core/exposition.ts';
import { factsView } from '../../../src/core/insight.ts';
import type { Failure } from '../../../src/core/snapshot.ts';
import { TargetPool } from '../../../src/core/target-pool.ts';
import { type FrrFacts, frrFacts } from '../../../src/sources/frr/facts.ts';
import { frr } from '../../../src/sources/frr/index.ts';

export interface Page {
  /** What `/metrics` would show of the source. */
  readonly text: string;
  /** Sample lines by series. */
  readonly samples: ReadonlyMap<string, number>;
  readonly failures: Readonly<Record<string, Failure>>;
  readonly facts: readonly Partial<FrrFacts>[];
}

export interface OpenFrr {
  /** One cycle of every router; nothing is served from a cycle before. */
  scrape(): Promise<Page>;
  close(): Promise<void>;
}

/** Opens the source with a configuration as a user writes it. */
export function openFrr(config: object, { clock = systemClock }: { clock?: Clock } = {}): OpenFrr {
  const log = pino({ enabled: false });
  const schema = z.strictObject({ ...frr.configSchema.shape, ...targetSettings(frr.collectors) });
  const settings = schema.parse({ min_age: '0s', ...config });
  const pool = new TargetPool([{ source: frr, settings }], { log, clock });
  return {
    async scrape() {
      const views = await pool.read(clock.now() + 60_000);
      const shown = views.flatMap(({ newest }) => newest ?? []);
      const text = Buffer.concat(expose(shown.flatMap(({ stages }) => stages))).toString('utf8');
      const outcomes = shown.flatMap((snapshot) => snapshot.outcomes.map((outcome) => ({ snapshot, outcome })));
      return {
        text,
        samples: parseSamples(text),
        failures: Object.fromEntries(
          outcomes.flatMap(({ snapshot, outcome: { collector, failure } }) =>
            failure ? [[`${snapshot.target}/${collector}`, failure]] : [],
          ),
        ),
        facts: factsView(views)
          .of(frrFacts)
          .map(({ facts }) => facts),
      };
    },
    close: () => pool.close(),
  };
}

export function parseSamples(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const end = line.lastIndexOf(' ');
    samples.set(line.slice(0, end), Number(line.slice(end + 1)));
  }
  return samples;
}
