import Fastify, { type FastifyInstance } from 'fastify';
import { Histogram } from 'prom-client';
import type { App } from '../app.ts';
import { describeError } from '../core/errors.ts';
import { adminRoutes } from './admin.ts';
import { demoRoutes } from './demo-controls.ts';
import { metricsRoute } from './metrics.ts';
import { probeRoute } from './probe.ts';
import { serviceDiscoveryRoute } from './service-discovery.ts';
import { statusPage } from './status-page.ts';
import { protect, type WebConfig } from './web-config.ts';

/** All routes of the program. Not listening yet; tests use `inject`. */
export function buildServer(app: App, web?: WebConfig): FastifyInstance {
  const server = (web?.tls ? Fastify({ https: web.tls }) : Fastify()) as unknown as FastifyInstance;
  observe(server, app);
  if (web) protect(server, web);
  metricsRoute(server, app);
  adminRoutes(server, app);
  probeRoute(server, app);
  serviceDiscoveryRoute(server, app);
  statusPage(server, app);
  if (app.demo) demoRoutes(server, app.demo);
  server.setNotFoundHandler((_request, reply) => reply.code(404).type('text/plain').send('Not found.\n'));
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) app.log.error({ reason: describeError(error) }, 'request failed');
    return reply
      .code(status)
      .type('text/plain')
      .send(status >= 500 ? 'Internal error; the log says more.\n' : `${error.message}\n`);
  });
  return server;
}

/** Durations of the answers, by route as it is declared, so that no made-up path becomes a label. */
function observe(server: FastifyInstance, app: App): void {
  const duration = new Histogram({
    name: 'rackwatch_http_request_duration_seconds',
    help: 'Time to answer HTTP requests.',
    labelNames: ['method', 'route', 'code'],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10],
    registers: [app.registry],
  });
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, code: String(reply.statusCode) };
    duration.observe(labels, reply.elapsedTime / 1000);
  });
}
