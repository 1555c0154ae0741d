import { stringify } from 'yaml';
import { App } from '../app.ts';
import { parseConfig } from '../config/problems.ts';
import { configSchema } from '../config/schema.ts';
import { startDemoRack } from '../demo/index.ts';
import { insights } from '../insights/index.ts';
import { sources } from '../sources/index.ts';
import { createLogger } from '../telemetry/logger.ts';
import type { CliOptions } from './run.ts';
import { listenOn, parseListen, serverUrl, stop, stopSignal } from './serve.ts';

/** Starts the simulated reference cluster and serves it like a real one, until SIGTERM or SIGINT. */
export async function demo({ listen }: CliOptions): Promise<number> {
  const rack = await startDemoRack();
  try {
    const text = stringify({ log: { level: 'warn' }, sources: rack.sources });
    const config = parseConfig(configSchema(sources, insights), text, 'demo');
    const app = new App({ config, sources, insights, log: createLogger(config.log.level), demo: true });
    const server = await listenOn(app, listen === undefined ? config.listen : parseListen(listen), config);
    process.stdout.write(welcome(serverUrl(server)));
    await stopSignal();
    await stop(server, app);
  } finally {
    await rack.close();
  }
  return 0;
}

const welcome = (url: string): string => `
rackwatch watches a simulated cluster: abydos, langara and orilla, 63 instances in 9 projects.
Nothing here is real; all of it runs in this process and on loopback only.

  Status page     ${url}/
  Metrics         ${url}/metrics
  Configuration   ${url}/config
  Readiness       ${url}/-/ready

Press Ctrl+C to end.
`;
