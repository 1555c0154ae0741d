import { afterEach, describe, expect, test } from 'vitest';
import type { RunCommand } from '../../../../../src/demo/bmc/commands.ts';
import { decodeDeviceId, getDeviceId } from '../../../../../src/sources/bmc/client/ipmi/device-id.ts';
import { readFru } from '../../../../../src/sources/bmc/client/ipmi/fru.ts';
import { InventoryCache } from '../../../../../src/sources/bmc/client/ipmi/inventory-cache.ts';
import type { Ask } from '../../../../../src/sources/bmc/client/ipmi/sdr-repository.ts';
import type { Sensor } from '../../../../../src/sources/bmc/client/ipmi/sdr-sensor.ts';
import { SelReader } from '../../../../../src/sources/bmc/client/ipmi/sel-reader.ts';
import { readSensor, readThresholds } from '../../../../../src/sources/bmc/client/ipmi/sensor-value.ts';
import { type Simulated, simulate, soon } from '../../../../fakes/bmc/simulated.ts';

let simulated: Simulated | undefined;
afterEach(async () => {
  await simulated?.client.close();
});

function start(wrap: (run: RunCommand) => RunCommand = (run) => run) {
  simulated = simulate({}, {}, wrap);
  const { board, client } = simulated;
  const ask: Ask = (request) => client.request(request, soon());
  return { ask, board, client };
}

const readInventory = async (ask: Ask, cache = new InventoryCache()) =>
  cache.refresh(ask, decodeDeviceId(await ask(getDeviceId)));

describe('the inventory', () => {
  test('is read in pieces, once, until the repository changes', async () => {
    let isNewer = false;
    let reads = 0;
    const { ask } = start((run) => (netFn, command, data, privilege) => {
      if (netFn === 10 && command === 0x23) reads++;
      const answer = run(netFn, command, data, privilege);
      if (isNewer && netFn === 10 && command === 0x20) answer[6] = 0x77;
      return answer;
    });
    const cache = new InventoryCache();
    const first = await readInventory(ask, cache);
    expect(first.sensors).toHaveLength(43);
    const once = reads;
    expect(await readInventory(ask, cache)).toBe(first);
    expect(reads).toBe(once);
    isNewer = true;
    expect((await readInventory(ask, cache)).sensors).toEqual(first.sensors);
    expect(reads).toBeGreaterThan(once);
  });

  test('survives that somebody else takes the reservation away', async () => {
    let thefts = 3;
    const { ask } = start((run) => (netFn, command, data, privilege) => {
      if (netFn === 10 && command === 0x23 && data[4] !== 0 && thefts-- > 0) run(10, 0x22, Buffer.alloc(0), 2);
      return run(netFn, command, data, privilege);
    });
    expect((await readInventory(ask)).sensors).toHaveLength(43);
  });

  test('gives up when the reservation is lost for ever', async () => {
    const { ask } = start(
      (run) => (netFn, command, data, privilege) =>
        netFn === 10 && command === 0x23 && data[4] !== 0 ? [0xc5] : run(netFn, command, data, privilege),
    );
    await expect(readInventory(ask)).rejects.toThrow(/again and again/);
  });

  test('ends where records point in a circle', async () => {
    const { ask } = start((run) => (netFn, command, data, privilege) => {
      const answer = run(netFn, command, data, privilege);
      if (netFn === 10 && command === 0x23 && data.readUInt16LE(2) === 10) answer.splice(1, 2, 3, 0);
      return answer;
    });
    expect((await readInventory(ask)).sensors).toHaveLength(8);
  });

  test('counts what is not read, and why', async () => {
    const owners: Readonly<Record<number, number>> = { 5: 0x41, 6: 0x2c };
    const { ask } = start((run) => (netFn, command, data, privilege) => {
      const answer = run(netFn, command, data, privilege);
      const id = netFn === 10 && command === 0x23 && data[4] === 5 ? data.readUInt16LE(2) : 0;
      if (owners[id] !== undefined) answer[3] = owners[id];
      return answer;
    });
    expect((await readInventory(ask)).skipped).toEqual({
      event_only: 0,
      system_software: 1,
      other_controller: 1,
      undecodable: 0,
    });
    expect((await readInventory(ask, new InventoryCache(true))).sensors).toHaveLength(42);
  });

  test('of a BMC without a repository is behind its sensor device', async () => {
    const commands: Readonly<Record<number, (run: RunCommand, data: Buffer) => number[]>> = {
      1537: (run, data) => run(6, 0x01, data, 2).map((byte, index) => (index === 6 ? 0xbd : byte)),
      2592: () => [0xc1],
      2594: () => [0xc1],
      2595: () => [0xc1],
      1056: () => [0, 43, 1],
      1058: () => [0xc1],
      1057: (run, data) => run(10, 0x23, data, 2),
    };
    const { ask } = start((run) => (netFn, command, data, privilege) => {
      const other = commands[(netFn << 8) | command];
      return other ? other(run, data) : run(netFn, command, data, privilege);
    });
    expect((await readInventory(ask)).sensors).toHaveLength(43);
  });
});

