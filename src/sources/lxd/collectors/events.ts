import { delay } from '../../../core/clock.ts';
import { counter, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { LxdCluster } from '../client/cluster.ts';
import type { LxdConfig } from '../config.ts';
import type { LxdFacts } from '../facts.ts';

const connected = gauge('lxd_events_connected', {
  help: "Whether LXD's events are being followed: what happens while they are not is missing in rackwatch_lifecycle_events_total.",
});
const seen = counter('rackwatch_lifecycle_events_total', {
  help: "LXD's lifecycle events by action, since rackwatch began to follow them; those of all other actions are counted as other.",
  labels: ['action'],
});

/** What moves, starts, stops and changes; https://documentation.ubuntu.com/lxd/latest/reference/events/ has all. */
const actions: readonly string[] = [
  'cluster-member-added',
  'cluster-member-evacuated',
  'cluster-member-healed',
  'cluster-member-removed',
  'cluster-member-restored',
  'config-updated',
  'instance-created',
  'instance-deleted',
  'instance-migrated',
  'instance-paused',
  'instance-ready',
  'instance-renamed',
  'instance-restarted',
  'instance-restored',
  'instance-resumed',
  'instance-shutdown',
  'instance-started',
  'instance-stopped',
  'instance-updated',
  'network-updated',
  'project-updated',
  'storage-pool-updated',
];

/** A first scrape waits so long for the connection, and shows what there is. */
const PATIENCE_MS = 3000;

export const events: Collector<LxdCluster, LxdFacts, LxdConfig> = {
  name: 'events',
  help: "LXD's events, over a connection that stays open between scrapes.",
  scope: 'cluster',
  metrics: [connected, seen],
  async collect({ client, emit, signal }) {
    const { events: feed, journal } = client;
    const started = feed.start();
    // Without it, a cluster of which nothing answers would have one collector that succeeds, and look alive.
    await client.topology(signal);
    const patience = new AbortController();
    await Promise.race([started, delay(PATIENCE_MS, AbortSignal.any([signal, patience.signal]))]);
    patience.abort();
    if (feed.isRefused && feed.failure) throw feed.failure;
    emit(connected, {}, feed.connected ? 1 : 0);
    let others = 0;
    for (const [action, count] of journal.counts) if (!actions.includes(action)) others += count;
    for (const action of actions) emit(seen, { action }, journal.counts.get(action) ?? 0);
    emit(seen, { action: 'other' }, others);
    return undefined;
  },
};
