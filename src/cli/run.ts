import { parseArgs } from 'node:util';
import { describeError } from '../core/errors.ts';
import { version } from '../version.ts';

/** Exit codes: 0 all is well, 1 the command found something wrong, 2 the command line cannot be understood. */
const USAGE_ERROR = 2;

const usage = `rackwatch ${version}: Prometheus exporter for a cluster of LXD, Ceph, OVN, FRR and BMCs

Usage:
  rackwatch serve --config FILE [--listen HOST:PORT]   serve /metrics until SIGTERM; SIGHUP reloads FILE
  rackwatch init  [--config FILE] [--endpoint URL]     look at an LXD and write the configuration that watches it
                  [--certificate FILE --key FILE]      the identity; --yes asks nothing
                  [--yes]
  rackwatch check --config FILE                        check FILE without touching the network
  rackwatch dump  --config FILE [--source NAME]        collect once and print what /metrics would show
  rackwatch doctor --config FILE [--json]              what is not reached, not allowed, not joined; what breaks next
  rackwatch demo  [--listen HOST:PORT]                 serve the simulated reference cluster
                  [--scenario NAME] [--speed FACTOR]   and tell a story on it: rolling-reboot, psu-fails, …
  rackwatch docs  [--check]                            write the generated references, or check that they are current
  rackwatch --version | --help
`;

const options = {
  config: { type: 'string' },
  listen: { type: 'string' },
  source: { type: 'string', multiple: true },
  endpoint: { type: 'string' },
  certificate: { type: 'string' },
  key: { type: 'string' },
  yes: { type: 'boolean' },
  scenario: { type: 'string' },
  speed: { type: 'string' },
  check: { type: 'boolean' },
  json: { type: 'boolean' },
  version: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export type CliOptions = ReturnType<typeof parse>['values'];

type Run = (values: CliOptions) => Promise<number>;

interface Command {
  /** Loads the command's code, so that no command pays for the others. */
  readonly load: () => Promise<Run>;
  readonly takes: readonly (keyof typeof options)[];
  readonly needs?: readonly (keyof typeof options)[];
}

const commands: Readonly<Record<string, Command>> = {
  serve: { load: async () => (await import('./serve.ts')).serve, takes: ['config', 'listen'], needs: ['config'] },
  check: { load: async () => (await import('./check.ts')).check, takes: ['config'], needs: ['config'] },
  dump: { load: async () => (await import('./dump.ts')).dump, takes: ['config', 'source'], needs: ['config'] },
  doctor: { load: async () => (await import('./doctor.ts')).doctor, takes: ['config', 'json'], needs: ['config'] },
  demo: { load: async () => (await import('./demo.ts')).demo, takes: ['listen', 'scenario', 'speed'] },
  init: {
    load: async () => (await import('./init.ts')).init,
    takes: ['config', 'endpoint', 'certificate', 'key', 'yes'],
  },
  docs: { load: async () => (await import('./docs.ts')).docs, takes: ['check'] },
};

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true });

/** Runs one command and returns the exit code. */
export async function runCli(args: readonly string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return refuse(describeError(error));
  }
  const { positionals, values } = parsed;
  if (values.help) return print(usage);
  if (values.version) return print(`rackwatch ${version}\n`);
  const [name = '', ...rest] = positionals;
  const command = commands[name];
  if (!command) return refuse(name === '' ? 'no command given' : `unknown command: ${name}`);
  if (rest.length > 0) return refuse(`unexpected argument: ${rest.join(' ')}`);
  const given = Object.keys(values) as (keyof typeof options)[];
  const stray = given.find((option) => !command.takes.includes(option));
  if (stray) return refuse(`${name} takes no --${stray}`);
  const missing = command.needs?.find((option) => !given.includes(option));
  if (missing) return refuse(`${name} needs --${missing}`);
  return runCommand(command, values);
}

async function runCommand(command: Command, values: CliOptions): Promise<number> {
  try {
    const run = await command.load();
    return await run(values);
  } catch (error) {
    process.stderr.write(`${isConfigError(error) ? error.message : `rackwatch: ${describeError(error)}`}\n`);
    return 1;
  }
}

/** By name, so that the YAML library is loaded by the commands that need it. */
const isConfigError = (error: unknown): error is Error => error instanceof Error && error.name === 'ConfigError';

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function refuse(reason: string): number {
  process.stderr.write(`rackwatch: ${reason}\n\n${usage}`);
  return USAGE_ERROR;
}
