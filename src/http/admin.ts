import type { FastifyInstance } from 'fastify';
import { stringify } from 'yaml';
import type { App } from '../app.ts';
import { describeError } from '../core/errors.ts';

/** Health, readiness, reload and the effective configuration. */
export function adminRoutes(server: FastifyInstance, app: App): void {
  server.get('/-/healthy', async (_request, reply) => reply.type('text/plain').send('rackwatch is healthy.\n'));

  server.get('/-/ready', async (_request, reply) => {
    const ready = await app.ready();
    reply.code(ready ? 200 : 503).type('text/plain');
    return ready ? 'rackwatch is ready.\n' : 'Not every target has been collected yet.\n';
  });

  server.post('/-/reload', async (_request, reply) => {
    reply.type('text/plain');
    if (!app.config.reload_by_http) return reply.code(403).send('Reload by HTTP is off: set reload_by_http.\n');
    try {
      await app.reload();
      return 'Configuration reloaded.\n';
    } catch (error) {
      return reply.code(422).send(`Configuration not reloaded: ${describeError(error)}\n`);
    }
  });

  server.get('/config', async (_request, reply) =>
    // Secrets are objects that print themselves as <secret>; the round trip through JSON makes them do it.
    reply.type('text/yaml; charset=utf-8').send(stringify(JSON.parse(JSON.stringify(app.config)))),
  );
}
