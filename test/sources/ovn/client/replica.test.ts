import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Replica } from '../../../../src/sources/ovn/client/replica.ts';
import {
  decodeSchema,
  dictionary,
  integer,
  maybeText,
  planTables,
  text,
  texts,
} from '../../../../src/sources/ovn/client/tables.ts';

const specs = {
  Port: { columns: { name: text, chassis: maybeText, cfg: integer, ids: dictionary } },
  Group: { columns: { ports: texts } },
} as const;
const plan = planTables(
  specs,
  decodeSchema({
    name: 'DB',
    version: '1.0.0',
    tables: {
      Port: {
        columns: {
          name: { type: 'string' },
          chassis: { type: { key: 'uuid', min: 0 } },
          cfg: { type: 'integer' },
          ids: { type: { key: 'string', value: 'string', min: 0, max: 'unlimited' } },
        },
      },
      Group: { columns: { ports: { type: { key: 'uuid', min: 0, max: 'unlimited' } } } },
    },
  }),
);

const filled = () => {
  const seen: unknown[] = [];
  const replica = new Replica(specs, (...change) => seen.push(change));
  replica.replace(plan, {
    Port: {
      p1: { initial: { name: 'one', chassis: ['uuid', 'c1'], cfg: 3, ids: ['map', [['a', 'b']]] } },
      p2: { initial: {} },
    },
  });
  return { replica, seen };
};

test('fills in what a row leaves out', () => {
  const { rows } = filled().replica.table('Port');
  expect([...rows]).toEqual([
    ['p1', { name: 'one', chassis: 'c1', cfg: 3, ids: new Map([['a', 'b']]) }],
    ['p2', { name: '', chassis: undefined, cfg: 0, ids: new Map() }],
  ]);
  expect(filled().replica.table('Group').rows.size).toBe(0);
});

test('inserts, modifies and deletes', () => {
  const { replica } = filled();
  replica.apply({
    Port: {
      p1: { modify: { chassis: ['set', []], cfg: 4 } },
      p2: { delete: null },
      p3: { insert: { name: 'three' } },
    },
    Group: { g: { insert: { ports: ['uuid', 'p1'] } } },
  });
  expect([...replica.table('Port').rows.values()].map(({ name, chassis, cfg }) => [name, chassis, cfg])).toEqual([
    ['one', undefined, 4],
    ['three', undefined, 0],
  ]);
  replica.apply({
    Group: {
      g: {
        modify: {
          ports: [
            'set',
            [
              ['uuid', 'p1'],
              ['uuid', 'p3'],
            ],
          ],
        },
      },
    },
  });
  expect(replica.table('Group').rows.get('g')?.ports).toEqual(new Set(['p3']));
});

test('a changed row is a new object, an unchanged one stays', () => {
  const { replica } = filled();
  const before = new Map(replica.table('Port').rows);
  replica.apply({ Port: { p1: { modify: { cfg: 9 } } } });
  const after = replica.table('Port').rows;
  expect(after.get('p1')).not.toBe(before.get('p1'));
  expect(after.get('p2')).toBe(before.get('p2'));
  expect(before.get('p1')?.cfg).toBe(3);
});

test('the revision rises with every change of its own table', () => {
  const { replica } = filled();
  const revisions = () => [replica.table('Port').revision, replica.table('Group').revision];
  const [port, group] = revisions() as [number, number];
  replica.apply({ Port: { p1: { modify: { cfg: 9 } } } });
  expect(revisions()).toEqual([port + 1, group]);
  replica.replace(plan, {});
  expect(revisions()).toEqual([port + 2, group + 1]);
});

test('a full answer forgets what was there, and tells the observer', () => {
  const { replica, seen } = filled();
  seen.length = 0;
  replica.replace(plan, { Port: { p2: { initial: { name: 'two' } } } });
  expect([...replica.table('Port').rows.keys()]).toEqual(['p2']);
  expect(seen).toEqual([
    ['Port', expect.objectContaining({ name: '' }), expect.objectContaining({ name: 'two' })],
    ['Port', expect.objectContaining({ name: 'one' }), undefined],
  ]);
});

test.each([
  [null],
  [[]],
  [{ Nope: {} }],
  [{ Port: { p9: { modify: { cfg: 1 } } } }],
  [{ Port: { p9: { delete: null } } }],
  [{ Port: { p1: {} } }],
  [{ Port: { p1: { modify: { cfg: 'x' } } } }],
  [{ Port: { p1: null } }],
])('refuses %j', (update) => {
  expect(() => filled().replica.apply(update)).toThrow(expect.objectContaining({ code: 'protocol' }));
});

test('throws nothing but its own errors on any JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      for (const update of [json, { Port: json }, { Port: { p1: json } }, { Port: { p1: { modify: json } } }]) {
        try {
          filled().replica.apply(update);
        } catch (error) {
          expect(error).toMatchObject({ code: 'protocol' });
        }
      }
    }),
  );
});
