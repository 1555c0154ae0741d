import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEvent } from '../../../../../src/sources/lxd/client/events/event.ts';

const at = Date.UTC(2026, 10, 24, 23, 57, 39, 663);
const timestamp = '2026-11-24T23:57:39.663219858Z';

/** As LXD 5.0.2 sent it while it evacuated m3. */
const evacuating = {
  type: 'operation',
  timestamp,
  metadata: {
    id: 'e335c320-99d9-4ed3-b461-5e76ad61f2a9',
    class: 'task',
    description: 'Evacuating cluster member',
    created_at: '2026-11-24T23:57:39.610219858Z',
    updated_at: '2026-11-24T23:57:39.610219858Z',
    status: 'Running',
    status_code: 103,
    resources: null,
    metadata: null,
    may_cancel: false,
    err: '',
    location: 'm3',
  },
  location: 'm3',
};
const startedAt = Date.UTC(2026, 10, 24, 23, 57, 39, 610);

const operation = (more: object) => ({ ...evacuating, metadata: { ...evacuating.metadata, ...more } });
const lifecycle = (action: string, source: string) => ({ type: 'lifecycle', timestamp, metadata: { action, source } });

test.each([
  [
    'an evacuation',
    evacuating,
    { kind: 'maintenance', at, succeeded: false, maintenance: { member: 'm3', kind: 'evacuating', startedAt } },
  ],
  [
    'the end of one',
    operation({ status: 'Success' }),
    { kind: 'maintenance', at, succeeded: true, maintenance: { member: 'm3', kind: 'evacuating', startedAt } },
  ],
  [
    'a restore',
    operation({ description: 'Restoring cluster member' }),
    { kind: 'maintenance', at, succeeded: false, maintenance: { member: 'm3', kind: 'restoring', startedAt } },
  ],
  [
    'an operation that names its member',
    operation({ resources: { cluster_members: ['/1.0/cluster/members/m%204'] } }),
    { kind: 'maintenance', at, succeeded: false, maintenance: { member: 'm 4', kind: 'evacuating', startedAt } },
  ],
  ['another operation', operation({ description: 'Executing command' }), undefined],
  [
    'an instance',
    lifecycle('instance-started', '/1.0/instances/k3?project=web'),
    { kind: 'lifecycle', at, action: 'instance-started' },
  ],
  [
    'a member',
    lifecycle('cluster-member-healed', '/1.0/cluster/members/m3'),
    { kind: 'lifecycle', at, action: 'cluster-member-healed', member: 'm3' },
  ],
  ['a log line', { type: 'logging', timestamp, metadata: { message: 'x' } }, undefined],
  ['an event without contents', { type: 'operation', timestamp, metadata: null }, undefined],
])('%s', (_name, event, expected) => {
  expect(decodeEvent(JSON.stringify(event))).toEqual(expected);
});

test.each(['', '{', 'null', '[]', '"x"', '{}', '{"type":"lifecycle","timestamp":"never","metadata":{}}'])(
  'not an event: %s',
  (text) => {
    expect(() => decodeEvent(text)).toThrow(expect.objectContaining({ code: 'protocol' }));
  },
);

test('a secret in what cannot be read stays out of the error', () => {
  expect(() => decodeEvent('{"secret":"hunter2"')).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
  );
});

test('any JSON is an event, nothing, or refused', () => {
  fc.assert(
    fc.property(fc.json(), fc.jsonValue(), (text, metadata) => {
      for (const one of [text, JSON.stringify({ type: 'operation', timestamp, metadata })]) {
        try {
          decodeEvent(one);
        } catch (error) {
          expect(error).toMatchObject({ name: 'SourceError', code: 'protocol' });
        }
      }
    }),
  );
});