const linear: Sensor = {
  name: 'T',
  number: 1,
  lun: 0,
  ownerId: 0x20,
  channel: 0,
  entityId: 3,
  entityInstance: 1,
  sensorType: 1,
  eventReadingType: 1,
  readableMask: 0x3f,
  analog: {
    format: 0,
    factors: { m: 1, b: 0, bExponent: 0, resultExponent: 0 },
    linearization: 0,
    baseUnit: 1,
    modifierUnit: 0,
    modifierUse: 0,
    rate: 0,
    isPercent: false,
  },
  rawThresholds: { lnc: 5, lc: 4, lnr: 3, unc: 80, uc: 85, unr: 90 },
};

describe('a sensor', () => {
  const run = async (bytes: readonly number[], sensor: Partial<Sensor> = {}, ignoreScanningDisabled = false) => {
    const { ask } = start(
      (next) => (netFn, command, data, privilege) =>
        netFn === 4 && command === 0x2d ? [...bytes] : next(netFn, command, data, privilege),
    );
    return readSensor(ask, { ...linear, ...sensor }, { ignoreScanningDisabled });
  };

  test.each([
    ['a reading', [0, 0x2f, 0xc0, 0xc0], { isAvailable: true, value: 47, states: 0 }],
    ['crossed thresholds', [0, 0x5b, 0xc0, 0xd8], { isAvailable: true, value: 91, states: 0x18 }],
    ['unavailable', [0, 0x00, 0xe0, 0xc0], { isAvailable: false }],
    ['not scanned', [0, 0x2f, 0x80, 0xc0], { isAvailable: false }],
    ['not present', [0xcb], { isAvailable: false }],
    ['illegal for the sensor', [0xcd], { isAvailable: false }],
    ['not in this state', [0xd5], { isAvailable: false }],
    ['without states', [0, 0x2f, 0x40], { isAvailable: true, value: 47 }],
  ])('%s', async (_, bytes, value) => {
    expect(await run(bytes)).toEqual(value);
  });

  test('that is not scanned can be trusted all the same', async () => {
    expect(await run([0, 0x2f, 0x80, 0xc0], {}, true)).toMatchObject({ value: 47 });
  });

  test('that is discrete and has a unit has a value, one without has none', async () => {
    expect(await run([0, 0x2f, 0xc0, 0x01], { eventReadingType: 0x6f })).toMatchObject({ value: 47, states: 1 });
    const { analog: _, ...discrete } = linear;
    const { ask } = start();
    expect(await readSensor(ask, { ...discrete, number: 0xc8, eventReadingType: 0x6f })).toEqual({
      isAvailable: true,
      states: 1,
    });
  });

  test('that is not linear has factors for each reading', async () => {
    const { ask } = start((next) => (netFn, command, data, privilege) => {
      if (netFn === 4 && command === 0x23) return [0, 0xff, data[1] === 47 ? 3 : 1, 0, 0, 0, 0, 0];
      return next(netFn, command, data, privilege);
    });
    const analog = { ...(linear.analog as NonNullable<Sensor['analog']>), linearization: 0x70 };
    expect(await readSensor(ask, { ...linear, analog })).toMatchObject({ value: 141 });
  });

  test('has the thresholds that the BMC tells, or those of its record', async () => {
    const { ask } = start(
      (next) => (netFn, command, data, privilege) =>
        netFn === 4 && command === 0x27 && data[0] === 2 ? [0xcd] : next(netFn, command, data, privilege),
    );
    const signed = { ...linear, analog: { ...(linear.analog as NonNullable<Sensor['analog']>), format: 2 as const } };
    expect(await readThresholds(ask, { ...signed, number: 0x0b })).toEqual({
      lnc: -5,
      lc: -7,
      lnr: -9,
      unc: 80,
      uc: 85,
      unr: 90,
    });
    expect(await readThresholds(ask, { ...linear, number: 2, readableMask: 0x18 })).toEqual({ unc: 80, uc: 85 });
    expect(await readThresholds(ask, { ...linear, readableMask: 0 })).toEqual({});
  });
});

