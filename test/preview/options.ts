import { parseArgs } from 'node:util';

export const usage = `Draws the dashboards to PNG, with Grafana's own npm components.

Usage: npm run dashboards:preview -- [options]
  --only NAME         this dashboard alone (cluster, storage, …); can be repeated
  --minutes N         history to gather on the simulated rack before drawing: 8
  --scenario NAME     a story that begins after a third of it: rolling-reboot, member-dies, …
  --speed FACTOR      how many times faster the story goes than it is written: 5
  --prometheus URL    draw what this Prometheus has, with the dashboards' own time ranges, and start nothing
  --out FOLDER        where the pictures go: test/preview/out
  --keep              leave rack and Prometheus running after that, until Ctrl+C
`;

export interface Options {
  readonly only: readonly string[];
  readonly minutes: number;
  readonly scenario: string | undefined;
  readonly speed: number;
  readonly prometheus: string | undefined;
  readonly out: string | undefined;
  readonly keep: boolean;
}

/** Reads the command line; undefined when it asks for help. Throws for what it does not understand. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      minutes: { type: 'string', default: '8' },
      scenario: { type: 'string' },
      speed: { type: 'string', default: '5' },
      prometheus: { type: 'string' },
      out: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { help, keep, minutes, only, out, prometheus, scenario, speed } = values;
  if (help) return undefined;
  if (prometheus !== undefined && scenario !== undefined)
    throw new Error('--scenario tells a story on the simulated rack, and --prometheus starts none');
  return {
    only,
    minutes: readNumber('--minutes', minutes, 1, 24 * 60),
    scenario,
    speed: readNumber('--speed', speed, 0.1, 1000),
    prometheus: prometheus?.replace(/\/$/, ''),
    out,
    keep,
  };
}

function readNumber(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= low && value <= high) return value;
  throw new Error(`${name}: not a number from ${low} to ${high}: ${text}`);
}
