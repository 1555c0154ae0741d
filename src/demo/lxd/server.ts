import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { delay } from '../../core/clock.ts';
import type { Identity } from '../certificate.ts';
import { members } from '../rack.ts';
import type { RackState } from '../state.ts';
import type { EventServer } from './events.ts';
import { renderMetrics } from './metrics.ts';
import { ApiError, type ApiRequest } from './request.ts';
import { answer, memberInPath } from './routes.ts';
import { untrustedInfo } from './server-info.ts';

interface MemberOptions {
  readonly state: RackState;
  readonly member: string;
  readonly identity: Identity;
  /** SHA-256 fingerprint of the one client certificate that is trusted. */
  readonly trusted: string;
  readonly addresses: ReadonlyMap<string, string>;
  readonly events: EventServer;
  /** How long a request for a member that is away hangs before it fails. */
  readonly eventWaitMs: number;
}

/** The one answer that is text. */
const METRICS_PATH = '/1.0/metrics';

/** The API of one member. Like LXD it asks for a client certificate, accepts any, and then looks whether it knows it. */
export function createMemberServer(options: MemberOptions): Server {
  const { certificate, key } = options.identity;
  const server = createServer(
    { cert: certificate, key, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' },
    (request, response) => {
      if (!options.state.isReachable(options.member)) return void request.socket.destroy();
      respond(options, request, response).catch((error: unknown) => {
        const status = error instanceof ApiError ? error.status : 500;
        sendError(response, status, error instanceof Error ? error.message : String(error));
      });
    },
  );
  server.on('upgrade', (request, socket) => follow(options, request, socket));
  // Like LXD, it leaves it to the client when an idle connection ends, and announces no time.
  server.keepAliveTimeout = 0;
  // A member without power accepts nothing: the port is kept for its return, and what comes in is reset.
  server.on('connection', (socket) => {
    if (!options.state.isReachable(options.member)) socket.destroy();
  });
  return server;
}

/** The one thing that is not an answer: a stream of events. */
function follow({ events, member, state, trusted }: MemberOptions, request: IncomingMessage, socket: Duplex): void {
  const { pathname } = new URL(request.url ?? '/', 'https://lxd');
  if (!state.isReachable(member)) socket.destroy();
  else if (!isTrusted(request, trusted)) socket.end(refusal(403, 'not authorized'));
  else if (pathname !== '/1.0/events') socket.end(refusal(404, 'not found'));
  else events.follow(member, request, socket);
}

function refusal(status: number, message: string): string {
  const body = errorBody(status, message);
  const head = ['Content-Type: application/json', `Content-Length: ${body.length}`, 'Connection: close'];
  return [`HTTP/1.1 ${status} ${message}`, ...head, '', body].join('\r\n');
}

async function respond(options: MemberOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { addresses, identity, state } = options;
  const url = new URL(request.url ?? '/', 'https://lxd');
  if (!isTrusted(request, options.trusted)) {
    if (url.pathname === '/1.0') return send(response, untrustedInfo());
    throw new ApiError(403, 'not authorized');
  }
  if (request.method !== 'GET') throw new ApiError(404, `Method "${request.method}" not found`);
  const member = await answeringMember(url, options);
  const api = { addresses, certificate: identity.certificate, fingerprint: identity.fingerprint, member, state };
  const asked: Omit<ApiRequest, 'path'> = { ...api, query: url.searchParams };
  if (url.pathname !== METRICS_PATH) return send(response, answer(url.pathname, asked));
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.end(renderMetrics({ ...asked, path: [] }));
}

function isTrusted(request: IncomingMessage, trusted: string): boolean {
  const { fingerprint256 = '' } = (request.socket as TLSSocket).getPeerCertificate();
  return fingerprint256.replaceAll(':', '').toLowerCase() === trusted;
}

/** The member that is asked, or another one to which it forwards. */
async function answeringMember(url: URL, { eventWaitMs, member, state }: MemberOptions): Promise<string> {
  const target = url.searchParams.get('target') ?? memberInPath(url.pathname) ?? member;
  if (!members.some(({ name }) => name === target)) throw new ApiError(404, 'Cluster member not found');
  if (state.isReachable(target)) return target;
  await delay(eventWaitMs);
  throw new ApiError(500, 'Missing event connection with target cluster member');
}

/** LXD's envelopes: all keys are always there. */
function send(response: ServerResponse, metadata: unknown): void {
  const head = { type: 'sync', status: 'Success', status_code: 200, operation: '', error_code: 0, error: '' };
  sendText(response, 200, `${JSON.stringify({ ...head, metadata })}\n`);
}

function sendError(response: ServerResponse, status: number, message: string): void {
  sendText(response, status, errorBody(status, message));
}

function errorBody(status: number, message: string): string {
  const head = { type: 'error', status: '', status_code: 0, operation: '' };
  return `${JSON.stringify({ ...head, error_code: status, error: message, metadata: null })}\n`;
}

function sendText(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(body);
}
