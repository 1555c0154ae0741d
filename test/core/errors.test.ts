import { createServer as createHttp } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { gunzipSync, gzipSync } from 'node:zlib';
import { request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { codeOf, describeError, errorCodes, SourceError } from '../../src/core/errors.ts';

/** What a server that does `listener` to each connection makes of the attempt of `client`. */
async function failureAgainst(
  listener: Parameters<typeof createServer>[1],
  client: (port: number) => Promise<unknown>,
) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return client((server.address() as AddressInfo).port).then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error,
  );
}

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

const untilError = (socket: ReturnType<typeof connect>) =>
  new Promise<void>((resolve, reject) => socket.on('error', reject).on('close', () => resolve()));

test('a SourceError keeps its code through the errors around it', () => {
  const inner = new SourceError('auth', 'wrong password');
  expect(codeOf(inner)).toBe('auth');
  expect(codeOf(new Error('login', { cause: new Error('session', { cause: inner }) }))).toBe('auth');
  expect(inner).toBeInstanceOf(Error);
  expect(inner.name).toBe('SourceError');
});

test('a port where nobody listens is connect', async () => {
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });
  const error = await untilError(connect(port, '127.0.0.1')).catch((e) => e);
  expect(codeOf(error)).toBe('connect');
  // With a name of several addresses, Node gives an AggregateError; undici wraps what it gets.
  expect(codeOf(await request(`http://localhost:${port}/`).catch((e) => e))).toBe('connect');
});

test('a socket that is not there is connect', async () => {
  expect(codeOf(await untilError(connect('/nonexistent/socket')).catch((e) => e))).toBe('connect');
});

test('a peer that does not speak TLS is tls', async () => {
  const error = await failureAgainst(
    (socket) => void socket.on('error', () => undefined).end('SSH-2.0-x\r\n'),
    (port) => untilError(connectTls({ port, host: '127.0.0.1' })),
  );
  expect(codeOf(error)).toBe('tls');
});

test('a peer that does not speak HTTP is protocol', async () => {
  const error = await failureAgainst(
    (socket) => void socket.on('error', () => undefined).end('SSH-2.0-x\r\n'),
    (port) => request(`http://127.0.0.1:${port}/`),
  );
  expect(codeOf(error)).toBe('protocol');
});

test('a peer that closes instead of answering is connect', async () => {
  const error = await failureAgainst(
    (socket) => void socket.on('error', () => undefined).once('data', () => socket.destroy()),
    (port) => request(`http://127.0.0.1:${port}/`),
  );
  expect(codeOf(error)).toBe('connect');
});

test('running out of time is timeout, being told to stop is closed', async () => {
  const server = createHttp(() => undefined).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(codeOf(await request(url, { signal: AbortSignal.timeout(1) }).catch((e) => e))).toBe('timeout');
  expect(codeOf(await request(url, { signal: AbortSignal.abort() }).catch((e) => e))).toBe('closed');
  expect(codeOf(await request(url, { headersTimeout: 1 }).catch((e) => e))).toBe('timeout');
});

test.each([
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['EHOSTUNREACH', 'connect'],
  ['ENETDOWN', 'connect'],
  ['UND_ERR_DESTROYED', 'closed'],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'too_large'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'protocol'],
  ['EMFILE', 'internal'],
])('%s is %s', (code, expected) => {
  expect(codeOf(new Error('read', { cause: Object.assign(new Error('inner'), { code }) }))).toBe(expected);
});

test('a compressed answer that is damaged is protocol', () => {
  expect(codeOf(caught(() => gunzipSync(Buffer.from('no gzip'))))).toBe('protocol');
  expect(codeOf(caught(() => gunzipSync(gzipSync('text').subarray(0, -9))))).toBe('protocol');
});

test.each([new TypeError('x is not a function'), 'a string', undefined, null, 5, { code: 'ECONNREFUSED' }])(
  'anything else is a fault of ours: %s',
  (thrown) => {
    expect(codeOf(thrown)).toBe('internal');
  },
);

test('a chain of causes that bites its tail ends', () => {
  const error = new Error('one');
  error.cause = new Error('two', { cause: error });
  expect(codeOf(error)).toBe('internal');
  expect(describeError(error)).toBe('one: two');
});

test('a description is one line and says nothing twice', () => {
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:1');
  expect(describeError(new SourceError('connect', 'no manager answers', { cause }))).toBe(
    'no manager answers: connect ECONNREFUSED 127.0.0.1:1',
  );
  expect(describeError(new Error(`failed: ${cause.message}`, { cause }))).toBe(`failed: ${cause.message}`);
  expect(describeError(new Error('two\n  lines'))).toBe('two lines');
  expect(describeError('just a string')).toBe('just a string');
  expect(describeError(new RangeError())).toBe('RangeError');
});

test('every code is explained in a sentence', () => {
  for (const [code, text] of Object.entries(errorCodes)) {
    expect(code).toMatch(/^[a-z_]+$/);
    expect(text).toMatch(/^(rackwatch|[A-Z]).*\.$/);
  }
});
