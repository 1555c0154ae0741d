import type { FastifyInstance } from 'fastify';
import type { App } from '../app.ts';
import { codeOf, describeError } from '../core/errors.ts';
import { scrapeTimeoutMs, sendPage } from './page.ts';

interface Query {
  readonly source?: string;
  readonly target?: string;
  readonly module?: string;
}

/**
 * `GET /probe?source=NAME&target=ADDRESS&module=NAME`: one target that is not in the configuration, for fleets that
 * Prometheus shards. A target that does not answer is a page that says so; one that is not allowed is refused.
 */
export function probeRoute(server: FastifyInstance, app: App): void {
  server.get<{ Querystring: Query }>('/probe', async (request, reply) => {
    const { module = 'default', source, target } = request.query;
    if (typeof source !== 'string' || typeof target !== 'string' || typeof module !== 'string') {
      return reply.code(400).type('text/plain').send('probe needs source and target, each once\n');
    }
    try {
      const page = await app.probe(source, target, module, app.deadline(scrapeTimeoutMs(request)));
      return await sendPage(request, reply, page);
    } catch (error) {
      return reply
        .code(refusalStatus(error))
        .type('text/plain')
        .send(`${describeError(error)}\n`);
    }
  });
}

/** The status for what must not, or cannot, be probed; anything else is a fault, and the error handler's. */
export function refusalStatus(error: unknown): 403 | 404 | 503 {
  const code = codeOf(error);
  if (code === 'unavailable') return 503;
  if (code === 'forbidden') return 403;
  if (code === 'not_found') return 404;
  throw error;
}
