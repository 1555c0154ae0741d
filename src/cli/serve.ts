import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { App } from '../app.ts';
import { loadConfig } from '../config/load.ts';
import { parseConfig } from '../config/problems.ts';
import { type Config, listenAddress } from '../config/schema.ts';
import { buildServer } from '../http/server.ts';
import { loadWebConfig } from '../http/web-config.ts';
import { insights } from '../insights/index.ts';
import { sources } from '../sources/index.ts';
import { createLogger } from '../telemetry/logger.ts';
import { bareHost } from './host.ts';
import type { CliOptions } from './run.ts';

/** How long answers under way may take once the program is told to end. */
const DRAIN_MS = 4000;

/** Serves until SIGTERM or SIGINT. */
export async function serve({ config: file = '', listen }: CliOptions): Promise<number> {
  const config = loadConfig(file, sources, insights);
  const log = createLogger(config.log.level);
  const app = new App({ config, configFile: file, sources, insights, log });
  const address = listen === undefined ? config.listen : parseListen(listen);
  const server = await listenOn(app, address, config);
  log.info({ url: serverUrl(server) }, 'listening');
  process.on('SIGHUP', () => void app.reload().catch(() => undefined));
  await stopSignal();
  log.info('stopping');
  await stop(server, app);
  return 0;
}

export async function listenOn(app: App, address: string, config: Config): Promise<FastifyInstance> {
  const server = buildServer(app, config.web_config_file ? loadWebConfig(config.web_config_file) : undefined);
  const { host, port } = splitAddress(address);
  try {
    await server.listen({ port, ...(host ? { host } : { host: '::' }) });
  } catch (error) {
    await app.close();
    throw new Error(`cannot listen on ${address}`, { cause: error });
  }
  return server;
}

export const parseListen = (text: string): string => parseConfig(listenAddress, JSON.stringify(text), '--listen');

function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: bareHost(address.slice(0, colon)), port: Number(address.slice(colon + 1)) };
}

export function serverUrl(server: FastifyInstance): string {
  const { address, family, port } = server.server.address() as AddressInfo;
  const scheme = 'setSecureContext' in server.server ? 'https' : 'http';
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

/** Takes no new requests, lets those under way end, and cuts them off when they do not. */
export async function stop(server: FastifyInstance, app: App): Promise<void> {
  const cut = setTimeout(() => server.server.closeAllConnections(), DRAIN_MS);
  await server.close();
  clearTimeout(cut);
  await app.close();
}
