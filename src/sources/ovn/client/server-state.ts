import { SourceError } from '../../../core/errors.ts';
import { isObject } from './messages.ts';
import { flag, maybeInteger, maybeText, type RowOf, text } from './tables.ts';

/** The columns of `_Server.Database` (ovsdb-server(5)) that change seldom; `index` changes with every transaction. */
export const serverTables = {
  Database: {
    columns: { name: text, model: text, connected: flag, leader: flag, cid: maybeText, sid: maybeText },
  },
} as const;

/** What a server says of its copy of a database. */
export type ServerState = RowOf<typeof serverTables.Database>;

export interface ServerAnswer {
  readonly state: ServerState;
  /** Index of the newest log entry that is applied; undefined for a standalone database. */
  readonly index: number | undefined;
}

const columns = { ...serverTables.Database.columns, index: maybeInteger };

/** The transaction that asks a server about itself: every server answers it, whatever the state of the cluster. */
export const encodeServerQuery = (database: string): readonly unknown[] => [
  '_Server',
  { op: 'select', table: 'Database', where: [['name', '==', database]], columns: Object.keys(columns) },
];

/** @throws SourceError `not_found` when the server does not serve that database */
export function decodeServerAnswer(result: unknown, database: string): ServerAnswer {
  const rows = Array.isArray(result) && isObject(result[0]) ? result[0]['rows'] : undefined;
  if (!Array.isArray(rows)) throw new SourceError('protocol', '_Server did not answer the query');
  const row: unknown = rows[0];
  if (!isObject(row)) throw new SourceError('not_found', `the server has no database ${database}`);
  const state: ServerState = {
    name: database,
    model: String(row['model']),
    connected: row['connected'] === true,
    leader: row['leader'] === true,
    cid: readUuid(row['cid']),
    sid: readUuid(row['sid']),
  };
  return { state, index: typeof row['index'] === 'number' ? row['index'] : undefined };
}

const readUuid = (value: unknown): string | undefined =>
  Array.isArray(value) && value[0] === 'uuid' ? String(value[1]) : undefined;