describe('the event log', () => {
  const event = (sensorType: number, deasserted = false) => ({
    sensorType,
    sensorNumber: 1,
    deasserted,
    readingType: 0x6f,
    data: [0, 0xff, 0xff] as const,
  });

  test('is read once, then only what is new, and never cleared', async () => {
    let reads = 0;
    const { ask, board } = start((run) => (netFn, command, data, privilege) => {
      if (netFn === 10 && command === 0x43) reads++;
      return run(netFn, command, data, privilege);
    });
    const reader = new SelReader();
    expect(Object.fromEntries((await reader.read(ask)).counts ?? [])).toEqual({ power_supply: 1, memory: 1 });
    expect(reads).toBe(3);
    await reader.read(ask);
    expect(reads).toBe(3);
    board.events.push(event(0x04), event(0x04, true));
    const { counts, info } = await reader.read(ask);
    expect(Object.fromEntries(counts ?? [])).toEqual({ power_supply: 1, memory: 1, fan: 1 });
    expect(info.entries).toBe(5);
    expect(reads).toBe(6);
  });

  test('that somebody cleared goes on counting', async () => {
    let erasures = 0;
    const { ask, board } = start((run) => (netFn, command, data, privilege) => {
      const answer = run(netFn, command, data, privilege);
      if (netFn === 10 && command === 0x40) answer[10] = erasures;
      return answer;
    });
    const reader = new SelReader();
    await reader.read(ask);
    board.events.splice(0, 3, event(0x04));
    erasures = 1;
    expect(Object.fromEntries((await reader.read(ask)).counts ?? [])).toEqual({ power_supply: 1, memory: 1, fan: 1 });
  });

  test('that is long is spread over calls, and counted when all of it is known', async () => {
    const { ask, board } = start();
    for (let i = 0; i < 150; i++) board.events.push(event(0x0d));
    const reader = new SelReader();
    expect((await reader.read(ask)).counts).toBeUndefined();
    expect((await reader.read(ask)).counts).toBeUndefined();
    expect((await reader.read(ask)).counts?.get('drive')).toBe(150);
  });

  test('that is empty has no counts but is known', async () => {
    const { ask, board } = start();
    board.events.splice(0);
    const state = await new SelReader().read(ask);
    expect(state.counts?.size).toBe(0);
    expect(state.info.entries).toBe(0);
  });

  test('whose last known entry is gone begins at its end', async () => {
    const { ask, board } = start();
    const reader = new SelReader();
    await reader.read(ask);
    board.events.splice(0, 2);
    expect((await reader.read(ask)).counts?.get('memory')).toBe(1);
    board.events.push(event(0x04));
    expect((await reader.read(ask)).counts?.get('fan')).toBe(1);
  });
});

describe('the FRU', () => {
  test('is read in pieces', async () => {
    const { ask } = start();
    expect(await readFru(ask)).toEqual({
      board: { manufacturer: 'Supermicro', product: 'X10DRU-i+', serial: 'OM-test', part: 'X10DRU-i+' },
      product: {
        manufacturer: 'Supermicro',
        product: 'SYS-6028U-TR4+',
        part: 'SYS-6028U',
        version: '0123',
        serial: 'S-test',
      },
    });
  });

  test('that is not there is nothing', async () => {
    const { ask } = start(
      (run) => (netFn, command, data, privilege) =>
        netFn === 10 && command === 0x10 ? [0xcb] : run(netFn, command, data, privilege),
    );
    expect(await readFru(ask)).toBeUndefined();
  });
});
