import { expect, test } from 'vitest';
import { SourceError } from '../../../../src/core/errors.ts';
import type { CollectInput } from '../../../../src/core/source.ts';
import type { LxdCluster } from '../../../../src/sources/lxd/client/cluster.ts';
import { Journal } from '../../../../src/sources/lxd/client/events/journal.ts';
import { events } from '../../../../src/sources/lxd/collectors/events.ts';
import type { LxdConfig } from '../../../../src/sources/lxd/config.ts';
import { collectOnce } from '../collect.ts';
import { cluster } from '../fake-cluster.ts';

const feed = { start: async () => undefined, connected: true, isRefused: false, failure: undefined };

/** Runs the collector over a feed in this state; gives the samples by their action. */
async function collect(state: object, actions: readonly string[] = []) {
  const journal = new Journal();
  for (const action of actions) journal.take({ kind: 'lifecycle', action, at: 0 });
  const shown: Record<string, number> = {};
  await events.collect({
    client: { events: { ...feed, ...state }, journal, topology: async () => ({}) },
    emit: (metric: { name: string }, labels: { action?: string }, value: number) => {
      shown[labels.action ?? metric.name] = value;
    },
    signal: new AbortController().signal,
  } as unknown as CollectInput<LxdCluster, LxdConfig>);
  return shown;
}

test('every action of the list has a count from the start, and the others have one together', async () => {
  const none = await collect({});
  expect(Object.keys(none)).toHaveLength(24);
  expect(new Set(Object.values({ ...none, lxd_events_connected: 0 }))).toEqual(new Set([0]));
  const actions = ['instance-started', 'instance-started', 'cluster-member-healed', 'image-created', 'of tomorrow'];
  expect(await collect({}, actions)).toEqual({
    ...none,
    'instance-started': 2,
    'cluster-member-healed': 1,
    other: 2,
  });
});

test('while the connection is lost, the counts stay', async () => {
  const lost = { connected: false, failure: new SourceError('connect', 'gone') };
  expect(await collect(lost, ['instance-stopped'])).toMatchObject({ lxd_events_connected: 0, 'instance-stopped': 1 });
});

test('the first scrape does not wait for long for a connection', async () => {
  const never = { connected: false, start: () => new Promise(() => undefined) };
  expect(await collect(never)).toMatchObject({ lxd_events_connected: 0 });
}, 10_000);

test('a certificate that may not follow events loses them alone, and is told why', async () => {
  const { facts, failures, page } = await collectOnce({ ...cluster, events: 403 });
  expect(failures).toEqual({
    'cluster events': { code: 'forbidden', message: '/1.0/events: LXD answered 403: not authorized' },
  });
  expect(page).not.toMatch(/lxd_events_connected|rackwatch_lifecycle_events_total/);
  expect(facts['cluster']?.maintenance).toBeDefined();
});

test('while LXD cannot serve events for the moment, that is no failure of the collector', async () => {
  const { failures, page } = await collectOnce({ ...cluster, events: 503 });
  expect(failures).toEqual({});
  expect(page).toContain('\nlxd_events_connected 0\n');
});

test('where nothing of the cluster answers, it is no sign of life', async () => {
  const dead = Object.fromEntries(Object.keys(cluster).map((path) => [path, 503]));
  const { failures, up } = await collectOnce(dead);
  expect(up).toEqual({ cluster: false, instances: false });
  expect(failures['cluster events']).toMatchObject({ code: 'unavailable' });
});
