import { getEventListeners } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { IpmiClient } from '../../../../../src/sources/bmc/client/ipmi/client.ts';
import { PASSWORD, soon, useSimulated } from '../../../../fakes/bmc/simulated.ts';
import { failure } from '../failure.ts';

const deviceId = { netFn: 6, command: 0x01 };
const readingOf = (number: number) => ({ netFn: 4, command: 0x2d, data: [number] });

const start = useSimulated();

describe('a kept session', () => {
  test('survives a restart of the BMC: opened anew once', async () => {
    const { client, server } = start();
    await client.request(deviceId, soon());
    server.restart();
    await client.request(deviceId, soon());
    expect(client.statistics.sessions).toBe(2);
  });

  test('is given up when the second session is silent too', async () => {
    const { client, server, loopback } = start();
    await client.request(deviceId, soon());
    server.restart();
    loopback.network = (datagram) => [...[datagram].filter(() => datagram[5] !== 0xc0)];
    expect((await failure(client.request(deviceId, soon()))).code).toBe('timeout');
    expect(client.statistics.sessions).toBe(2);
  });

  test('is not tried when the BMC must have dropped it', async () => {
    let now = 0;
    const { client } = start({ now: () => now }, { clock: { now: () => now } });
    await client.request(deviceId, soon());
    now = 60_000;
    const { sent } = client.statistics;
    await client.request(deviceId, soon());
    expect(client.statistics.sessions).toBe(2);
    expect(client.statistics.retries).toBe(0);
    expect(client.statistics.sent - sent).toBe(4);
  });

  test('is held by a request every 20 s, and given back when nobody uses it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const { client, server } = start({}, { idle: 'keep' });
    await client.request(deviceId, soon());
    for (let second = 0; second < 300; second += 20) await vi.advanceTimersByTimeAsync(20_000);
    expect(server.sessionCount).toBe(1);
    expect(client.statistics.sessions).toBe(1);
    for (let second = 0; second < 400; second += 20) await vi.advanceTimersByTimeAsync(20_000);
    expect(server.sessionCount).toBe(0);
  });

  test('is closed after two idle seconds by default', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const { client, server } = start();
    await client.request(deviceId, soon());
    await vi.advanceTimersByTimeAsync(1_500);
    expect(server.sessionCount).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.sessionCount).toBe(0);
  });

  test('is closed at the BMC when the client closes', async () => {
    const { client, server, loopback } = start();
    await client.request(deviceId, soon());
    await client.close();
    expect(server.sessionCount).toBe(0);
    expect(loopback.openCount).toBe(0);
    expect((await failure(client.request(deviceId, soon()))).code).toBe('closed');
  });

  test('closing rejects what is under way', async () => {
    const { client, loopback } = start({}, { retry: { attempts: 3, firstMs: 60_000, growth: 1 } });
    await client.request(deviceId, soon());
    loopback.network = () => [];
    const pending = failure(client.request(deviceId, soon()));
    await Promise.resolve();
    await client.close();
    expect((await pending).code).toBe('closed');
  });
});

describe('answers', () => {
  test('a refusal has the code that fits', async () => {
    const { client } = start();
    expect((await failure(client.request({ netFn: 6, command: 0x52, data: [7, 0x78, 2, 0x97] }, soon()))).code).toBe(
      'forbidden',
    );
    expect((await failure(client.request({ netFn: 0x30, command: 0x70 }, soon()))).code).toBe('unsupported');
    expect((await failure(client.request(readingOf(0xee), soon()))).code).toBe('not_found');
  });

  test('a busy BMC is asked again', async () => {
    let busy = 2;
    const { client } = start(
      {},
      {},
      (run) =>
        (...args) =>
          args[1] === 0x2d && busy-- > 0 ? [0xc0] : run(...args),
    );
    expect((await client.request(readingOf(0x01), soon()))[0]).toBe(47);
  });

  test('a BMC that stays busy is unavailable', async () => {
    const { client } = start(
      {},
      {},
      (run) =>
        (...args) =>
          args[1] === 0x2d ? [0xc0] : run(...args),
    );
    expect((await failure(client.request(readingOf(0x01), soon()))).code).toBe('unavailable');
  });

  test('an aborted request is a time-out, and leaves room for the next', async () => {
    const { client, loopback } = start({}, { window: 1, retry: { attempts: 3, firstMs: 60_000, growth: 1 } });
    await client.request(deviceId, soon());
    const { network } = loopback;
    loopback.network = () => [];
    const abort = new AbortController();
    const [first, second] = [
      failure(client.request(deviceId, abort.signal)),
      failure(client.request(deviceId, abort.signal)),
    ];
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    expect([(await first).code, (await second).code]).toEqual(['timeout', 'timeout']);
    loopback.network = network;
    await client.request(deviceId, soon());
  });

  test('a signal ends the requests that wait on it, underway and queued, and no others', async () => {
    const { client, loopback } = start({}, { window: 1, retry: { attempts: 3, firstMs: 60_000, growth: 1 } });
    await client.request(deviceId, soon());
    const { network } = loopback;
    loopback.network = () => [];
    const abort = new AbortController();
    const ended = [deviceId, deviceId, deviceId].map((request) => failure(client.request(request, abort.signal)));
    const other = client.request(deviceId, soon());
    await new Promise((resolve) => setImmediate(resolve));
    loopback.network = network;
    abort.abort();
    expect((await Promise.all(ended)).map(({ code }) => code)).toEqual(['timeout', 'timeout', 'timeout']);
    expect((await other).length).toBeGreaterThan(10);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  test('a signal that outlives many requests is left without a listener', async () => {
    const { client } = start({}, { window: 2 });
    const { signal } = new AbortController();
    for (let round = 0; round < 3; round++)
      await Promise.all([deviceId, deviceId, deviceId].map((request) => client.request(request, signal)));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('no more requests are on their way than the window allows', async () => {
    let underway = 0;
    let most = 0;
    const { client, loopback } = start({}, { window: 2 });
    await client.request(deviceId, soon());
    loopback.network = (datagram, direction) => {
      underway += direction === 'to-bmc' ? 1 : 0;
      most = Math.max(most, underway);
      if (direction === 'to-client') setImmediate(() => underway--);
      return [datagram];
    };
    await Promise.all(Array.from({ length: 20 }, () => client.request(deviceId, soon())));
    expect(most).toBe(2);
  });
});

test('the credential is in no property of the client', () => {
  const { client } = start();
  expect(JSON.stringify(client)).not.toContain(PASSWORD);
  expect(client).toBeInstanceOf(IpmiClient);
});
