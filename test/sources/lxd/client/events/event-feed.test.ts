import type { Duplex } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import type { LxdEvent } from '../../../../../src/sources/lxd/client/events/event.ts';
import { EventFeed } from '../../../../../src/sources/lxd/client/events/event-feed.ts';
import { LxdServer } from '../../../../../src/sources/lxd/client/server.ts';
import { type FakeHttp, httpOnSocket } from '../../../../fakes/http-on-socket.ts';
import { acceptWebSocket, clientFrames, frame, refusal } from '../../../../fakes/websocket.ts';

const event = (action: string) =>
  frame({
    opcode: 1,
    payload: JSON.stringify({ type: 'lifecycle', timestamp: '2026-11-24T23:57:39Z', metadata: { action, source: '' } }),
  });

let cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const end of cleanUp.reverse()) await end();
  cleanUp = [];
});

/** A feed of a server that does this with each stream that is asked for. */
async function follow(serve: (socket: Duplex, count: number, http: FakeHttp) => void, acceptKey?: string) {
  let count = 0;
  const http: FakeHttp = await httpOnSocket(
    (_request, response) => response.end('{}'),
    (request, socket) => {
      socket.on('error', () => undefined);
      if (!acceptKey?.startsWith('HTTP')) acceptWebSocket(request, socket, acceptKey);
      serve(socket, ++count, http);
    },
  );
  const server = new LxdServer({ endpoint: http.endpoint, maxBodyBytes: 1000 });
  const events: LxdEvent[] = [];
  let connects = 0;
  const feed = new EventFeed({
    connect: (signal) => server.openWebSocket('/1.0/events', signal, { type: 'lifecycle' }),
    onEvent: (one) => events.push(one),
    onConnected: async () => {
      connects++;
      throw new Error('the lists cannot be had now');
    },
  });
  cleanUp.push(
    () => http.close(),
    () => server.close(),
    () => feed.close(),
  );
  const actions = () => events.map((one) => (one.kind === 'lifecycle' ? one.action : one.kind));
  return { feed, http, actions, connects: () => connects };
}

test('hands over every event, and answers pings with what they carry', async () => {
  const sent: Buffer[] = [];
  const { actions, feed, http } = await follow((socket) => {
    socket.on('data', (chunk: Buffer) => sent.push(chunk));
    socket.write(Buffer.concat([event('a'), frame({ opcode: 9, payload: 'are you there' }), event('b')]));
  });
  await feed.start();
  expect(http.asked).toEqual(['/1.0/events?type=lifecycle']);
  await vi.waitFor(() => expect(actions()).toEqual(['a', 'b']));
  await vi.waitFor(() =>
    expect(clientFrames(Buffer.concat(sent))).toEqual([{ opcode: 10, payload: Buffer.from('are you there') }]),
  );
  expect(feed.connected).toBe(true);
  expect(feed.failure).toBeUndefined();
});

test('a stream that ends, breaks or tells nonsense is opened again, and the state is read again each time', async () => {
  const { actions, connects, feed } = await follow((socket, count) => {
    socket.write(event(`of stream ${count}`));
    if (count === 1) socket.write(frame({ opcode: 8 }));
    if (count === 2) socket.write(frame({ opcode: 1, payload: 'hello' }));
    if (count === 3) socket.destroy();
  });
  await feed.start();
  await vi.waitFor(() => expect(actions().at(-1)).toBe('of stream 4'), { timeout: 10_000 });
  expect(connects()).toBe(4);
  expect(feed.connected).toBe(true);
});

test('a peer that keeps silent and answers no ping is given up', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  const { feed, connects } = await follow(() => undefined);
  await feed.start();
  vi.advanceTimersByTime(20_000);
  expect(feed.connected).toBe(true);
  vi.advanceTimersByTime(10_000);
  await vi.waitFor(() => expect(feed.failure).toMatchObject({ code: 'timeout' }));
  vi.useRealTimers();
  await vi.waitFor(() => expect(connects()).toBe(2));
});

test.each([
  [403, 'forbidden', true],
  [404, 'not_found', true],
  [500, 'unavailable', false],
])('a server that answers %i instead: %s', async (status, code, isRefused) => {
  const { feed } = await follow((socket) => void socket.end(refusal(status)), 'HTTP');
  await feed.start();
  expect(feed.failure).toMatchObject({ code, message: `/1.0/events: LXD answered ${status}: not authorized` });
  expect(feed).toMatchObject({ connected: false, isRefused });
});

test('a server that takes the wish for another one is not believed', async () => {
  const { feed } = await follow(() => undefined, 'somebody else');
  await feed.start();
  expect(feed.failure).toMatchObject({ code: 'protocol' });
});

test('closing ends the stream and every further attempt', async () => {
  const ended = vi.fn();
  const { feed, http } = await follow((socket) => socket.on('end', ended).resume());
  await feed.start();
  await feed.close();
  await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce());
  expect(feed.connected).toBe(false);
  expect(http.asked).toHaveLength(1);
});

test('closing before there is a connection ends the attempt', async () => {
  const { feed } = await follow(() => undefined, 'HTTP');
  const started = feed.start();
  await feed.close();
  await started;
  expect(feed.failure).toBeDefined();
  expect(feed.connected).toBe(false);
});

test('a server that refuses what it allowed before has just been started: it is asked again soon', async () => {
  let asked = 0;
  const http = await httpOnSocket(
    (_request, response) => response.end('{}'),
    (request, socket) => {
      socket.on('error', () => undefined);
      asked++;
      if (asked === 2) return void socket.end(refusal(403));
      acceptWebSocket(request, socket);
      if (asked === 1) socket.end();
    },
  );
  const server = new LxdServer({ endpoint: http.endpoint, maxBodyBytes: 1000 });
  const feed = new EventFeed({
    connect: (signal) => server.openWebSocket('/1.0/events', signal, {}),
    onEvent: () => undefined,
    onConnected: async () => undefined,
  });
  cleanUp.push(
    () => http.close(),
    () => server.close(),
    () => feed.close(),
  );
  await feed.start();
  await vi.waitFor(() => expect([asked, feed.connected]).toEqual([3, true]), { timeout: 20_000 });
  expect(feed.isRefused).toBe(false);
});
