import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load.ts';
import { defineInsight } from '../../src/core/insight.ts';
import { startDemoRack } from '../../src/demo/index.ts';
import type { RackState } from '../../src/demo/state.ts';
import { buildServer } from '../../src/http/server.ts';
import { insights } from '../../src/insights/index.ts';
import { sources } from '../../src/sources/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';

/** The simulated rack and rackwatch at two addresses, with what can be done to rackwatch itself. */
export interface WatchedRack {
  readonly state: RackState;
  /** Ports of loopback at which rackwatch answers. */
  readonly ports: readonly number[];
  /** It reads its file anew: what it keeps for minutes, such as a project's limits, is asked for at once. */
  reload(): Promise<void>;
  /** An insight throws from now on. */
  breakInsight(): void;
  /** It is told to read a file that is not YAML. */
  spoilConfiguration(): Promise<void>;
  /** One of the addresses answers no more. */
  stopAnswering(index: number): void;
  close(): Promise<void>;
}

/** What takes its time on the rack takes `speed` times less, and rackwatch asks as often as it is scraped. */
export async function startWatchedRack(speed: number): Promise<WatchedRack> {
  const folder = mkdtempSync(join(tmpdir(), 'rackwatch-watched-'));
  const configFile = join(folder, 'rackwatch.yaml');
  let brokenFromMs = Number.POSITIVE_INFINITY;
  const extra = defineInsight({
    name: 'extra',
    help: 'Tells nothing, and fails when the test wants it to.',
    metrics: [],
    // It reads the time, so that it is asked at every scrape.
    derive: ({ nowMs }) => {
      if (nowMs >= brokenFromMs) throw new Error('a fault of the program');
    },
  });
  const rack = await startDemoRack(undefined, speed);
  // A BMC that falls silent is given up after seven seconds, which must not be the end of the cycle.
  const bmc = { timeout: '25s', stale_after: '30s' };
  const own: Readonly<Record<string, object>> = { ovn: { answer_timeout: '1s' }, bmc };
  const hasty = { min_age: '500ms', timeout: '4s', stale_after: '8s' };
  const settings = Object.entries(rack.sources).map(([name, source]) => [name, { ...source, ...hasty, ...own[name] }]);
  const config = { log: { level: 'fatal' }, sources: Object.fromEntries(settings), insights: rack.insights };
  writeFileSync(configFile, JSON.stringify(config));
  const all = [...insights, extra];
  const app = new App({
    config: loadConfig(configFile, sources, all),
    ...{ configFile, sources, insights: all, log: createLogger('silent') },
  });
  const server = buildServer(app);
  await server.listen({ port: 0, host: '127.0.0.1' });
  const doors = await Promise.all([1, 2].map(() => openDoor((server.server.address() as AddressInfo).port)));
  return {
    state: rack.state,
    ports: doors.map(({ port }) => port),
    reload: () => app.reload(),
    breakInsight: () => {
      brokenFromMs = 0;
    },
    spoilConfiguration: async () => {
      writeFileSync(configFile, 'sources: [');
      await app.reload().catch(() => undefined);
    },
    stopAnswering: (index) => doors[index]?.close(),
    close: async () => {
      for (const door of doors) door.close();
      await server.close();
      await app.close();
      await rack.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Door {
  readonly port: number;
  close(): void;
}

/** A port that leads to another one, as the second replica of rackwatch would be another way to the same. */
async function openDoor(to: number): Promise<Door> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const inner = connect(to, '127.0.0.1');
    for (const one of [socket, inner]) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.once('close', () => {
        sockets.delete(one);
        socket.destroy();
        inner.destroy();
      });
    }
    socket.pipe(inner).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as AddressInfo).port, close };
}
