import { expect, test } from 'vitest';
import {
  decodeSchema,
  dictionary,
  encodeMonitorRequests,
  maybeFlag,
  planTables,
  text,
  texts,
} from '../../../../src/sources/ovn/client/tables.ts';

const specs = {
  Port: { columns: { name: text, up: maybeFlag, ids: dictionary }, where: [['up', '==', false]] },
  Group: { columns: { ports: texts } },
} as const;

const portColumns = {
  name: { type: 'string' },
  up: { type: { key: 'boolean', min: 0 } },
  ids: { type: { key: 'string', value: 'string', min: 0, max: 'unlimited' } },
  addresses: { type: { key: 'string', min: 0, max: 'unlimited' } },
};
const schema = (tables: object) => decodeSchema({ name: 'DB', version: '7.0.0', cksum: '1 2', tables });

test('asks for the chosen columns, by name', () => {
  const plan = planTables(
    specs,
    schema({
      Port: { columns: portColumns },
      Group: { columns: { ports: { type: { key: { type: 'uuid' }, min: 0, max: 'unlimited' } } } },
    }),
  );
  expect(encodeMonitorRequests(plan)).toEqual({
    Port: [{ columns: ['name', 'up', 'ids'], where: [['up', '==', false]] }],
    Group: [{ columns: ['ports'] }],
  });
});

test('leaves out tables and columns that the schema lacks', () => {
  const { ids: _, ...older } = portColumns;
  const plan = planTables(specs, schema({ Port: { columns: older } }));
  expect(encodeMonitorRequests(plan)).toEqual({ Port: [{ columns: ['name', 'up'], where: [['up', '==', false]] }] });
  expect(plan.get('Port')?.absent).toEqual({ name: '', up: undefined, ids: new Map() });
});

test('reads a column that is no longer optional', () => {
  const plan = planTables(specs, schema({ Port: { columns: { ...portColumns, up: { type: 'boolean' } } } }));
  expect(plan.get('Port')?.columns[1]?.type.shape).toBe('scalar');
});

test.each([[{ type: 'integer' }], [{ type: { key: 'string', min: 0, max: 'unlimited' } }]])(
  'says so when a column is %j',
  (name) => {
    expect(() => planTables(specs, schema({ Port: { columns: { ...portColumns, name } } }))).toThrow(
      expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('Port.name') }),
    );
  },
);

test.each([[null], [[]], [{}], [{ tables: 1 }], [{ tables: { T: { columns: { c: {} } } } }]])('refuses %j', (json) => {
  expect(() => decodeSchema(json)).toThrow(expect.objectContaining({ code: 'protocol' }));
});
