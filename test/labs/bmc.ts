import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { type Credentials, IpmiClient } from '../../src/sources/bmc/client/ipmi/index.ts';
import { udpTransport } from '../../src/sources/bmc/client/ipmi/transport.ts';
import { IpmiBmc, type IpmiBmcOptions } from '../../src/sources/bmc/client/ipmi-bmc.ts';
import { labRoot, run, script } from './lab.ts';

export const simPort = 9623;
export const simAddress = (number = 1): string => `127.0.62.${number}`;

/** Users of the simulator: a reader, and one who may do anything. */
export const monitor = { user: 'monitor', password: () => 's3cret-mon', privilege: 'user' } as const;
export const admin = { user: 'ADMIN', password: () => 'ADMIN', privilege: 'administrator' } as const;

/** Simulators of servers that are off; with `powered` they are on. */
export const startSims = (count = 1, { powered = false } = {}): Promise<string> =>
  script('bmc', 'up.sh', { args: [String(count)], env: { POWERED: powered ? '1' : '' } });
export const stopSims = (): Promise<string> => script('bmc', 'down.sh');

/** Gives commands to a simulator's console. */
export const simConsole = (number: number, ...commands: string[]): Promise<string> =>
  script('bmc', 'console.sh', { args: [simAddress(number), ...commands] });

/** Numbers of the simulated sensors of power supplies, and their bits of IPMI's table 42-3. */
export const supplies = { PS1: 0xc8, PS2: 0xc9 } as const;
export const supplyBits = { present: 0, failed: 1, inputLost: 3 } as const;

/** The console's command for a bit of a discrete sensor: `sensor_set_bit ADDRESS LUN NUMBER BIT VALUE EVENT`. */
export const setSensorBit = (sensor: number, bit: number, value: 0 | 1): string =>
  `sensor_set_bit 0x20 0 ${sensor} ${bit} ${value} 0`;

/** What repairs the power supply with which the simulators start broken. */
export const mendSupply = [supplyBits.failed, supplyBits.inputLost].map((bit) => setSensorBit(supplies.PS2, bit, 0));

/** Stops the simulator's process or lets it run on: a BMC that hangs. */
export function signalSim(number: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
  process.kill(Number(readFileSync(join(labRoot, 'bmc', `bmc${number}`, 'pid'), 'utf8')), signal);
}

export function openSim(number: number, credentials: Credentials, options: Partial<IpmiBmcOptions> = {}): IpmiBmc {
  return new IpmiBmc({
    transport: udpTransport(simAddress(number), simPort),
    credentials,
    window: 4,
    clock: systemClock,
    ...options,
  });
}

export const openClient = (number: number, credentials: Credentials): IpmiClient =>
  new IpmiClient({ transport: udpTransport(simAddress(number), simPort), credentials, idle: 'keep' });

/** What ipmitool says, line by line, cells trimmed. */
export async function ipmitool(number: number, ...args: string[]): Promise<string[][]> {
  const login = [
    '-I',
    'lanplus',
    '-C',
    '3',
    '-H',
    simAddress(number),
    '-p',
    String(simPort),
    '-U',
    'ADMIN',
    '-P',
    'ADMIN',
  ];
  const text = await run('ipmitool', [...login, '-R', '4', ...args]);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

/** Readings as FreeIPMI gives them, by sensor name; its cache of records is thrown away with `home`. */
export async function freeipmiSensors(number: number, home: string): Promise<Map<string, string>> {
  const login = [
    '-h',
    `${simAddress(number)}:${simPort}`,
    '-D',
    'LAN_2_0',
    '-u',
    'ADMIN',
    '-p',
    'ADMIN',
    '-l',
    'ADMIN',
  ];
  const args = ['-W', 'opensesspriv', '--no-header-output', '--comma-separated-output', '--sdr-cache-recreate'];
  const text = await run('ipmi-sensors', [...login, ...args], { env: { HOME: home } });
  const rows = text.split('\n').flatMap((line) => {
    const cells = line.split(',');
    return cells.length >= 6 ? [[cells[1] ?? '', cells[3] ?? ''] as const] : [];
  });
  return new Map(rows);
}

interface Proxy {
  readonly port: number;
  /** Datagrams that were thrown away so far. */
  lost(): number;
  close(): void;
}

/**
 * A bad network in front of a simulator: every `loseEvery`th datagram is lost, and answers come one at a time,
 * `delayMs` apart, as from a BMC that does one thing at a time.
 */
export async function startProxy(number: number, { delayMs = 0, loseEvery = 0 }): Promise<Proxy> {
  const [front, back] = [createSocket('udp4'), createSocket('udp4')];
  let [count, lost, free, peer] = [0, 0, 0, 0];
  const passes = () => {
    const isLost = loseEvery > 0 && ++count % loseEvery === 0;
    lost += isLost ? 1 : 0;
    return !isLost;
  };
  let isOpen = true;
  front.on('message', (bytes, { port }) => {
    peer = port;
    if (passes()) back.send(bytes);
  });
  back.on('message', (bytes) => {
    const now = performance.now();
    free = Math.max(free, now) + delayMs;
    const send = () => isOpen && front.send(bytes, peer, '127.0.0.1');
    if (passes()) setTimeout(send, free - now);
  });
  back.connect(simPort, simAddress(number));
  await once(back, 'connect');
  front.bind(0, '127.0.0.1');
  await once(front, 'listening');
  const close = () => {
    isOpen = false;
    front.close();
    back.close();
  };
  return { port: front.address().port, lost: () => lost, close };
}
