import { expect, test } from 'vitest';
import { collectOnce } from '../collect.ts';
import { cluster } from '../fake-cluster.ts';

const offline = (more: object) => ({
  status: 'new',
  location: 'm1',
  project: '',
  type: 'Offline cluster member',
  severity: 'low',
  first_seen_at: '2026-11-24T23:58:00Z',
  last_message: '',
  entity_url: '',
  ...more,
});

test('what tells maintenance and healing is in the facts', async () => {
  const { facts } = await collectOnce({
    ...cluster,
    '/1.0': {
      auth: 'trusted',
      api_extensions: ['clustering'],
      config: { 'cluster.healing_threshold': '60' },
      environment: { server: 'lxd', server_clustered: true, server_name: 'm1', server_version: '5.21.3' },
    },
    '/1.0/operations?recursion=1&all-projects=true': {
      running: [
        {
          description: 'Evacuating cluster member',
          created_at: '2026-11-24T23:57:39.610219858Z',
          location: 'm2',
          resources: null,
          status: 'Running',
        },
        { description: 'Executing command', created_at: '2026-11-24T23:57:39Z', location: 'm1', status: 'Running' },
      ],
      success: [
        {
          description: 'Restoring cluster member',
          created_at: '2026-11-24T23:57:39Z',
          location: 'm1',
          status: 'Success',
        },
      ],
    },
    '/1.0/warnings?recursion=1': [
      // As LXD 5.0.2 says it, and as newer ones do.
      offline({
        last_message:
          'Failed to send heartbeat request: Put "https://192.0.2.2:8443/internal/database": dial tcp 192.0.2.2:8443: connect: connection refused',
      }),
      offline({ entity_url: '/1.0/cluster/members/m1', status: 'acknowledged' }),
      offline({ entity_url: '/1.0/cluster/members/m1', status: 'resolved' }),
      offline({ last_message: 'nobody knows' }),
    ],
  });
  const startedAt = Date.parse('2026-11-24T23:57:39.610Z') / 1000;
  const since = Date.parse('2026-11-24T23:58:00Z') / 1000;
  expect(facts['cluster']).toMatchObject({
    healingAfterSeconds: 60,
    maintenance: [{ member: 'm2', kind: 'evacuating', startedAt }],
    histories: [{ member: 'm2', startedAt }],
    silences: [
      { member: 'm2', since },
      { member: 'm1', since },
    ],
  });
});

test('a configuration that cannot be read says nothing of healing; one without the key says that there is none', async () => {
  expect((await collectOnce(cluster)).facts['cluster']).not.toHaveProperty('healingAfterSeconds');
  const info = { ...(cluster['/1.0'] as object), config: {} };
  expect((await collectOnce({ ...cluster, '/1.0': info })).facts['cluster']).toMatchObject({ healingAfterSeconds: 0 });
});

test('an instance whose member does not answer says so, as LXD leaves out its configuration', async () => {
  const { facts } = await collectOnce({
    ...cluster,
    '/1.0/instances?recursion=2&all-projects=true': [
      // As LXD 5.0.2 lists it.
      {
        architecture: '',
        config: null,
        devices: null,
        ephemeral: false,
        profiles: null,
        stateful: false,
        description: '',
        created_at: '0001-01-01T00:00:00Z',
        name: 'a3',
        status: 'Error',
        status_code: 112,
        last_used_at: '0001-01-01T00:00:00Z',
        location: 'm2',
        type: '',
        project: 'default',
        backups: null,
        state: null,
        snapshots: null,
      },
      {
        name: 'locked',
        project: 'default',
        type: 'container',
        architecture: 'x86_64',
        status: 'Stopped',
        location: 'm1',
        last_used_at: '2026-02-01T00:00:00Z',
        expanded_config: { 'security.protection.start': 'true' },
      },
    ],
  });
  const [away, locked] = facts['instances']?.instances ?? [];
  expect(away).toMatchObject({ name: 'a3', state: 'error', configUnknown: true });
  expect(away).not.toHaveProperty('lastUsedAt');
  expect(locked).toMatchObject({ startProtected: true, lastUsedAt: Date.UTC(2026, 1, 1) / 1000 });
  expect(locked).not.toHaveProperty('configUnknown');
});
