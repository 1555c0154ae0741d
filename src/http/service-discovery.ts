import type { FastifyInstance } from 'fastify';
import type { App } from '../app.ts';
import { describeError } from '../core/errors.ts';
import { refusalStatus } from './probe.ts';

/**
 * `GET /service-discovery/SOURCE`: what there is to probe, in the format of http_sd.
 * https://prometheus.io/docs/prometheus/latest/http_sd/
 */
export function serviceDiscoveryRoute(server: FastifyInstance, app: App): void {
  server.get<{ Params: { source: string } }>('/service-discovery/:source', async (request, reply) => {
    try {
      const groups = app.discover(request.params.source).map(({ address, member, module }) => ({
        targets: [address],
        labels: { __meta_rackwatch_member: member, __meta_rackwatch_module: module },
      }));
      return await reply.send(groups);
    } catch (error) {
      return reply
        .code(refusalStatus(error))
        .type('text/plain')
        .send(`${describeError(error)}\n`);
    }
  });
}
