import { afterEach, describe, expect, test } from 'vitest';
import { codeOf } from '../../../../src/core/errors.ts';
import { type Board, createBoard, findSensor } from '../../../../src/demo/bmc/board.ts';
import { createCommands, type RunCommand } from '../../../../src/demo/bmc/commands.ts';
import { RmcpServer } from '../../../../src/demo/bmc/rmcp-server.ts';
import { IpmiBmc, type IpmiBmcOptions } from '../../../../src/sources/bmc/client/ipmi-bmc.ts';
import { createLoopback, type Loopback } from '../../../fakes/bmc/loopback.ts';
import { PASSWORD, soon } from '../../../fakes/bmc/simulated.ts';

let opened: IpmiBmc | undefined;
afterEach(() => opened?.close());

interface Started {
  readonly board: Board;
  readonly bmc: IpmiBmc;
  readonly server: RmcpServer;
  readonly loopback: Loopback;
  readonly clock: { time: number };
}

function start(options: Partial<IpmiBmcOptions> = {}, wrap: (run: RunCommand) => RunCommand = (run) => run): Started {
  const board = createBoard('test');
  const server = new RmcpServer({
    users: [{ name: 'monitor', password: PASSWORD, privilege: 4 }],
    run: wrap(createCommands(board)),
    guid: Buffer.alloc(16, 7),
    algorithms: [1, 3],
  });
  const loopback = createLoopback(server);
  const clock = { time: 1e12 };
  const bmc = new IpmiBmc({
    transport: loopback.open,
    credentials: { user: 'monitor', password: () => PASSWORD, privilege: 'user' },
    retry: { attempts: 3, firstMs: 40, growth: 1.5 },
    window: 4,
    idle: 'keep',
    clock: { now: () => clock.time },
    ...options,
  });
  opened = bmc;
  return { board, bmc, server, loopback, clock };
}

