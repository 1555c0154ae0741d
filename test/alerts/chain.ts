import type { AddressInfo } from 'node:net';
import { App } from '../../src/app.ts';
import { parseConfig } from '../../src/config/problems.ts';
import { configSchema } from '../../src/config/schema.ts';
import { systemClock } from '../../src/core/clock.ts';
import { startDemoRack } from '../../src/demo/index.ts';
import type { RackState } from '../../src/demo/state.ts';
import { buildServer } from '../../src/http/server.ts';
import { insights } from '../../src/insights/index.ts';
import { sources } from '../../src/sources/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import type { AlertLab } from '../labs/needs.ts';
import { type Messengers, startMessengers } from './messengers.ts';

/** The whole way from a fault to a person: the simulated rack, rackwatch, and those who tell. */
export interface Chain extends Messengers {
  readonly state: RackState;
  /** Host and port of rackwatch. */
  readonly rackwatch: string;
}

/** What the simulated rack has for rackwatch to watch. */
const TARGETS = 13;

/** Starts all of it; everything that waits waits `speed` times shorter. */
export async function startChain(speed: number, replicas = 1, lab: AlertLab = 'alertmanager'): Promise<Chain> {
  const watched = await startWatched(speed);
  const { port } = watched;
  const messengers = await startMessengers({ lab, port, targets: TARGETS, speed, replicas });
  return {
    ...messengers,
    ...{ state: watched.state, rackwatch: `127.0.0.1:${port}` },
    close: async () => {
      await messengers.close();
      await watched.close();
    },
  };
}

/** The simulated rack, and rackwatch that watches it as often as it is scraped. */
async function startWatched(speed: number) {
  const rack = await startDemoRack(systemClock, speed);
  const hasty = { min_age: '500ms', timeout: '2s', stale_after: `${Math.ceil(180 / speed)}s` };
  const own: Readonly<Record<string, object>> = { ovn: { answer_timeout: '1s' } };
  const settings = Object.entries(rack.sources).map(([name, source]) => [name, { ...source, ...hasty, ...own[name] }]);
  const text = JSON.stringify({ sources: Object.fromEntries(settings) });
  const config = parseConfig(configSchema(sources, insights), text, 'demo');
  const app = new App({ config, sources, insights, log: createLogger('fatal') });
  const server = buildServer(app);
  await server.listen({ port: 0, host: '127.0.0.1' });
  return {
    state: rack.state,
    port: (server.server.address() as AddressInfo).port,
    close: async () => {
      await server.close();
      await app.close();
      await rack.close();
    },
  };
}
