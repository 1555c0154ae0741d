import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, gzip, gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TEXT_FORMAT } from '../core/exposition.ts';
import { createPacer } from '../core/pace.ts';

const gzipAsync = promisify(gzip);

/** Prometheus re-reads the page every few seconds: speed counts more than the last tenth of the size. */
const gzipOptions = { level: constants.Z_BEST_SPEED };

/** Up to this size a page is one buffer; a larger one is sent, and compressed, piece by piece. */
const WHOLE_PAGE_BYTES = 1024 * 1024;

/** Up to this size to compress a page takes less than to hand it to another thread and back; about 0.1 ms. */
const COMPRESS_HERE_BYTES = 128 * 1024;

/** Prometheus says how long it will wait. https://prometheus.io/docs/instrumenting/writing_exporters/#scheduling */
export function scrapeTimeoutMs(request: FastifyRequest): number | undefined {
  const seconds = Number(request.headers['x-prometheus-scrape-timeout-seconds']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/** Sends a page of metrics, compressed if the client asks for it. */
export async function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  page: readonly Buffer[],
): Promise<FastifyReply> {
  reply.header('content-type', TEXT_FORMAT).header('vary', 'accept-encoding');
  const bytes = page.reduce((sum, chunk) => sum + chunk.length, 0);
  const compress = acceptsGzip(request.headers['accept-encoding']);
  if (compress) reply.header('content-encoding', 'gzip');
  if (bytes <= WHOLE_PAGE_BYTES) {
    const whole = Buffer.concat(page, bytes);
    return reply.send(compress ? await compressWhole(whole) : whole);
  }
  const pieces = Readable.from(coalesce(page), { objectMode: false });
  if (!compress) return reply.header('content-length', bytes).send(pieces);
  const gzipStream = createGzip(gzipOptions);
  pieces.on('error', (error) => gzipStream.destroy(error));
  return reply.send(pieces.pipe(gzipStream));
}

const compressWhole = (page: Buffer): Buffer | Promise<Buffer> =>
  page.length <= COMPRESS_HERE_BYTES ? gzipSync(page, gzipOptions) : gzipAsync(page, gzipOptions);

/** Joins small buffers, because every write to the socket or the compressor costs the same, however small. */
async function* coalesce(page: readonly Buffer[], pieceBytes = 64 * 1024): AsyncGenerator<Buffer> {
  // A reader that keeps up would have the whole page sent in one turn.
  const pace = createPacer();
  let pending: Buffer[] = [];
  let bytes = 0;
  for (const chunk of page) {
    if (bytes > 0 && bytes + chunk.length > pieceBytes) {
      yield pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending, bytes);
      await pace();
      pending = [];
      bytes = 0;
    }
    pending.push(chunk);
    bytes += chunk.length;
  }
  if (bytes > 0) yield Buffer.concat(pending, bytes);
}

/** RFC 9110 section 12.5.3: a weight of 0 means "not acceptable". */
function acceptsGzip(header: string | string[] | undefined): boolean {
  return String(header ?? '')
    .split(',')
    .map((part) =>
      part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/),
    )
    .some(([coding = '', ...parameters]) => ['gzip', 'x-gzip', '*'].includes(coding) && !parameters.some(isZeroWeight));
}

const isZeroWeight = (parameter: string): boolean => /^q=0(\.0*)?$/.test(parameter);