describe('sensors', () => {
  test('in one vocabulary', async () => {
    const { bmc, board } = start();
    findSensor(board, 'CPU2 Temp').value = 91;
    findSensor(board, 'FAN5').value = 200;
    findSensor(board, 'System Temp').value = -6;
    const { sensors, skipped } = await bmc.sensors(soon());
    const find = (name: string) => sensors.find((sensor) => sensor.name === name);
    expect(sensors).toHaveLength(43);
    expect(skipped).toEqual({ event_only: 0, system_software: 0, other_controller: 0, undecodable: 0, failed: 0 });
    expect(find('CPU2 Temp')).toEqual({
      name: 'CPU2 Temp',
      number: '2',
      kind: 'temperature',
      quantity: 'temperature',
      unit: 'celsius',
      value: 91,
      health: 'critical',
      thresholds: {
        lower_noncritical: 0,
        lower_critical: 0,
        lower_nonrecoverable: 0,
        upper_noncritical: 85,
        upper_critical: 90,
        upper_nonrecoverable: 92,
      },
      states: [],
    });
    expect(find('FAN5')).toMatchObject({ quantity: 'fan_rpm', value: 200, health: 'nonrecoverable' });
    expect(find('System Temp')).toMatchObject({ value: -6, health: 'noncritical' });
    expect(find('FAN6')).toMatchObject({ health: 'absent' });
    expect(find('FAN6')).not.toHaveProperty('value');
    expect(find('12V')).toMatchObject({ quantity: 'voltage', value: 12.0 });
  });

  test('cost one request each once they are known, plus nothing', async () => {
    const { bmc } = start();
    await bmc.sensors(soon());
    const before = bmc.traffic().requests;
    await Promise.all([bmc.sensors(soon()), bmc.powerSupplies(soon()), bmc.components(soon())]);
    expect(bmc.traffic().requests - before).toBe(43);
  });

  test('one that does not answer is left out and counted', async () => {
    const { bmc } = start(
      {},
      (run) => (netFn, command, data, privilege) =>
        netFn === 4 && command === 0x2d && data[0] === 0x41 ? [0xff] : run(netFn, command, data, privilege),
    );
    const { sensors, skipped } = await bmc.sensors(soon());
    expect(sensors).toHaveLength(42);
    expect(skipped).toMatchObject({ failed: 1 });
  });

  test('that the login may not read are an error', async () => {
    const { bmc } = start(
      {},
      (run) => (netFn, command, data, privilege) => (netFn === 4 ? [0xd4] : run(netFn, command, data, privilege)),
    );
    await expect(bmc.sensors(soon())).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('thresholds are read again after an hour', async () => {
    const { bmc, board, clock } = start();
    await bmc.sensors(soon());
    const sensor = findSensor(board, 'CPU1 Temp');
    Object.assign(sensor.scale ?? {}, { limits: [0, 0, 0, 70, 75, 80] });
    const unc = async () =>
      (await bmc.sensors(soon())).sensors.find(({ name }) => name === 'CPU1 Temp')?.thresholds.upper_noncritical;
    expect(await unc()).toBe(85);
    clock.time += 3_600_000;
    expect(await unc()).toBe(70);
  });

  test('a silent BMC fails all of it, soon', async () => {
    const { bmc, loopback } = start();
    loopback.network = () => [];
    const error = await bmc.sensors(soon()).catch((reason: unknown) => reason);
    expect(codeOf(error)).toBe('timeout');
  });

  test('a BMC that falls silent has no identity any more, and has it again when it answers', async () => {
    const { bmc, loopback } = start();
    const identity = await bmc.identity(soon());
    loopback.network = () => [];
    expect(codeOf(await bmc.sensors(soon()).catch((reason: unknown) => reason))).toBe('timeout');
    expect(codeOf(await bmc.identity(soon()).catch((reason: unknown) => reason))).toBe('timeout');
    loopback.network = (datagram) => [datagram];
    expect(await bmc.identity(soon())).toEqual(identity);
  });
});

describe('power supplies', () => {
  test('by their discrete sensors', async () => {
    const { bmc, board } = start();
    findSensor(board, 'PS1 Status').value = 0;
    findSensor(board, 'PS2 Status').value = 0x0b;
    expect(await bmc.powerSupplies(soon())).toEqual([
      { name: 'PS1', isPresent: false },
      {
        name: 'PS2',
        isPresent: true,
        hasFailed: true,
        isFailurePredicted: false,
        isInputLost: true,
        isInputOutOfRange: false,
        hasConfigurationError: false,
      },
    ]);
  });

  test('with their input power over PMBus, where that is switched on', async () => {
    const credentials = { user: 'monitor', password: () => PASSWORD, privilege: 'administrator' } as const;
    const { bmc } = start({ supermicroPmbus: true, credentials });
    expect((await bmc.powerSupplies(soon())).map(({ inputWatts }) => inputWatts)).toEqual([106, 106]);
  });

  test('PMBus needs more than USER', async () => {
    const { bmc } = start({ supermicroPmbus: true });
    await expect(bmc.powerSupplies(soon())).rejects.toMatchObject({ code: 'forbidden' });
  });
});

test('identity comes from FRU and device id, once per session', async () => {
  const { bmc } = start();
  const identity = { manufacturer: 'Supermicro', product: 'SYS-6028U-TR4+', board: 'X10DRU-i+', firmware: '3.88' };
  expect(await bmc.identity(soon())).toEqual(identity);
  const { requests } = bmc.traffic();
  expect(await bmc.identity(soon())).toEqual(identity);
  expect(bmc.traffic().requests).toBe(requests);
});

test('chassis', async () => {
  const { bmc, board } = start();
  board.intruded = true;
  expect(await bmc.chassis(soon())).toMatchObject({ isPowerOn: true, isIntruded: true, faults: { cooling: false } });
});

describe('power', () => {
  test('by DCMI', async () => {
    expect(await start().bmc.power(soon())).toBe(212);
  });

  test('is unknown where DCMI is not there, and not asked for again', async () => {
    let asked = 0;
    const { bmc } = start({}, (run) => (netFn, command, data, privilege) => {
      if (netFn !== 0x2c) return run(netFn, command, data, privilege);
      asked++;
      return [0xc1];
    });
    expect(await bmc.power(soon())).toBeUndefined();
    expect(await bmc.power(soon())).toBeUndefined();
    expect(asked).toBe(1);
  });

  test('is an error where the login may not read it', async () => {
    const { bmc } = start(
      {},
      (run) => (netFn, command, data, privilege) => (netFn === 0x2c ? [0xd4] : run(netFn, command, data, privilege)),
    );
    await expect(bmc.power(soon())).rejects.toMatchObject({ code: 'forbidden' });
  });
});

test('the event log', async () => {
  const { bmc } = start();
  const log = await bmc.eventLog(soon());
  expect(log).toMatchObject({ entries: 3, freeBytes: 8144 });
  expect([...(log?.counts ?? [])]).toEqual([
    ['power_supply', 1],
    ['memory', 1],
  ]);
});

test('drives and memory as sensors', async () => {
  const { bmc, board } = start();
  board.sensors.push(
    { number: 0x60, name: 'HDD1', type: 0x0d, entity: 4, instance: 1, value: 0x03 },
    { number: 0x61, name: 'HDD2', type: 0x0d, entity: 4, instance: 2, value: 0 },
    { number: 0x62, name: 'DIMM ECC', type: 0x0c, entity: 32, instance: 1, value: 0x21 },
  );
  opened = undefined;
  await bmc.close();
  const server = new RmcpServer({
    users: [{ name: 'monitor', password: PASSWORD, privilege: 2 }],
    run: createCommands(board),
    guid: Buffer.alloc(16),
    algorithms: [3],
  });
  const again = new IpmiBmc({
    transport: createLoopback(server).open,
    credentials: { user: 'monitor', password: () => PASSWORD, privilege: 'user' },
    window: 2,
    clock: { now: () => 0 },
  });
  opened = again;
  expect(await again.components(soon())).toEqual([
    { kind: 'drive', name: 'HDD1', health: 'critical' },
    { kind: 'drive', name: 'HDD2', health: 'absent' },
    { kind: 'memory', name: 'DIMM ECC', health: 'warning' },
  ]);
});

describe('the clock', () => {
  const told = (seconds: number) => [0, ...new Uint8Array(new Uint32Array([seconds]).buffer)];
  /** A BMC whose event log has this time, at 1e12 ms by our clock. */
  const startAt = (seconds: number) =>
    start(
      {},
      (run) => (netFn, command, data, privilege) =>
        netFn === 0x0a && command === 0x48 ? told(seconds) : run(netFn, command, data, privilege),
    );

  test.each([
    ['an hour ahead', 1_000_003_600, 3600.5],
    ['a minute behind', 999_999_940, -59.5],
    ['never set', 1234, undefined],
  ])('%s', async (_name, seconds, offset) => {
    expect(await startAt(seconds).bmc.clockOffsetSeconds(soon())).toBe(offset);
  });

  test('that the BMC does not tell is an error', async () => {
    const { bmc } = start(
      {},
      (run) => (netFn, command, data, privilege) =>
        netFn === 0x0a && command === 0x48 ? [0xc1] : run(netFn, command, data, privilege),
    );
    await expect(bmc.clockOffsetSeconds(soon())).rejects.toMatchObject({ code: 'unsupported' });
  });
});
