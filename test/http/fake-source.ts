import pino from 'pino';
import { z } from 'zod';
import { App, type DemoControls } from '../../src/app.ts';
import { Secret } from '../../src/config/secret.ts';
import { SourceError } from '../../src/core/errors.ts';
import { type AnyInsight, defineFacts } from '../../src/core/insight.ts';
import { gauge } from '../../src/core/metric.ts';
import { defineSource } from '../../src/core/source.ts';

interface FakeFacts {
  readonly things: number;
}

interface Options {
  readonly things?: number;
  readonly hangs?: boolean;
  readonly failsWith?: string;
  readonly demo?: DemoControls;
  readonly scrapeTimeoutMs?: number;
}

const value = gauge('fake_value', { help: 'A value.', labels: ['thing'] });
const doubled = gauge('rackwatch_doubled', { help: 'Twice the things of all targets.' });
const fakeFacts = defineFacts<FakeFacts>('fake');

const doubling: AnyInsight = {
  name: 'doubled',
  help: 'Twice the things.',
  metrics: [doubled],
  derive({ facts, emit }) {
    const count = facts.of(fakeFacts).reduce((sum, target) => sum + (target.facts.things ?? 0), 0);
    emit(doubled, {}, count * 2);
  },
};

/** An App over a source of two targets: "one" has things, hangs or fails; "two" has nothing to show. */
export function appOf({ things = 1, hangs, failsWith, demo, scrapeTimeoutMs = 10_000 }: Options = {}): App {
  const name = (index: number) => (things === 1 ? 'a' : `thing-with-a-long-name-${index}`);
  const fake = defineSource<z.ZodObject, string, FakeFacts>({
    name: 'fake',
    configSchema: z.strictObject({}),
    open: () => {
      const targets = [
        { name: 'one', client: 'one' },
        { name: 'two', client: 'two' },
      ];
      const probed = { name: '192.0.2.1', client: 'probed' };
      return {
        targets: () => targets,
        probe: (address, module) => {
          if (module !== 'default') throw new SourceError('not_found', `there is no module ${module}`);
          if (address !== probed.name) throw new SourceError('forbidden', `${address} may not be probed`);
          return probed;
        },
        discover: () => [{ address: probed.name, module: 'default', member: 'abydos' }],
        close: async () => undefined,
      };
    },
    collectors: [
      {
        name: 'things',
        help: 'Things.',
        metrics: [value],
        async collect({ client, emit }) {
          if (client === 'two') return undefined;
          if (hangs) await new Promise(() => undefined);
          if (failsWith) throw new SourceError('protocol', failsWith);
          for (let index = 0; index < things; index++) emit(value, { thing: name(index) }, 1);
          return { things };
        },
      },
    ],
  });
  const settings = {
    min_age: 0,
    timeout: 9000,
    stale_after: 60_000,
    collectors: {},
    password: new Secret(() => 'hunter2'),
  };
  return new App({
    config: {
      listen: '127.0.0.1:0',
      scrape_timeout: scrapeTimeoutMs,
      reload_by_http: false,
      log: { level: 'silent' as 'fatal' },
      sources: { fake: settings },
      members: {},
      insights: {},
    },
    sources: [fake],
    insights: [doubling],
    log: pino({ level: 'silent' }),
    ...(demo ? { demo } : {}),
  });
}
