import type { FastifyInstance } from 'fastify';
import type { App } from '../app.ts';
import type { TargetFilter } from '../core/target-pool.ts';
import { scrapeTimeoutMs, sendPage } from './page.ts';

interface Query {
  readonly source?: string | string[];
  readonly target?: string | string[];
}

/** `GET /metrics`, with the repeatable filters `source` and `target`. */
export function metricsRoute(server: FastifyInstance, app: App): void {
  server.get<{ Querystring: Query }>('/metrics', async (request, reply) => {
    const filter = readFilter(request.query);
    const unknown = filter.sources.filter((name) => !app.sourceNames.includes(name));
    if (unknown.length > 0) {
      return reply
        .code(400)
        .send(`source ${unknown.join(', ')} is not configured; there are: ${app.sourceNames.join(', ')}\n`);
    }
    const page = await app.scrape(app.deadline(scrapeTimeoutMs(request)), filter);
    return sendPage(request, reply, page);
  });
}

function readFilter({ source, target }: Query): TargetFilter {
  const list = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat());
  return { sources: list(source), targets: list(target) };
}
