import type { FastifyInstance } from 'fastify';
import type { App } from '../app.ts';
import { describeError } from '../core/errors.ts';
import { refusalStatus } from './probe.ts';

interface Request {
  readonly Params: { readonly source: string };
  readonly Querystring: { readonly port?: string };
}

/**
 * `GET /service-discovery/SOURCE[?port=NUMBER]`: what there is to scrape or to probe, in the format of http_sd. The port
 * is added to the addresses: `lxd?port=9100` is node_exporter on every member.
 * https://prometheus.io/docs/prometheus/latest/http_sd/
 */
export function serviceDiscoveryRoute(server: FastifyInstance, app: App): void {
  server.get<Request>('/service-discovery/:source', async (request, reply) => {
    const { port } = request.query;
    if (port !== undefined && !isPort(port)) return reply.code(400).type('text/plain').send('port is not a port\n');
    try {
      const groups = app.discover(request.params.source).map(({ address, member, module }) => ({
        targets: [port === undefined ? address : `${address}:${port}`],
        labels: {
          __meta_rackwatch_member: member,
          ...(module === undefined ? {} : { __meta_rackwatch_module: module }),
        },
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

/** A parameter that is given twice is an array. */
const isPort = (text: unknown): boolean => typeof text === 'string' && /^\d{1,5}$/.test(text) && Number(text) < 65_536;
