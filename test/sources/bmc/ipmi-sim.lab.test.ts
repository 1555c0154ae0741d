import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../../../src/core/errors.ts';
import type { HealthState, SensorReport } from '../../../src/sources/bmc/client/hardware.ts';
import { readFru } from '../../../src/sources/bmc/client/ipmi/index.ts';
import { type OpenTransport, udpTransport } from '../../../src/sources/bmc/client/ipmi/transport.ts';
import type { IpmiBmc } from '../../../src/sources/bmc/client/ipmi-bmc.ts';
import {
  admin,
  freeipmiSensors,
  ipmitool,
  monitor,
  openClient,
  openSim,
  setSensorBit,
  signalSim,
  simAddress,
  simConsole,
  simPort,
  startProxy,
  startSims,
  stopSims,
  supplies,
} from '../../labs/bmc.ts';
import { describeLab } from '../../labs/lab.ts';

const soon = () => AbortSignal.timeout(60_000);
const failure = async (work: Promise<unknown>) =>
  work.then(
    () => 'it did not fail',
    (error: unknown) => codeOf(error),
  );

/** ipmitool's words for the state of a threshold sensor. */
const healthOf: Readonly<Record<string, HealthState>> = {
  ok: 'ok',
  nc: 'noncritical',
  cr: 'critical',
  nr: 'nonrecoverable',
  na: 'absent',
};

/** One analogue sensor as a row of `ipmitool sensor`. */
const print = ({ health, name, thresholds, value }: SensorReport) => [
  name,
  value === undefined ? 'na' : value.toFixed(3),
  health,
  thresholds.lower_nonrecoverable?.toFixed(3),
  thresholds.lower_critical?.toFixed(3),
  thresholds.lower_noncritical?.toFixed(3),
  thresholds.upper_noncritical?.toFixed(3),
  thresholds.upper_critical?.toFixed(3),
  thresholds.upper_nonrecoverable?.toFixed(3),
];

/** Looks at everything that is sent. */
const spy =
  (open: OpenTransport, look: (datagram: Buffer) => void): OpenTransport =>
  async (handlers) => {
    const transport = await open(handlers);
    const send = (datagram: Buffer) => {
      look(datagram);
      transport.send(datagram);
    };
    return { send, close: () => transport.close() };
  };

