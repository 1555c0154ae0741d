import { afterEach, describe, expect, test } from 'vitest';
import { codeOf, describeError } from '../../../../src/core/errors.ts';
import type { RedfishBmcOptions } from '../../../../src/sources/bmc/client/redfish-bmc.ts';
import { type RedfishFake, startRedfish } from '../../../fakes/bmc/redfish.ts';
import { PASSWORD, soon } from '../../../fakes/bmc/simulated.ts';

let running: RedfishFake | undefined;
afterEach(() => running?.close());
const start = async (options?: Partial<RedfishBmcOptions>): Promise<RedfishFake> => {
  running = await startRedfish(options);
  return running;
};

const failure = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => 'it did not fail',
    (reason: unknown) => reason,
  );
  return { code: codeOf(error), text: describeError(error) };
};

describe('a BMC that does not answer as it should', () => {
  const status = (code: number) => (response: { writeHead(code: number): { end(): void } }) =>
    void response.writeHead(code).end();

  test.each([401, 403, 404])('%i for a resource: not offered', async (code) => {
    const { bmc, faults } = await start();
    faults.set('/redfish/v1/Chassis/1/Power', status(code));
    expect(await bmc.power(soon())).toBeUndefined();
    expect(await bmc.powerSupplies(soon())).toEqual([]);
    expect((await bmc.sensors(soon())).sensors).toHaveLength(25);
  });

  test('a wrong password is told, and not what it was', async () => {
    const { bmc } = await start({ password: () => 'wrong-secret' });
    const told = await failure(bmc.sensors(soon()));
    expect(told).toEqual({ code: 'auth', text: expect.stringContaining('401') });
    expect(told.text).not.toContain('wrong-secret');
  });

  test.each([
    ['a web page', '<html>', 'protocol'],
    ['cut JSON', '{"a":', 'protocol'],
    ['a list', '[]', 'protocol'],
  ])('%s', async (_, body, code) => {
    const { bmc, faults } = await start();
    faults.set('/redfish/v1/Chassis/1/Thermal', (response) => void response.end(body));
    expect((await failure(bmc.sensors(soon()))).code).toBe(code);
  });

  test('an answer that ends half-way', async () => {
    const { bmc, faults } = await start();
    faults.set('/redfish/v1/Chassis/1/Thermal', (response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{');
      setImmediate(() => response.destroy());
    });
    expect((await failure(bmc.sensors(soon()))).code).toBe('connect');
  });

  test('an answer without end', async () => {
    const { bmc, faults } = await start({ maxBodyBytes: 50_000 });
    faults.set('/redfish/v1/Chassis/1/Thermal', (response) => void response.end('x'.repeat(100_000)));
    expect((await failure(bmc.sensors(soon()))).code).toBe('too_large');
  });

  test('silence', async () => {
    const { bmc, faults } = await start();
    faults.set('/redfish/v1/Chassis/1/Thermal', () => {});
    expect((await failure(bmc.sensors(AbortSignal.timeout(300)))).code).toBe('timeout');
  });

  test('closing ends what is under way', async () => {
    const fake = await start();
    fake.faults.set('/redfish/v1/Chassis/1/Thermal', () => {});
    const reading = failure(fake.bmc.sensors(soon()));
    await expect.poll(() => fake.log.at(-1)).toBe('GET /redfish/v1/Chassis/1/Thermal');
    await fake.bmc.close();
    expect((await reading).code).toBe('closed');
  });

  test('busy', async () => {
    const { bmc, faults } = await start();
    faults.set('/redfish/v1/Chassis/1/Thermal', status(503));
    expect((await failure(bmc.sensors(soon()))).code).toBe('unavailable');
  });
});

describe('sessions', () => {
  test('one is opened, used for everything, and deleted at the end', async () => {
    const { bmc, log } = await start({ authentication: 'session' });
    await bmc.sensors(soon());
    await bmc.power(soon());
    expect(bmc.traffic().sessions).toBe(1);
    await bmc.close();
    expect(log.filter((line) => line.startsWith('POST'))).toHaveLength(1);
    expect(log.at(-1)).toBe('DELETE /redfish/v1/SessionService/Sessions/1');
  });

  test('one that expired is replaced', async () => {
    const { bmc, faults, log } = await start({ authentication: 'session' });
    await bmc.power(soon());
    let expired = true;
    faults.set('/redfish/v1/', (response) => {
      faults.delete('/redfish/v1/');
      if (expired) response.writeHead(401).end();
      expired = false;
    });
    expect(await bmc.power(soon())).toBe(212);
    expect(log.filter((line) => line.startsWith('POST'))).toHaveLength(2);
  });

  test('a refused login is told', async () => {
    const { bmc } = await start({ authentication: 'session', password: () => 'wrong-secret' });
    expect((await failure(bmc.power(soon()))).code).toBe('auth');
  });

  test('no login is in any answer', async () => {
    const { bmc } = await start();
    const all = await Promise.all([bmc.sensors(soon()), bmc.identity(soon()), bmc.components(soon())]);
    expect(JSON.stringify(all)).not.toContain(PASSWORD);
  });
});
