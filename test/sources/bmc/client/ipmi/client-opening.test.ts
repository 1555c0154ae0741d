import { describe, expect, test } from 'vitest';
import { PASSWORD, soon, useSimulated } from '../../../../fakes/bmc/simulated.ts';
import { failure } from '../failure.ts';

const deviceId = { netFn: 6, command: 0x01 };

const start = useSimulated();

describe('opening', () => {
  test.each([
    ['the strongest on offer', [1, 3], 'auto'],
    ['SHA-1 where nothing else is offered', [1], 'auto'],
    ['suite 17 alone', [3], 17],
    ['suite 3 alone', [1, 3], 3],
  ] as const)('%s', async (_, algorithms, cipherSuite) => {
    const { client, server } = start({ algorithms }, { cipherSuite });
    expect((await client.request(deviceId, soon())).toString('hex')).toBe('2001038802bf7c2a00650800000000');
    expect(server.sessionCount).toBe(1);
  });

  test('falls back from 17 to 3 when the list of suites is not answered', async () => {
    const { client, loopback } = start({ algorithms: [1] });
    loopback.network = (datagram, direction) => (direction === 'to-bmc' && datagram[4] === 0 ? [] : [datagram]);
    await client.request(deviceId, soon());
    expect(client.statistics.sessions).toBe(1);
  });

  test('a configured suite that is not offered is refused with a clear message', async () => {
    const { client } = start({ algorithms: [1] }, { cipherSuite: 17 });
    expect(await failure(client.request(deviceId, soon()))).toEqual({
      code: 'unsupported',
      text: 'the BMC offers neither cipher suite 3 nor 17, or not the one configured',
    });
  });

  test.each([
    [
      'a wrong password',
      { user: 'monitor', password: (): string => 'guess', privilege: 'user' },
      'auth',
      /password is wrong/,
    ],
    [
      'an unknown user',
      { user: 'nobody', password: (): string => PASSWORD, privilege: 'user' },
      'auth',
      /user is unknown/,
    ],
    [
      'too high a privilege',
      { user: 'monitor', password: (): string => PASSWORD, privilege: 'administrator' },
      'forbidden',
      /09h/,
    ],
    [
      'a password of 21 bytes',
      { user: 'monitor', password: (): string => 'x'.repeat(21), privilege: 'user' },
      'auth',
      /20 bytes/,
    ],
    [
      'a name of 17 bytes',
      { user: 'm'.repeat(17), password: (): string => PASSWORD, privilege: 'user' },
      'auth',
      /16 bytes/,
    ],
  ] as const)('%s is told', async (_, credentials, code, text) => {
    const { client } = start({}, { credentials });
    const told = await failure(client.request(deviceId, soon()));
    expect(told).toEqual({ code, text: expect.stringMatching(text) });
    expect(told.text).not.toContain(credentials.password());
  });

  test.each([
    [0x80, '80h'],
    [0x81, '81h'],
    [0xd4, 'D4h'],
  ])('a level that is refused after the login is told, and the session given back (%i)', async (completion, name) => {
    const { client, server } = start(
      { users: [{ name: 'root', password: PASSWORD, privilege: 4 }], levelRefusal: completion },
      { credentials: { user: 'root', password: () => PASSWORD, privilege: 'operator' } },
    );
    expect(await failure(client.request(deviceId, soon()))).toEqual({
      code: 'forbidden',
      text: expect.stringMatching(`level operator.*${name}`),
    });
    expect(server.sessionCount).toBe(0);
  });

  test('a BMC that hashes the level and not the role is told from a wrong password, and read without the look-up', async () => {
    const credentials = { user: 'monitor', password: (): string => PASSWORD, privilege: 'user' } as const;
    const asked = start({ hashesLevelOnly: true }, { credentials });
    expect(await failure(asked.client.request(deviceId, soon()))).toEqual({
      code: 'unsupported',
      text: expect.stringContaining('name_only_lookup: false'),
    });
    await asked.client.close();
    const wrong = start({ hashesLevelOnly: true }, { credentials: { ...credentials, password: () => 'guess' } });
    expect((await failure(wrong.client.request(deviceId, soon()))).code).toBe('auth');
    await wrong.client.close();
    const { client } = start({ hashesLevelOnly: true }, { credentials: { ...credentials, nameOnlyLookup: false } });
    expect(await client.request(deviceId, soon())).toHaveLength(15);
  });

  test('the BMC key must match', async () => {
    const credentials = { user: 'monitor', password: (): string => PASSWORD, privilege: 'user' } as const;
    const good = start({ bmcKey: 'kg' }, { credentials: { ...credentials, bmcKey: () => 'kg' } });
    await good.client.request(deviceId, soon());
    await good.client.close();
    const bad = start({ bmcKey: 'kg' }, { credentials });
    expect(await failure(bad.client.request(deviceId, soon()))).toEqual({
      code: 'auth',
      text: expect.stringContaining('(Kg)'),
    });
  });

  test('a full session table is unavailable', async () => {
    const { client } = start({ sessionLimit: 0 });
    expect(await failure(client.request(deviceId, soon()))).toEqual({
      code: 'unavailable',
      text: expect.stringContaining('no free session'),
    });
  });

  test('many requests at once share one session', async () => {
    const { client, server } = start();
    await Promise.all(Array.from({ length: 50 }, () => client.request(deviceId, soon())));
    expect(server.sessionCount).toBe(1);
    expect(client.statistics.sessions).toBe(1);
  });

  test('a closed port fails at once', async () => {
    const { client, loopback } = start({}, { retry: { attempts: 2, firstMs: 600_000, growth: 1 } });
    loopback.network = () => {
      setImmediate(loopback.refuse);
      return [];
    };
    expect((await failure(client.request(deviceId, soon()))).code).toBe('connect');
  });

  test('silence is a time-out', async () => {
    const { client, loopback } = start();
    loopback.network = () => [];
    expect((await failure(client.request(deviceId, soon()))).code).toBe('timeout');
  });

  test('IPMI 1.5 is recognised', async () => {
    const { client, loopback } = start({}, { cipherSuite: 3 });
    loopback.network = (datagram, direction) => {
      if (direction === 'to-bmc') return datagram[4] === 0 ? [datagram] : [];
      const old = Buffer.from(datagram);
      old[22] = 0x04;
      return [old];
    };
    expect(await failure(client.request(deviceId, soon()))).toEqual({
      code: 'unsupported',
      text: expect.stringContaining('IPMI 1.5 only'),
    });
  });
});
