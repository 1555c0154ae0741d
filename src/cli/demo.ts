import { stringify } from 'yaml';
import { App } from '../app.ts';
import { parseConfig } from '../config/problems.ts';
import { configSchema } from '../config/schema.ts';
import { systemClock } from '../core/clock.ts';
import { startDemoRack } from '../demo/index.ts';
import type { Chapter } from '../demo/scenario.ts';
import { chapters, findScenario } from '../demo/scenarios/index.ts';
import { Stage } from '../demo/stage.ts';
import { insights } from '../insights/index.ts';
import { sources } from '../sources/index.ts';
import { createLogger } from '../telemetry/logger.ts';
import type { CliOptions } from './run.ts';
import { listenOn, parseListen, serverUrl, stop, stopSignal } from './serve.ts';

/** Starts the simulated reference cluster and serves it like a real one, until SIGTERM or SIGINT. */
export async function demo({ listen, scenario, speed = '1' }: CliOptions): Promise<number> {
  if (scenario !== undefined) findScenario(scenario);
  const rack = await startDemoRack(systemClock, parseSpeed(speed));
  const stage = new Stage(rack.state, (line) => process.stdout.write(`${new Date().toISOString()} ${line}\n`));
  try {
    const text = stringify({ log: { level: 'warn' }, sources: rack.sources, insights: rack.insights });
    const config = parseConfig(configSchema(sources, insights), text, 'demo');
    const app = new App({ config, sources, insights, log: createLogger(config.log.level), demo: stage });
    const server = await listenOn(app, listen === undefined ? config.listen : parseListen(listen), config);
    process.stdout.write(welcome(serverUrl(server)));
    if (scenario !== undefined) stage.play(scenario);
    await stopSignal();
    await stop(server, app);
  } finally {
    stage.close();
    await rack.close();
  }
  return 0;
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (Number.isFinite(speed) && speed >= 0.1 && speed <= 1000) return speed;
  throw new Error(`--speed: not a factor from 0.1 to 1000: ${text}`);
}

const describeChapter = ({ scenarios, title }: Chapter): string =>
  [`  ${title}`, ...scenarios.map(({ help, name }) => `    ${name.padEnd(22)} ${help}`)].join('\n');

const welcome = (url: string): string => `
rackwatch watches a simulated cluster: abydos, langara and orilla, 63 instances in 9 projects.
Nothing here is real; all of it runs in this process and on loopback only.

  Status page     ${url}/
  Metrics         ${url}/metrics
  Discovery       ${url}/service-discovery/lxd?port=9100
  Readiness       ${url}/-/ready

Things to let happen, with the buttons of the status page or with --scenario NAME:
${chapters.map(describeChapter).join('\n')}

Press Ctrl+C to end.
`;
