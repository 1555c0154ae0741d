import { describe, expect, test } from 'vitest';
import { soon, useSimulated } from '../../../../fakes/bmc/simulated.ts';
import { failure } from '../failure.ts';

const deviceId = { netFn: 6, command: 0x01 };
const readingOf = (number: number) => ({ netFn: 4, command: 0x2d, data: [number] });

const start = useSimulated();

describe('a bad network', () => {
  test('a lost request is sent again; the answer belongs to it', async () => {
    const { client, loopback } = start();
    await client.request(deviceId, soon());
    let lost = 0;
    loopback.network = (datagram) => (lost++ < 2 ? [] : [datagram]);
    expect((await client.request(readingOf(0x01), soon()))[0]).toBe(47);
    expect(client.statistics.retries).toBe(2);
  });

  test('every answer reaches its own request, with loss, repeats and another order', async () => {
    const { board, client, loopback } = start({}, { retry: { attempts: 12, firstMs: 30, growth: 1 } });
    await client.request(deviceId, soon());
    let count = 0;
    let held: Buffer[] = [];
    loopback.network = (datagram, direction) => {
      count++;
      if (count % 7 === 0) return [];
      if (direction === 'to-bmc') return [datagram];
      if (count % 5 === 0) {
        held.push(datagram);
        return [];
      }
      const arrived = [datagram, ...held];
      held = [];
      return count % 3 === 0 ? [...arrived, datagram] : arrived;
    };
    for (let round = 0; round < 4; round++) {
      const temperatures = board.sensors.filter(({ type, value }) => type === 1 && value !== undefined);
      const readings = await Promise.all(temperatures.map(({ number }) => client.request(readingOf(number), soon())));
      expect(readings.map((data) => data[0])).toEqual(temperatures.map(({ value }) => value));
    }
    expect(client.statistics.dropped.duplicate).toBeGreaterThan(0);
    expect(client.statistics.sessions).toBe(1);
  });

  test('an answer that comes after the one to the second attempt is late', async () => {
    const { client, loopback } = start();
    await client.request(deviceId, soon());
    const held: Buffer[] = [];
    loopback.network = (datagram, direction) => {
      if (direction === 'to-bmc' || held.length > 0) return [datagram];
      held.push(datagram);
      return [];
    };
    expect((await client.request(readingOf(0x01), soon()))[0]).toBe(47);
    loopback.inject(held[0] as Buffer);
    expect(client.statistics.dropped.late).toBe(1);
    expect((await client.request(readingOf(0x02), soon()))[0]).toBe(49);
  });

  test('one request that stays without an answer does not end the session', async () => {
    const { client, server } = start();
    await client.request(deviceId, soon());
    const answer = server.answer.bind(server);
    // Only the long request is longer than this.
    server.answer = (datagram) => (datagram.length > 82 ? undefined : answer(datagram));
    const long = failure(client.request({ netFn: 10, command: 0x11, data: Buffer.alloc(24) }, soon()));
    const busy = (async () => {
      for (let i = 0; i < 40; i++) {
        await client.request(deviceId, soon());
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    expect((await long).code).toBe('timeout');
    await busy;
    expect(client.statistics.sessions).toBe(1);
  });

  test('garbage, foreign and forged datagrams are dropped and counted', async () => {
    const { client, loopback } = start();
    await client.request(deviceId, soon());
    loopback.network = (datagram, direction) => {
      if (direction === 'to-bmc') return [datagram];
      const foreign = Buffer.from(datagram);
      foreign.writeUInt32LE(0x1234, 6);
      const forged = Buffer.from(datagram);
      forged[forged.length - 1] = (forged[forged.length - 1] as number) ^ 1;
      return [Buffer.from('garbage'), foreign, forged, datagram];
    };
    expect((await client.request(readingOf(0x01), soon()))[0]).toBe(47);
    expect(client.statistics.dropped).toMatchObject({ malformed: 1, foreign: 1, forged: 1 });
  });

  test('a forged refusal during set-up is as good as a real one, a forged RAKP 2 is not', async () => {
    const { client, loopback } = start();
    loopback.network = (datagram, direction) => {
      if (direction === 'to-bmc' || datagram[5] !== 0x13) return [datagram];
      const forged = Buffer.from(datagram);
      forged[30] = (forged[30] as number) ^ 0xff;
      return [forged];
    };
    expect((await failure(client.request(deviceId, soon()))).code).toBe('auth');
  });

  test('an answer to RAKP 1 that overtakes a second one does not spoil the login', async () => {
    const { client, loopback } = start();
    let held: Buffer | undefined;
    loopback.network = (datagram, direction) => {
      if (direction === 'to-bmc' || datagram[5] !== 0x13 || held) return [datagram];
      // The first answer is late: the BMC has drawn another random number by the time it arrives.
      held = datagram;
      return [];
    };
    const { network } = loopback;
    loopback.network = (datagram, direction) => {
      const arrived = network(datagram, direction);
      return direction === 'to-client' && datagram[5] === 0x13 && held && arrived.length > 0 ? [held] : arrived;
    };
    const first = client.request(deviceId, soon());
    await expect.poll(() => client.statistics.retries).toBeGreaterThan(0);
    await expect.poll(() => client.statistics.sent).toBeGreaterThan(4);
    loopback.network = (datagram) => [datagram];
    await first;
    expect(client.statistics.sessions).toBe(1);
  });

  test('a forged RAKP 4 is refused', async () => {
    const { client, loopback } = start();
    loopback.network = (datagram, direction) => {
      if (direction === 'to-bmc' || datagram[5] !== 0x15) return [datagram];
      const forged = Buffer.from(datagram);
      forged[25] = (forged[25] as number) ^ 0xff;
      return [forged];
    };
    expect(await failure(client.request(deviceId, soon()))).toEqual({
      code: 'auth',
      text: expect.stringContaining('RAKP 4'),
    });
  });
});
