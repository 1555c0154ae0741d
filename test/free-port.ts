import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { hold } from './hold.ts';

/** Below the ports that Linux gives to whoever asks for any (ip_local_port_range, 32768 and up). */
const [FIRST, END] = [20_000, 32_768];

/**
 * A port of loopback that is free, for TCP and for UDP: Alertmanager's mesh wants both. No other process gets it from here
 * for as long as this one lives, and no connection has it for its own end: else a daemon that starts a moment later finds it
 * taken.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (END - FIRST));
    if ((await hold(`port-${port}`)) && (await isFree(port))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const socket = createSocket('udp4').bind(port, '127.0.0.1');
  const areBound = await Promise.all([server, socket].map((one) => once(one, 'listening'))).then(
    () => true,
    () => false,
  );
  await Promise.all([server, socket].map((one) => new Promise<void>((resolve) => one.close(() => resolve()))));
  return areBound;
}
