import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface RedfishServerOptions {
  readonly user: string;
  readonly password: string;
  /** Built anew for every request. */
  resources(): Readonly<Record<string, object>>;
}

const SESSIONS = '/redfish/v1/SessionService/Sessions';

/** Answers GET with a login by Basic or by session; the root needs none (DSP0266 §13). */
export function createRedfishServer(options: RedfishServerOptions): Server {
  const tokens = new Map<string, string>();
  return createServer((request, response) => {
    const path = (request.url ?? '/').replace(/\?.*$/, '').replace(/(?<=.)\/$/, '');
    if (request.method === 'POST' && path === SESSIONS) void logIn(options, tokens, request, response);
    else if (path !== '/redfish/v1' && !isKnown(options, tokens, request)) reply(response, 401, {});
    else if (request.method === 'DELETE') reply(response, tokens.delete(path) ? 204 : 404, {});
    else replyResource(response, path, options.resources()[path]);
  });
}

function replyResource(response: ServerResponse, path: string, resource: object | undefined): void {
  reply(response, resource ? 200 : 404, { '@odata.id': path, ...resource });
}

function reply(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(status === 204 ? undefined : JSON.stringify(body));
}

function isKnown({ password, user }: RedfishServerOptions, tokens: Map<string, string>, request: IncomingMessage) {
  const token = request.headers['x-auth-token'];
  if (typeof token === 'string') return [...tokens.values()].includes(token);
  return request.headers.authorization === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

async function logIn(
  { password, user }: RedfishServerOptions,
  tokens: Map<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let text = '';
  for await (const chunk of request) text += chunk;
  const login = JSON.parse(text) as { UserName?: string; Password?: string };
  if (login.UserName !== user || login.Password !== password) {
    reply(response, 401, {});
    return;
  }
  const [path, token] = [`${SESSIONS}/${tokens.size + 1}`, randomUUID()];
  tokens.set(path, token);
  reply(response, 201, { '@odata.id': path }, { 'x-auth-token': token, location: path });
}
