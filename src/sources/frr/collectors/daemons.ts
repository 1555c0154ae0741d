import { gauge, info } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { RouterClient } from '../client/client.ts';
import { showVersion } from '../client/commands.ts';
import { type Build, parseBuild } from '../client/version.ts';
import type { FrrConfig } from '../config.ts';
import type { FrrFacts } from '../facts.ts';

const version = info('frr_info', { labels: ['router', 'version'], help: 'Version of FRR.' });
const status = gauge('frr_status_up', {
  labels: ['router', 'version', 'os'],
  help: 'Whether zebra answers (1). Absent when it does not.',
});
const up = gauge('frr_daemon_up', {
  labels: ['router', 'daemon'],
  help: 'Whether watchfrr finds the daemon alive and answering (1).',
});
const reading = gauge('frr_configuration_reading', {
  labels: ['router'],
  help: 'Whether a daemon is reading its configuration at this moment (1), by watchfrr. FRR 10 and later.',
});

export const daemons: Collector<RouterClient, FrrFacts, FrrConfig> = {
  name: 'daemons',
  help: 'Version, and the state of the daemons as watchfrr sees them.',
  metrics: [version, status, up, reading],
  async collect({ client, signal, emit }) {
    const { name: router } = client;
    const watchdog = await client.router.watchdog(signal);
    for (const daemon of watchdog?.daemons ?? []) emit(up, { router, daemon: daemon.name }, daemon.up ? 1 : 0);
    if (watchdog?.readingConfiguration !== undefined) emit(reading, { router }, watchdog.readingConfiguration ? 1 : 0);
    const zebra = await readZebra(client, watchdog !== undefined, signal);
    const { name, os } = zebra ?? (await client.router.build('watchfrr', signal));
    emit(version, { router, version: name }, 1);
    // By vtysh it is not zebra itself that answers.
    const isDown = watchdog?.daemons.some((daemon) => daemon.name === 'zebra' && !daemon.up) ?? false;
    if (zebra && !isDown) emit(status, { router, version: name, os }, 1);
    return { version: name, daemons: watchdog?.daemons ?? [] };
  },
};

/** Asks zebra itself in every cycle. That it is dead is no reason to lose what watchfrr says of it. */
async function readZebra(
  { router }: RouterClient,
  isWatched: boolean,
  signal: AbortSignal,
): Promise<Build | undefined> {
  try {
    return parseBuild(await router.text(showVersion('zebra'), signal));
  } catch (error) {
    if (isWatched) return undefined;
    throw error;
  }
}
