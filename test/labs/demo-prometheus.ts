import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { App } from '../../src/app.ts';
import { parseConfig } from '../../src/config/problems.ts';
import { configSchema } from '../../src/config/schema.ts';
import { systemClock } from '../../src/core/clock.ts';
import { startDemoRack } from '../../src/demo/index.ts';
import { Stage } from '../../src/demo/stage.ts';
import { buildServer } from '../../src/http/server.ts';
import { insights } from '../../src/insights/index.ts';
import { sources } from '../../src/sources/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';

/** The simulated rack, watched by rackwatch in this process, scraped by a real Prometheus that has the shipped rules. */
export interface DemoPrometheus {
  readonly prometheus: Prometheus;
  readonly stage: Stage;
  /** The two addresses under which the page is scraped. */
  readonly replicas: readonly string[];
  stop(): Promise<void>;
}

const rules = fileURLToPath(new URL('../../alerts/rules/', import.meta.url));

/**
 * The page is scraped under two addresses, as two replicas would give it: what adds them up shows twice as much. Every
 * `interval` seconds; what takes its time on the rack takes `speed` times less.
 */
export async function startDemoPrometheus(interval: number, speed: number): Promise<DemoPrometheus> {
  const rack = await startDemoRack(systemClock, speed);
  const text = stringify({ sources: rack.sources, insights: rack.insights });
  const config = parseConfig(configSchema(sources, insights), text, 'demo');
  const app = new App({ config, sources, insights, log: createLogger('silent') });
  const server = buildServer(app);
  await server.listen({ host: '0.0.0.0', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const replicas = [`127.0.0.1:${port}`, `127.0.0.2:${port}`];
  const prometheus = await startPrometheus({
    global: { scrape_interval: `${interval}s`, scrape_timeout: `${interval}s`, evaluation_interval: `${interval}s` },
    rule_files: [`${rules}*.yml`],
    scrape_configs: [{ job_name: 'rackwatch', static_configs: [{ targets: replicas }] }],
  });
  const stage = new Stage(rack.state);
  return {
    prometheus,
    stage,
    replicas,
    stop: async () => {
      stage.close();
      await prometheus.stop();
      await server.close();
      await app.close();
      await rack.close();
    },
  };
}
