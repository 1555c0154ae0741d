import { existsSync, writeFileSync } from 'node:fs';
import { parseConfig } from '../config/problems.ts';
import { configSchema } from '../config/schema.ts';
import { insights } from '../insights/index.ts';
import { sources } from '../sources/index.ts';
import { bareHost } from './host.ts';
import { chooseAccess } from './init/access.ts';
import { discoverCeph } from './init/discover-ceph.ts';
import { discoverLxd } from './init/discover-lxd.ts';
import { discoverOvn } from './init/discover-ovn.ts';
import { askPerson, takeOffered } from './init/prompt.ts';
import { type Findings, renderConfig } from './init/render.ts';
import { describeFindings } from './init/report.ts';
import type { CliOptions } from './run.ts';

const DISCOVERY_MS = 60_000;

/** Looks at one LXD, and writes the configuration that watches it and what it knows of. */
export async function init(options: CliOptions): Promise<number> {
  const file = options.config ?? 'rackwatch.yaml';
  if (existsSync(file)) throw new Error(`${file} is there already; name another with --config`);
  const prompt = options.yes ? takeOffered(process.stdout) : askPerson(process.stdin, process.stdout);
  try {
    const found = await discover(await chooseAccess(options, prompt));
    const text = renderConfig(found);
    parseConfig(configSchema(sources, insights), text, file);
    writeFileSync(file, text, { flag: 'wx' });
    process.stdout.write(`${describeFindings(found)}\nWritten: ${file}. Next: rackwatch doctor --config ${file}\n`);
  } finally {
    prompt.close();
  }
  return 0;
}

async function discover(access: Findings['access']): Promise<Findings> {
  const signal = AbortSignal.timeout(DISCOVERY_MS);
  const lxd = await discoverLxd(access, signal);
  const hosts = lxd.members.flatMap(({ url }) => (url.startsWith('https:') ? [bareHost(new URL(url).hostname)] : []));
  const [ceph, ovn] = await Promise.all([discoverCeph(hosts, signal), discoverOvn(lxd.northbound)]);
  return { access, lxd, ceph, ovn };
}
