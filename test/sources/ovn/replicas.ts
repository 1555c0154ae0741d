import type { OvnClient } from '../../../src/sources/ovn/client/client.ts';
import { northboundTables } from '../../../src/sources/ovn/client/northbound.ts';
import { Replica } from '../../../src/sources/ovn/client/replica.ts';
import { southboundTables } from '../../../src/sources/ovn/client/southbound.ts';
import { decodeSchema, planTables, type TableSpecs } from '../../../src/sources/ovn/client/tables.ts';

/** Rows as they go over the wire, `{ table: { uuid: { column: value } } }`. */
export type Rows = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

const keys = { string: 'string', number: 'integer', boolean: 'boolean' } as const;

function replicaOf<S extends TableSpecs>(specs: S, contents: Rows): Replica<S> {
  const tables = Object.entries(specs).map(([table, { columns }]) => [
    table,
    {
      columns: Object.fromEntries(
        Object.entries(columns).map(([name, { key, shape }]) => {
          const many = { key: keys[key], min: 0, max: 'unlimited' };
          const types = {
            scalar: keys[key],
            optional: { key: keys[key], min: 0 },
            set: many,
            map: { ...many, value: 'string' },
          };
          return [name, { type: types[shape] }];
        }),
      ),
    },
  ]);
  const replica = new Replica(specs);
  const schema = decodeSchema({ name: 'test', version: '1.0.0', tables: Object.fromEntries(tables) });
  const initial = Object.entries(contents).map(([table, rows]) => [
    table,
    Object.fromEntries(Object.entries(rows).map(([uuid, row]) => [uuid, { initial: row }])),
  ]);
  replica.replace(planTables(specs, schema), Object.fromEntries(initial));
  return replica;
}

/** A client whose replicas have these rows; a database without rows is one that is not configured. */
export function clientOf(contents: { northbound?: Rows; southbound?: Rows }): OvnClient {
  const northbound = contents.northbound && replicaOf(northboundTables, contents.northbound);
  const southbound = contents.southbound && replicaOf(southboundTables, contents.southbound);
  const client: Pick<OvnClient, 'readNorthbound' | 'readSouthbound' | 'movesOf'> = {
    readNorthbound: async () => northbound,
    readSouthbound: async () => southbound,
    movesOf: () => 0,
  };
  return client as OvnClient;
}
