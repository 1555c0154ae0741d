import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answer } from './answers.ts';
import { type DemoRouter, type RoutingModel, routers } from './model.ts';

/** How long vtysh takes to start. */
const VTYSH_MS = 40;

interface Run {
  readonly stdout: string;
  readonly code: number;
  readonly endsAt: number;
}

/** LXD's unix socket, as far as running vtysh in one of the routers goes: exec with recorded output. */
export async function startExecApi(model: RoutingModel, path: string): Promise<() => Promise<void>> {
  const runs = new Map<string, Run>();
  const server = createServer((request, response) => {
    handle(model, runs, request, response).catch(() => response.destroy());
  });
  server.listen(path);
  await once(server, 'listening');
  return async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
}

async function handle(
  model: RoutingModel,
  runs: Map<string, Run>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://lxd');
  const [, , kind = '', name = '', ...rest] = pathname.split('/');
  if (kind === 'instances' && rest[0] === 'exec') return startRun(model, runs, name, request, response);
  if (kind === 'operations' && rest[0] === 'wait') return wait(runs, name, response);
  const id = /exec_(\d+)\.std/.exec(pathname)?.[1] ?? '';
  const run = runs.get(id);
  if (!run) return fail(response, 404, 'Not Found');
  if (request.method === 'DELETE') {
    // The last of the two to be deleted.
    if (pathname.endsWith('.stderr')) runs.delete(id);
    return reply(response, 200, { type: 'sync', status_code: 200, metadata: {} });
  }
  response.setHeader('content-type', 'application/octet-stream');
  response.end(pathname.endsWith('.stdout') ? run.stdout : '');
}

let runCount = 0;

async function startRun(
  model: RoutingModel,
  runs: Map<string, Run>,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { command } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { command: readonly string[] };
  const router = routers.find((one) => one.name === name);
  if (!router) return fail(response, 404, 'Instance not found');
  if (!model.isRunning(router)) return fail(response, 400, 'Instance is not running');
  const id = String(++runCount);
  runs.set(id, { ...runVtysh(model, router, command), endsAt: Date.now() + VTYSH_MS });
  reply(response, 202, { type: 'async', status_code: 103, operation: `/1.0/operations/${id}`, metadata: {} });
}

function runVtysh(model: RoutingModel, router: DemoRouter, argv: readonly string[]): Pick<Run, 'stdout' | 'code'> {
  let stdout = '';
  for (const [index, word] of argv.entries()) {
    if (word !== '-c') continue;
    const [text, status] = answer(model, router, argv[index + 1] ?? '');
    stdout += text;
    // vtysh stops at the first command that fails.
    if (status > 1) return { stdout, code: 1 };
  }
  return { stdout, code: 0 };
}

async function wait(runs: ReadonlyMap<string, Run>, id: string, response: ServerResponse): Promise<void> {
  const run = runs.get(id);
  if (!run) return fail(response, 404, 'Operation not found');
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, run.endsAt - Date.now())));
  const output = { 1: `/1.0/instances/x/logs/exec_${id}.stdout`, 2: `/1.0/instances/x/logs/exec_${id}.stderr` };
  const metadata = { status_code: 200, err: '', metadata: { return: run.code, output } };
  reply(response, 200, { type: 'sync', status_code: 200, metadata });
}

const fail = (response: ServerResponse, status: number, error: string): void =>
  reply(response, status, { type: 'error', error_code: status, error });

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
