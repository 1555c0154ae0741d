import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { codeOf } from '../../../../src/core/errors.ts';
import { LxdServer } from '../../../../src/sources/lxd/client/server.ts';
import { httpOnSocket } from '../../../fakes/http-on-socket.ts';

const soon = () => AbortSignal.timeout(5000);
const ok = (metadata: unknown) => JSON.stringify({ type: 'sync', status: 'Success', status_code: 200, metadata });
const refused = (code: number, error: string) =>
  JSON.stringify({ type: 'error', status: '', status_code: 0, error_code: code, error, metadata: null });

async function failureOf(listener: RequestListener, signal = soon(), maxBodyBytes = 10_000) {
  const http = await httpOnSocket(listener);
  const server = new LxdServer({ endpoint: http.endpoint, maxBodyBytes });
  try {
    const answer = await server.get('/1.0', signal);
    throw new Error(`it answered ${JSON.stringify(answer)}`);
  } catch (error) {
    return { code: codeOf(error), message: (error as Error).message };
  } finally {
    await server.close();
    await http.close();
  }
}

test('an answer is its metadata, and the query is encoded', async () => {
  const http = await httpOnSocket((_request, response) => response.end(ok({ a: [1] })));
  const server = new LxdServer({ endpoint: http.endpoint, maxBodyBytes: 1000 });
  expect(await server.get('/1.0/x', soon(), { project: 'a b&c', recursion: 1, target: undefined })).toEqual({ a: [1] });
  expect(http.asked).toEqual(['/1.0/x?project=a+b%26c&recursion=1']);
  await server.close();
  await http.close();
});

test.each([
  [401, 'auth'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [423, 'unavailable'],
  [500, 'unavailable'],
  [501, 'unsupported'],
  [503, 'unavailable'],
  [400, 'protocol'],
])('status %i is %s, with LXD’s reason', async (status, code) => {
  const failure = await failureOf((_request, response) => {
    response.statusCode = status;
    response.end(refused(status, 'because'));
  });
  expect(failure).toEqual({ code, message: `/1.0: LXD answered ${status}: because` });
});

test.each([
  ['HTML', '<html>hello</html>'],
  ['nothing', ''],
  ['cut JSON', ok({ a: 1 }).slice(0, -3)],
  ['binary', '\u0000\u0001\u0002'],
  ['other JSON', '[]'],
  ['null', 'null'],
])('%s is not LXD', async (_name, body) => {
  const { code, message } = await failureOf((_request, response) => response.end(body));
  expect(code).toBe('protocol');
  expect(message).toMatch(/is it LXD\?|not as LXD does/);
});

test('a huge answer is cut off at the bound', async () => {
  const failure = await failureOf((_request, response) => response.end(ok('x'.repeat(50_000))));
  expect(failure).toEqual({ code: 'too_large', message: expect.stringContaining('exceeds 10000 bytes') });
});

test('a server that says nothing, or stops in the middle, is a time-out', async () => {
  const silent = await failureOf(() => undefined, AbortSignal.timeout(50));
  expect(silent).toEqual({ code: 'timeout', message: expect.stringContaining('did not answer /1.0 in time') });
  const crawling = await failureOf((_request, response) => response.write('{"type":'), AbortSignal.timeout(50));
  expect(crawling.code).toBe('timeout');
});

test('a connection that is cut in the middle of an answer is a connection error', async () => {
  const failure = await failureOf((request, response) => {
    response.setHeader('content-length', 1000);
    response.write('{"type":"sync"');
    setImmediate(() => request.socket.destroy());
  });
  expect(failure.code).toBe('connect');
});

test('no server at all is a connection error that names the endpoint', async () => {
  const server = new LxdServer({ endpoint: 'unix:///nonexistent/socket', maxBodyBytes: 1000 });
  const failure = await server.get('/1.0', soon()).catch((error: unknown) => error);
  expect(codeOf(failure)).toBe('connect');
  expect((failure as Error).message).toContain('unix:///nonexistent/socket');
  await server.close();
});

test.each([
  ['an hour ahead', (now: number) => new Date(now + 3_600_000).toUTCString(), 3600],
  ['garbage', () => 'soon', undefined],
])('a greeting tells what it is and its clock: %s', async (_name, dateOf, expected) => {
  const info = { auth: 'trusted', api_extensions: [], environment: { server: 'lxd', server_version: '5.0.2' } };
  const http = await httpOnSocket((_request, response) => {
    response.writeHead(200, { date: dateOf(Date.now()) }).end(ok(info));
  });
  const server = new LxdServer({ endpoint: http.endpoint, maxBodyBytes: 10_000 });
  const greeting = await server.greet(soon());
  expect(greeting.info).toEqual(info);
  if (expected === undefined) expect(greeting.clockOffsetSeconds).toBeUndefined();
  else expect(Math.abs((greeting.clockOffsetSeconds ?? 0) - expected)).toBeLessThan(30);
  await server.close();
  await http.close();
});
