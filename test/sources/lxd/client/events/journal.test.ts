import { expect, test } from 'vitest';
import type { LxdEvent } from '../../../../../src/sources/lxd/client/events/event.ts';
import { Journal } from '../../../../../src/sources/lxd/client/events/journal.ts';

const lifecycle = (action: string, at = 0, member?: string): LxdEvent => ({
  kind: 'lifecycle',
  action,
  at,
  ...(member ? { member } : {}),
});
const maintenance = (kind: 'evacuating' | 'restoring', startedAt: number, doneAt?: number): LxdEvent => ({
  kind: 'maintenance',
  at: doneAt ?? startedAt + 1,
  succeeded: doneAt !== undefined,
  maintenance: { member: 'm3', kind, startedAt },
});

const members = (status: 'online' | 'evacuated') => [
  { name: 'm1', evacuated: false },
  { name: 'm3', evacuated: status === 'evacuated' },
];
const m3 = (journal: Journal) => journal.members.get('m3');

test('counts events by action', () => {
  const journal = new Journal();
  for (const action of ['instance-started', 'instance-stopped', 'instance-started']) journal.take(lifecycle(action));
  expect([...journal.counts]).toEqual([
    ['instance-started', 2],
    ['instance-stopped', 1],
  ]);
});

test('follows an evacuation and its restore', () => {
  const journal = new Journal();
  journal.take(maintenance('evacuating', 1000));
  expect(m3(journal)).toEqual({ startedAt: 1000 });
  journal.take(maintenance('evacuating', 1000, 2000));
  expect(m3(journal)).toEqual({ startedAt: 1000, evacuatedAt: 2000 });
  journal.take(maintenance('restoring', 5000));
  expect(m3(journal)).toEqual({ startedAt: 1000, seenAt: 5000, evacuatedAt: 2000 });
  journal.take(maintenance('restoring', 5000, 6000));
  // A list that was asked for before the end arrives after it.
  const restoring = { member: 'm3', kind: 'restoring', startedAt: 5000 } as const;
  journal.observe({ askedAt: 5999, members: members('online'), maintenance: [restoring] });
  expect(m3(journal)).toEqual({ startedAt: 1000, seenAt: 5000, evacuatedAt: 2000, restoredAt: 6000 });
  journal.observe({ askedAt: 6001, members: members('online'), maintenance: [] });
  expect(m3(journal)).toEqual({ evacuatedAt: 2000, restoredAt: 6000 });
});

test('an evacuation of which no event came is not taken for the one before', () => {
  const journal = new Journal();
  journal.take(maintenance('evacuating', 1000, 2000));
  journal.take(maintenance('restoring', 5000, 6000));
  journal.observe({ askedAt: 9000, members: members('evacuated'), maintenance: [] });
  journal.observe({ askedAt: 9500, members: members('evacuated'), maintenance: [] });
  expect(m3(journal)).toEqual({ seenAt: 9000, evacuatedAt: 2000, restoredAt: 6000 });
});

test('an evacuation that was tried again began with the later try', () => {
  const journal = new Journal();
  journal.take(maintenance('evacuating', 1000));
  journal.take(maintenance('evacuating', 3000));
  expect(m3(journal)).toEqual({ startedAt: 3000 });
});

test('notes what LXD says of members', () => {
  const journal = new Journal();
  journal.take(lifecycle('cluster-member-healed', 7000, 'm3'));
  journal.take(lifecycle('cluster-member-restored', 8000, 'm3'));
  journal.take(lifecycle('cluster-member-evacuated', 9000, 'm3'));
  journal.take(lifecycle('cluster-member-updated', 9500, 'm3'));
  expect(m3(journal)).toEqual({ healedAt: 7000, restoredAt: 8000, evacuatedAt: 9000 });
});

test('lists tell what began before the first event, and what ended unseen', () => {
  const journal = new Journal();
  journal.observe({ askedAt: 4000, members: members('evacuated'), maintenance: [] });
  journal.observe({ askedAt: 5000, members: members('evacuated'), maintenance: [] });
  expect(m3(journal)).toEqual({ seenAt: 4000 });
  expect(journal.members.get('m1')).toBeUndefined();
  const restoring = { member: 'm3', kind: 'restoring', startedAt: 3500 } as const;
  journal.observe({ askedAt: 6000, members: members('online'), maintenance: [restoring] });
  expect(m3(journal)).toEqual({ seenAt: 3500 });
  journal.observe({ askedAt: 7000, members: members('online'), maintenance: [] });
  expect(m3(journal)).toEqual({});
});

test('a list that is older than an event ends nothing', () => {
  const journal = new Journal();
  journal.take(maintenance('evacuating', 1000));
  journal.observe({ askedAt: 900, members: members('online'), maintenance: [] });
  expect(m3(journal)).toEqual({ startedAt: 1000 });
});

test('a member that has left is forgotten', () => {
  const journal = new Journal();
  journal.take(maintenance('evacuating', 1000));
  journal.observe({ askedAt: 2000, members: [{ name: 'm1', evacuated: false }], maintenance: [] });
  expect(journal.members.size).toBe(0);
});
