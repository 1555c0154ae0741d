import { afterEach, describe, expect, test } from 'vitest';
import { findSensor } from '../../../../src/demo/bmc/board.ts';
import type { RedfishBmcOptions } from '../../../../src/sources/bmc/client/redfish-bmc.ts';
import { type RedfishFake, startRedfish } from '../../../fakes/bmc/redfish.ts';
import { soon } from '../../../fakes/bmc/simulated.ts';

let running: RedfishFake | undefined;
afterEach(() => running?.close());
const start = async (options?: Partial<RedfishBmcOptions>): Promise<RedfishFake> => {
  running = await startRedfish(options);
  return running;
};

describe('an X10', () => {
  test('has the sensors that IPMI has, an absent module has no 0 °C', async () => {
    const { bmc, board } = await start();
    findSensor(board, 'CPU2 Temp').value = 91;
    const { sensors } = await bmc.sensors(soon());
    expect(sensors).toHaveLength(40);
    expect(sensors.find(({ name }) => name === 'CPU2 Temp')).toEqual({
      name: 'CPU2 Temp',
      number: '2',
      kind: 'temperature',
      quantity: 'temperature',
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
    expect(sensors.find(({ name }) => name === 'P1-DIMMD1 Temp')).toEqual({
      name: 'P1-DIMMD1 Temp',
      number: '188',
      kind: 'temperature',
      quantity: 'temperature',
      health: 'absent',
      thresholds: {},
      states: [],
    });
    expect(sensors.find(({ name }) => name === 'FAN1')).toMatchObject({
      number: '65',
      quantity: 'fan_rpm',
      value: 5300,
    });
  });

  test('tells power, supplies, chassis, identity, log and components', async () => {
    const { bmc, board } = await start();
    board.intruded = true;
    expect(await bmc.power(soon())).toBe(212);
    expect(await bmc.powerSupplies(soon())).toEqual([
      { name: 'PS1', isPresent: true, hasFailed: false, isFailurePredicted: false, outputWatts: 106 },
      { name: 'PS2', isPresent: true, hasFailed: false, isFailurePredicted: false, outputWatts: 106 },
    ]);
    expect(await bmc.chassis(soon())).toEqual({ isPowerOn: true, isIntruded: true, faults: {} });
    expect(await bmc.identity(soon())).toMatchObject({ manufacturer: 'Supermicro', firmware: '3.80' });
    expect(await bmc.eventLog(soon())).toEqual({ entries: 3 });
    const components = await bmc.components(soon());
    expect(components).toContainEqual({ kind: 'system', name: 'System', health: 'ok' });
    expect(components).toContainEqual({ kind: 'memory', name: 'P1-DIMMD1', health: 'absent' });
    expect(components.filter(({ kind }) => kind === 'memory')).toHaveLength(8);
  });

  test('is asked one thing at a time; callers at once share one walk', async () => {
    const { bmc, log, mostAtOnce } = await start();
    await Promise.all([bmc.sensors(soon()), bmc.power(soon()), bmc.identity(soon()), bmc.chassis(soon())]);
    expect(mostAtOnce()).toBe(1);
    expect(log.filter((line) => line === 'GET /redfish/v1/Chassis/1/Thermal')).toHaveLength(1);
  });

  test('is not asked for modules and log again within five minutes', async () => {
    const { bmc, clock, log } = await start();
    const count = async () => {
      await bmc.components(soon());
      await bmc.eventLog(soon());
      return log.filter((line) => line.includes('/Memory/') || line.includes('/Entries')).length;
    };
    expect(await count()).toBe(9);
    expect(await count()).toBe(9);
    clock.time += 300_000;
    expect(await count()).toBe(18);
  });
});

describe('a newer model', () => {
  const chassis = {
    '/redfish/v1/Chassis/1': {
      Id: 'Self',
      Sensors: { '@odata.id': '/redfish/v1/Chassis/1/Sensors' },
      ThermalSubsystem: { '@odata.id': '/redfish/v1/Chassis/1/ThermalSubsystem' },
      PowerSubsystem: { '@odata.id': '/redfish/v1/Chassis/1/PowerSubsystem' },
      EnvironmentMetrics: { '@odata.id': '/redfish/v1/Chassis/1/EnvironmentMetrics' },
    },
    '/redfish/v1/Chassis/1/Sensors': {
      Members: ['t', 'h', 'v'].map((id) => ({ '@odata.id': `/redfish/v1/Chassis/1/Sensors/${id}` })),
    },
    '/redfish/v1/Chassis/1/Sensors/t': {
      Id: 'Inlet',
      Name: 'Inlet Temp',
      ReadingType: 'Temperature',
      Reading: 22.5,
      Thresholds: { UpperCaution: { Reading: 38 }, UpperCritical: { Reading: 42 }, LowerCritical: { Reading: -5 } },
      Status: { State: 'Enabled', Health: 'Warning' },
    },
    '/redfish/v1/Chassis/1/Sensors/h': { Id: 'H', Name: 'Humidity', ReadingType: 'Percent', Reading: 40 },
    '/redfish/v1/Chassis/1/Sensors/v': {
      Id: 'V',
      Name: 'Rail',
      ReadingType: 'Voltage',
      Reading: 12.1,
      Status: { State: 'Disabled' },
    },
    '/redfish/v1/Chassis/1/ThermalSubsystem': { Fans: { '@odata.id': '/redfish/v1/Chassis/1/Fans' } },
    '/redfish/v1/Chassis/1/Fans': {
      Members: [{ '@odata.id': '/redfish/v1/Chassis/1/Fans/1' }, { '@odata.id': '/redfish/v1/Chassis/1/Fans/2' }],
    },
    '/redfish/v1/Chassis/1/Fans/1': { Id: '1', Name: 'Fan A', SpeedPercent: { Reading: 30, SpeedRPM: 4200 } },
    '/redfish/v1/Chassis/1/Fans/2': { Id: '2', Name: 'Fan B', SpeedPercent: { Reading: 30 } },
    '/redfish/v1/Chassis/1/PowerSubsystem': { PowerSupplies: { '@odata.id': '/redfish/v1/Chassis/1/Supplies' } },
    '/redfish/v1/Chassis/1/Supplies': { Members: [{ '@odata.id': '/redfish/v1/Chassis/1/Supplies/1' }] },
    '/redfish/v1/Chassis/1/Supplies/1': {
      Name: 'Bay 1',
      LineInputStatus: 'LossOfInput',
      Status: { State: 'Enabled', Health: 'Critical' },
      Metrics: { '@odata.id': '/redfish/v1/Chassis/1/Supplies/1/Metrics' },
    },
    '/redfish/v1/Chassis/1/Supplies/1/Metrics': { InputPowerWatts: { Reading: 3 }, OutputPowerWatts: { Reading: 0 } },
    '/redfish/v1/Chassis/1/EnvironmentMetrics': { PowerWatts: { Reading: 301.5 } },
  };

  test('tells the same in other words', async () => {
    const { bmc, resources } = await start();
    Object.assign(resources, chassis);
    expect((await bmc.sensors(soon())).sensors).toEqual([
      {
        name: 'Inlet Temp',
        number: 'Inlet',
        kind: 'temperature',
        quantity: 'temperature',
        value: 22.5,
        health: 'noncritical',
        thresholds: { upper_noncritical: 38, upper_critical: 42, lower_critical: -5 },
        states: [],
      },
      { name: 'Rail', number: 'V', kind: 'voltage', quantity: 'voltage', thresholds: {}, states: [] },
      { name: 'Fan A', number: '1', kind: 'fan', quantity: 'fan_rpm', value: 4200, thresholds: {}, states: [] },
      { name: 'Fan B', number: '2', kind: 'fan', quantity: 'fan_ratio', value: 0.3, thresholds: {}, states: [] },
    ]);
    expect(await bmc.power(soon())).toBe(301.5);
    expect(await bmc.powerSupplies(soon())).toEqual([
      {
        name: 'Bay 1',
        isPresent: true,
        hasFailed: true,
        isFailurePredicted: false,
        isInputLost: true,
        isInputOutOfRange: false,
        inputWatts: 3,
        outputWatts: 0,
      },
    ]);
  });

  test('is read with one request per collection where it can expand', async () => {
    const { bmc, log, resources } = await start();
    Object.assign(resources, chassis);
    resources['/redfish/v1'] = {
      Chassis: { '@odata.id': '/redfish/v1/Chassis' },
      ProtocolFeaturesSupported: { ExpandQuery: { Levels: true } },
    };
    resources['/redfish/v1/Chassis'] = { Members: [{ '@odata.id': '/x', ...chassis['/redfish/v1/Chassis/1'] }] };
    resources['/redfish/v1/Chassis/1/Sensors'] = {
      Members: [{ '@odata.id': '/y', ...chassis['/redfish/v1/Chassis/1/Sensors/t'] }],
    };
    expect((await bmc.sensors(soon())).sensors.map(({ name }) => name)).toContain('Inlet Temp');
    expect(log).toContain('GET /redfish/v1/Chassis/1/Sensors?$expand=.($levels=1)');
    expect(log.join()).not.toContain('/Sensors/t');
  });

  test('drives: health, prediction and life left', async () => {
    const { bmc, resources } = await start();
    resources['/redfish/v1/Systems/1'] = { Id: '1', Storage: { '@odata.id': '/redfish/v1/Systems/1/Storage' } };
    resources['/redfish/v1/Systems/1/Storage'] = { Members: [{ '@odata.id': '/s/1' }] };
    resources['/s/1'] = { Drives: [{ '@odata.id': '/d/1' }, { '@odata.id': '/d/2' }, { '@odata.id': '/d/3' }] };
    resources['/d/1'] = { Name: 'Disk 1', PredictedMediaLifeLeftPercent: 87, Status: { Health: 'OK' } };
    resources['/d/2'] = { Name: 'Disk 2', FailurePredicted: true, Status: { Health: 'OK' } };
    expect(await bmc.components(soon())).toEqual([
      { kind: 'drive', name: 'Disk 1', health: 'ok', lifeLeftRatio: 0.87 },
      { kind: 'drive', name: 'Disk 2', health: 'warning' },
    ]);
  });
});

describe('the clock', () => {
  test.each([
    ['an hour ahead, in another time zone', '2026-01-01T03:00:00+02:00', 3600.5],
    ['a minute behind', '2025-12-31T23:59:00Z', -59.5],
    ['no time', 'soon', undefined],
    ['not offered', undefined, undefined],
  ])('%s', async (_name, DateTime, offset) => {
    const { bmc, clock, resources } = await start();
    clock.time = Date.UTC(2026, 0, 1);
    const id = '/redfish/v1/Managers/1';
    resources[id] = { '@odata.id': id, Id: '1', ...(DateTime === undefined ? {} : { DateTime }) };
    expect(await bmc.clockOffsetSeconds(soon())).toBe(offset);
  });
});
