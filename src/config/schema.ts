import { z } from 'zod';
import type { AnyInsight } from '../core/insight.ts';
import type { AnySource } from '../core/source.ts';
import { duration } from './duration.ts';
import { targetSettings } from './settings.ts';

/** `host:port`, `[v6]:port` or `:port`. */
export const listenAddress = z
  .string()
  .regex(/^(\[[0-9a-fA-F:.%]+\]|[^\s:[\]]*):\d{1,5}$/, 'not an address: HOST:PORT, with an IPv6 address in brackets');

/** The schema of the whole file; the keys below `sources` come from the list of sources. */
export function configSchema(sources: readonly AnySource[], insights: readonly AnyInsight[] = []) {
  return z.strictObject({
    listen: listenAddress
      .default('127.0.0.1:9947')
      .describe('Address of the HTTP server. Use [::]:9947 for every address of the host.'),
    scrape_timeout: duration()
      .prefault('10s')
      .describe('How long a scrape may take when Prometheus does not say (X-Prometheus-Scrape-Timeout-Seconds).'),
    reload_by_http: z
      .boolean()
      .default(false)
      .describe('Whether POST /-/reload reloads the configuration, as SIGHUP does.'),
    web_config_file: z
      .string()
      .min(1)
      .optional()
      .describe('TLS and basic authentication of the HTTP server, in the format of the Prometheus exporter toolkit.'),
    log: z
      .strictObject({
        level: z
          .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
          .default('info')
          .describe('Least level that is logged.'),
      })
      .prefault({})
      .describe('Logging: JSON lines on standard error.'),
    sources: z
      .strictObject(Object.fromEntries(sources.map((source) => [source.name, sourceSchema(source).optional()])))
      .prefault({})
      .describe('What is read. A source that is not here is off.'),
    members: membersSchema(sources),
    insights: z
      .strictObject(Object.fromEntries(insights.map((insight) => [insight.name, insightSchema(insight)] as const)))
      .prefault({})
      .describe('What is derived from several sources. Turns insights off: `name: false`.'),
  });
}

export type Config = z.output<ReturnType<typeof configSchema>>;

/** One key for every source that has names of its own for the hosts. */
function membersSchema(sources: readonly AnySource[]) {
  const keys = sources.flatMap(({ memberKey }) => (memberKey ? [memberKey] : []));
  const names = keys.map(({ help, key }) => [key, z.string().min(1).optional().describe(help)] as const);
  return z
    .record(z.string().min(1), z.strictObject(Object.fromEntries(names)))
    .superRefine((members, context) => {
      for (const { key } of keys) refuseSharedNames(members, key, context);
    })
    .default({})
    .describe(
      "Names of LXD's members elsewhere, only where they differ: `abydos: { ceph_host: node1, chassis: node1.example.net }`.",
    );
}

type Members = Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;

/** Every member that has a name which another one has as well is blamed: only a person knows which of them is wrong. */
function refuseSharedNames(members: Members, key: string, context: z.core.$RefinementCtx): void {
  const entries = Object.entries(members);
  for (const [member, { [key]: name }] of entries) {
    const other = entries.find(([one, { [key]: same }]) => one !== member && same === name)?.[0];
    if (name === undefined || other === undefined) continue;
    context.addIssue({ code: 'custom', path: [member, key], message: `${other} has the same ${key}: ${name}` });
  }
}

function sourceSchema(source: AnySource) {
  const own = source.configSchema as z.ZodObject;
  const whole = own.safeExtend(targetSettings(source.collectors, source.defaults));
  // A schema that is derived from another loses its description and examples.
  const meta = own.meta();
  return meta ? whole.meta(meta) : whole;
}

/** On unless it says otherwise; with keys of its own where the insight takes any. */
function insightSchema({ configSchema: own, help }: AnyInsight) {
  const on = z.boolean();
  return own ? z.union([on, own]).default(true).describe(help) : on.default(true).describe(help);
}