describeLab('bmc', () => {
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(thing: T): T => {
    opened.push(thing);
    return thing;
  };
  const home = mkdtempSync(join(tmpdir(), 'rackwatch-freeipmi-'));

  beforeAll(() => startSims(1));
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((thing) => thing.close()));
  });
  afterAll(async () => {
    await stopSims();
    rmSync(home, { recursive: true });
  });

  describe('agrees with ipmitool and FreeIPMI', () => {
    /** Values, thresholds and health of every analogue sensor, as ipmitool and FreeIPMI print them. */
    const compare = async (bmc: IpmiBmc) => {
      const { sensors } = await bmc.sensors(soon());
      const rows = await ipmitool(1, 'sensor');
      const free = await freeipmiSensors(1, home);
      expect(sensors.map(({ name }) => name)).toEqual(rows.map(([name]) => name));
      const theirs = rows.filter(([, , unit]) => unit !== 'discrete');
      expect(sensors.filter(({ quantity }) => quantity).map(print)).toEqual(
        theirs.map(([name, value, , state = '', ...limits]) => [name, value, healthOf[state], ...limits.slice(0, 6)]),
      );
      for (const { name, value } of sensors.filter(({ quantity }) => quantity)) {
        const reading = free.get(name);
        if (value === undefined) expect(reading, name).toBe('N/A');
        else expect(Number(reading), name).toBeCloseTo(value, 1);
      }
      return sensors;
    };

    test('about the board as it starts', async () => {
      const sensors = await compare(keep(openSim(1, monitor)));
      expect(sensors).toHaveLength(43);
      expect(sensors.find(({ name }) => name === 'FAN6')).toMatchObject({ health: 'absent' });
    });

    test('about any raw value of any sensor, negative ones too', async () => {
      const bmc = keep(openSim(1, monitor));
      const { sensors } = await bmc.sensors(soon());
      const readable = sensors.filter(({ health, quantity }) => quantity && health !== 'absent');
      const seen = new Set<string>();
      let negative = 0;
      for (let round = 0; round < 8; round++) {
        const commands = readable.map(({ number }, index) => {
          const raw = (round * 32 + index * 7) & 0xff;
          seen.add(`${number} ${raw}`);
          return `sensor_set_value 0x20 0 ${number} ${raw} 0`;
        });
        await simConsole(1, ...commands);
        const now = await compare(bmc);
        const first = (round * 32) & 0xff;
        expect(now[0]?.value).toBe(first < 128 ? first : first - 256);
        negative += now.filter(({ quantity, value = 0 }) => quantity === 'temperature' && value < 0).length;
      }
      expect(seen.size).toBeGreaterThan(250);
      expect(negative).toBeGreaterThan(20);
    });

    test('about discrete states', async () => {
      const bmc = keep(openSim(1, monitor));
      const asserted = async () => {
        const { sensors } = await bmc.sensors(soon());
        const { states = [] } = sensors.find(({ name }) => name === 'PS1 Status') ?? {};
        return states.filter(({ isAsserted }) => isAsserted).map(({ name }) => name);
      };
      const [before = []] = (await ipmitool(1, 'sdr', 'elist')).filter(([name]) => name === 'PS1 Status');
      expect(before.at(-1)).toBe('Presence detected');
      expect(await asserted()).toEqual(['presence_detected']);
      await simConsole(1, ...[2, 6].map((bit) => setSensorBit(supplies.PS1, bit, 1)));
      const [after = []] = (await ipmitool(1, 'sdr', 'elist')).filter(([name]) => name === 'PS1 Status');
      expect(after.at(-1)).toMatch(/^Presence detected, Predictive failure, Config Err/);
      expect(await asserted()).toEqual(['presence_detected', 'predictive_failure', 'configuration_error']);
      await simConsole(1, ...[2, 6].map((bit) => setSensorBit(supplies.PS1, bit, 0)));
    });

    test('about device, inventory and event log', async () => {
      const bmc = keep(openSim(1, monitor));
      const client = keep(openClient(1, monitor));
      expect(await bmc.identity(soon())).toEqual({
        manufacturer: 'Supermicro',
        product: 'SYS-6028U-TR4+',
        board: 'X10DRU-i+',
        firmware: '3.88',
      });
      const info = (await ipmitool(1, 'mc', 'info')).map(([line = '']) => line.replaceAll(/\s+/g, ' '));
      expect(info).toContain('Firmware Revision : 3.88');
      const fru = await readFru((request) => client.request(request, soon()));
      const printed = (await ipmitool(1, 'fru', 'print', '0')).map(([line = '']) => line.replaceAll(/\s+/g, ' '));
      expect(printed).toContain(`Board Serial : ${fru?.board?.serial}`);
      expect(printed).toContain(`Product Serial : ${fru?.product?.serial}`);
      expect(printed).toContain(`Product Version : ${fru?.product?.version}`);
      // ipmitool also complains that it cannot tell the board's id.
      const list = (await ipmitool(1, 'sel', 'list')).filter((cells) => cells.length > 1);
      const log = await bmc.eventLog(soon());
      expect(log?.entries).toBe(list.length);
      const total = [...(log?.counts?.values() ?? [])].reduce((sum, count) => sum + count, 0);
      expect(total).toBe(list.filter((cells) => !cells.includes('Deasserted')).length);
      await simConsole(1, 'sel_add 0x20 0x02 0 0 0 0 0x20 0x00 0x04 0x0d 0x60 0x6f 0x01 0xff 0xff');
      expect((await bmc.eventLog(soon()))?.counts?.get('drive')).toBe(1);
    });
  });

  test('the clock is that which ipmitool reads', async () => {
    const bmc = keep(openSim(1, monitor));
    // The simulator starts at 0, as a board does whose battery is empty.
    expect(await bmc.clockOffsetSeconds(soon())).toBeUndefined();
    await ipmitool(1, 'sel', 'time', 'set', 'now');
    const [[bytes = ''] = []] = await ipmitool(1, 'raw', '0x0a', '0x48');
    const theirs = Buffer.from(bytes.replaceAll(' ', ''), 'hex').readUInt32LE(0) - Date.now() / 1000;
    const ours = await bmc.clockOffsetSeconds(soon());
    // Both round to the second, and an answer that is held up shifts them.
    expect(Math.abs((ours ?? Number.NaN) - theirs)).toBeLessThan(10);
  });

  describe('says what is wrong', () => {
    test.each([
      ['a wrong password', { ...monitor, password: () => 'not it' }, 'auth'],
      ['an unknown user', { ...monitor, user: 'nobody' }, 'auth'],
      ['a suite that is not offered', monitor, 'unsupported'],
    ])('%s', async (_, credentials, code) => {
      const bmc = keep(openSim(1, credentials, code === 'unsupported' ? { cipherSuite: 17 } : {}));
      expect(await failure(bmc.sensors(soon()))).toBe(code);
    });

    test('the simulator gives DCMI to administrators only, and does not have it', async () => {
      expect(await failure(keep(openSim(1, monitor)).power(soon()))).toBe('forbidden');
      expect(await keep(openSim(1, admin)).power(soon())).toBeUndefined();
    });

    test('a level above that of the session, which is the only limit that the simulator has', async () => {
      // Set Session Privilege Level (IPMI 2.0 §22.18) in a session that was opened as USER.
      const raise = { netFn: 6, command: 0x3b, data: [4] };
      const refusal = keep(openClient(1, monitor)).request(raise, soon());
      await expect(refusal).rejects.toMatchObject({ completionCode: 0x81 });
    });

    test('nothing listens', async () => {
      const bmc = keep(openSim(1, monitor, { transport: udpTransport('127.0.62.99', 9623) }));
      expect(await failure(bmc.sensors(soon()))).toBe('connect');
    });
  });

  test('USER is enough for everything but DCMI', async () => {
    const bmc = keep(openSim(1, monitor));
    expect((await bmc.sensors(soon())).sensors).toHaveLength(43);
    expect(await bmc.chassis(soon())).toMatchObject({ isPowerOn: false });
    expect((await bmc.eventLog(soon()))?.entries).toBeGreaterThan(8);
    expect(await bmc.powerSupplies(soon())).toHaveLength(2);
    expect(bmc.traffic()).toMatchObject({ sessions: 1 });
  });

  test('a restart in mid-session costs one new session', async () => {
    const bmc = keep(openSim(1, monitor, { retry: { attempts: 3, firstMs: 300, growth: 1.5 } }));
    await bmc.sensors(soon());
    await startSims(1);
    expect((await bmc.sensors(soon())).sensors).toHaveLength(43);
    expect(bmc.traffic().sessions).toBe(2);
  });

  test('a session that the BMC dropped costs one new session, and no sensor', async () => {
    const seen: number[] = [];
    const transport = spy(udpTransport(simAddress(1), simPort), (datagram) => {
      if (datagram[4] === 0x06 && datagram.length > 16) seen.push(datagram.readUInt32LE(6));
    });
    const bmc = keep(openSim(1, monitor, { transport, retry: { attempts: 3, firstMs: 300, growth: 1.5 } }));
    const before = await bmc.sensors(soon());
    // Close Session (IPMI 2.0 §22.19) of somebody else's session, which an administrator may do.
    const id = Buffer.alloc(4);
    id.writeUInt32LE(seen.at(-1) as number);
    await keep(openClient(1, admin)).request({ netFn: 6, command: 0x3c, data: id }, soon());
    expect(await bmc.sensors(soon())).toEqual(before);
    expect(bmc.traffic().sessions).toBe(2);
  });

  test('a BMC that hangs is a time-out, and is read again when it is back', async () => {
    const bmc = keep(openSim(1, monitor, { retry: { attempts: 2, firstMs: 300, growth: 1 } }));
    await bmc.sensors(soon());
    signalSim(1, 'SIGSTOP');
    try {
      expect(await failure(bmc.sensors(soon()))).toBe('timeout');
    } finally {
      signalSim(1, 'SIGCONT');
    }
    await expect.poll(async () => failure(bmc.sensors(soon())), { timeout: 60_000 }).toBe('it did not fail');
  });

  test('a slow network that loses every tenth datagram', async () => {
    const proxy = await startProxy(1, { delayMs: 5, loseEvery: 10 });
    try {
      const retry = { attempts: 8, firstMs: 200, growth: 1.3 };
      const bmc = keep(openSim(1, monitor, { transport: udpTransport('127.0.0.1', proxy.port), retry }));
      const { sensors, skipped } = await bmc.sensors(soon());
      expect(sensors).toHaveLength(43);
      expect(skipped).toMatchObject({ failed: 0 });
      expect(proxy.lost()).toBeGreaterThan(5);
      expect(bmc.traffic()).toMatchObject({ sessions: 1 });
    } finally {
      proxy.close();
    }
  });

  test('all sessions taken is told, and closing gives every slot back', async () => {
    await startSims(1);
    const request = { netFn: 6, command: 0x01 };
    const hoard = async () => {
      for (let count = 0; count < 80; count++) {
        const client = keep(openClient(1, monitor));
        const code = await failure(client.request(request, soon()));
        if (code !== 'it did not fail') return { code, count };
      }
      return { code: 'none', count: 80 };
    };
    const first = await hoard();
    await Promise.all(opened.splice(0).map((thing) => thing.close()));
    expect(await failure(keep(openClient(1, monitor)).request(request, soon()))).toBe('it did not fail');
    expect(first).toEqual({ code: 'unavailable', count: expect.any(Number) });
    expect(first.count).toBeGreaterThan(55);
  });
});
