import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { HttpTextClient } from '../../../../../src/sources/ceph/client/manager/http-text.ts';
import { askManagers } from '../../../../../src/sources/ceph/client/manager/managers.ts';
import { type FakeManager, type ManagerBehaviour, startFakeManager } from '../../../../fakes/ceph-manager.ts';

const body =
  '\n# HELP ceph_health_status Cluster health status\nceph_health_status 0.0\nceph_osd_up{ceph_daemon="osd.0"} 1.0\n';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function startManagers(...behaviours: ManagerBehaviour[]): Promise<FakeManager[]> {
  const managers = await Promise.all(behaviours.map(startFakeManager));
  closers.push(...managers.map((manager) => manager.close));
  return managers;
}

async function ask(urls: readonly string[], timeoutMs = 10_000) {
  const http = new HttpTextClient();
  closers.push(() => http.close());
  const answers = await askManagers(urls, http.fetch, AbortSignal.timeout(timeoutMs));
  return answers.map(({ manager: _, ...answer }) => answer);
}

test.each<[string, ManagerBehaviour, object]>([
  [
    'serves metrics',
    { kind: 'active', body },
    { state: 'active', body: Buffer.from(body), clockOffsetSeconds: expect.any(Number) },
  ],
  ['answers 200 and nothing', { kind: 'standby' }, { state: 'standby' }],
  ['redirects', { kind: 'redirect' }, { state: 'standby' }],
  ['answers 503', { kind: 'starting' }, { state: 'unavailable', code: 'unavailable' }],
  ['answers HTML', { kind: 'html' }, { state: 'unavailable', code: 'protocol' }],
  ['sends half of its page', { kind: 'cut', body }, { state: 'unavailable', code: 'protocol' }],
  ['serves something else', { kind: 'active', body: 'up 1\n' }, { state: 'unavailable', code: 'protocol' }],
  [
    'ends in the middle of a line',
    { kind: 'active', body: body.slice(0, -3) },
    { state: 'unavailable', code: 'protocol' },
  ],
])('a manager that %s', async (_, behaviour, answer) => {
  const [manager] = await startManagers(behaviour);
  expect(await ask([manager?.url ?? ''])).toEqual([answer]);
});

test('a manager that hangs is unavailable when the time is over', async () => {
  const [manager] = await startManagers({ kind: 'hang' });
  expect(await ask([manager?.url ?? ''], 200)).toEqual([{ state: 'unavailable', code: 'timeout' }]);
});

test('a manager that nobody listens for is unavailable', async () => {
  const [manager] = await startManagers({ kind: 'standby' });
  await manager?.close();
  expect(await ask([manager?.url ?? ''])).toEqual([{ state: 'unavailable', code: 'connect' }]);
});

test('one that hangs does not keep the active one waiting', async () => {
  const managers = await startManagers({ kind: 'hang' }, { kind: 'active', body }, { kind: 'standby' });
  const answers = await ask(
    managers.map(({ url }) => url),
    60_000,
  );
  expect(answers.map(({ state }) => state)).toEqual(['unavailable', 'active', 'standby']);
});

test('a path in the URL is asked for as it is', async () => {
  const paths: string[] = [];
  const server = createServer(({ url }, response) => {
    paths.push(url ?? '');
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closers.push(async () => void server.close());
  await ask([base, `${base}/`, `${base}/ceph/metrics`]);
  expect(paths.sort()).toEqual(['/ceph/metrics', '/metrics', '/metrics']);
});

test('a page without end is refused at the bound', async () => {
  const server = createServer((_, response) => {
    // Once the client has gone, a write calls back with an error: at once, on Node 26, and nothing else would get a turn.
    const write = (error?: Error | null) => void (error || response.write('ceph_health_status 0\n'.repeat(500), write));
    write();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const http = new HttpTextClient(100_000);
  closers.push(
    () => http.close(),
    async () => void server.close(),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  await expect(http.fetch(url, AbortSignal.timeout(20_000))).rejects.toMatchObject({ code: 'too_large' });
});

test('the active manager tells the time of its host, to the second', async () => {
  const server = createServer((_request, response) => {
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    response.writeHead(200, { 'content-type': 'text/plain', date }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => void server.close());
  const [answer] = await ask([`http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
  const offset = (answer as { clockOffsetSeconds: number }).clockOffsetSeconds;
  expect(Math.abs(offset - 3600)).toBeLessThan(30);
});
