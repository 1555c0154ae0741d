import { SourceError } from '../../../core/errors.ts';
import { type ColumnType, type Datum, decodeColumnType } from './datum.ts';
import { isObject } from './messages.ts';

/** A column that we want: what it must be, and what stands in its place where the server's schema has none. */
export interface Column<T extends Datum> {
  readonly shape: ColumnType['shape'];
  readonly key: ColumnType['key'];
  readonly absent: T;
}

export const text: Column<string> = { shape: 'scalar', key: 'string', absent: '' };
export const integer: Column<number> = { shape: 'scalar', key: 'number', absent: 0 };
export const flag: Column<boolean> = { shape: 'scalar', key: 'boolean', absent: false };
export const maybeText: Column<string | undefined> = { shape: 'optional', key: 'string', absent: undefined };
export const maybeInteger: Column<number | undefined> = { shape: 'optional', key: 'number', absent: undefined };
export const maybeFlag: Column<boolean | undefined> = { shape: 'optional', key: 'boolean', absent: undefined };
export const texts: Column<ReadonlySet<string>> = { shape: 'set', key: 'string', absent: new Set() };
export const dictionary: Column<ReadonlyMap<string, string>> = { shape: 'map', key: 'string', absent: new Map() };

/** One table to monitor. */
export interface TableSpec {
  readonly columns: Readonly<Record<string, Column<Datum>>>;
  /** Conditions of ovsdb-server(7) section 4.1.12; any of them lets a row in. */
  readonly where?: readonly (readonly [column: string, operator: string, value: unknown])[];
}

export type TableSpecs = Readonly<Record<string, TableSpec>>;

export type RowOf<S extends TableSpec> = {
  readonly [K in keyof S['columns']]: S['columns'][K] extends Column<infer T> ? T : never;
};

/** The part of a schema (RFC 7047 section 3.2) that matters to a reader. */
export interface Schema {
  readonly name: string;
  readonly version: string;
  readonly tables: Readonly<Record<string, Readonly<Record<string, ColumnType>>>>;
}

/** @throws SourceError `protocol` */
export function decodeSchema(json: unknown): Schema {
  if (!isObject(json) || !isObject(json['tables'])) throw new SourceError('protocol', 'the schema has no tables');
  const tables: Record<string, Record<string, ColumnType>> = {};
  for (const [name, table] of Object.entries(json['tables'])) {
    const columns = isObject(table) && isObject(table['columns']) ? table['columns'] : {};
    tables[name] = Object.fromEntries(
      Object.entries(columns).map(([column, definition]) => [
        column,
        decodeColumnType(isObject(definition) ? definition['type'] : undefined),
      ]),
    );
  }
  return { name: String(json['name']), version: String(json['version']), tables };
}

/** How to read the rows of one table of one server. */
export interface TablePlan {
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  /** A row in which every column has what stands in for it. */
  readonly absent: Readonly<Record<string, Datum>>;
  readonly where?: TableSpec['where'];
}

export type Plan = ReadonlyMap<string, TablePlan>;

/**
 * Fits the wanted columns to what the server has: tables and columns that it lacks are left out.
 * @throws SourceError `unsupported` when a column is of another kind than we can read
 */
export function planTables(wanted: TableSpecs, schema: Schema): Plan {
  const plan = new Map<string, TablePlan>();
  for (const [name, spec] of Object.entries(wanted)) {
    const present = schema.tables[name];
    if (!present) continue;
    const columns = Object.entries(spec.columns).flatMap(([column, want]) => {
      const type = present[column];
      return type ? [{ name: column, type: checkedType(`${name}.${column}`, want, type) }] : [];
    });
    const absent = Object.fromEntries(Object.entries(spec.columns).map(([column, { absent }]) => [column, absent]));
    plan.set(name, { columns, absent, ...(spec.where ? { where: spec.where } : {}) });
  }
  return plan;
}

/** A column that was made optional, or no longer is, stays readable: both are one value at most. */
function checkedType(place: string, want: Column<Datum>, has: ColumnType): ColumnType {
  const same = want.shape === has.shape || (want.shape === 'optional' && has.shape === 'scalar');
  if (!same || want.key !== has.key)
    throw new SourceError('unsupported', `the column ${place} is a ${has.shape} of ${has.key} in this schema`);
  return has;
}

/** The `<monitor-cond-requests>` of a plan. Columns are always named: asking for all adds `_version` to every row. */
export const encodeMonitorRequests = (plan: Plan): Readonly<Record<string, readonly unknown[]>> =>
  Object.fromEntries(
    [...plan].map(([table, { columns, where }]) => [
      table,
      [{ columns: columns.map(({ name }) => name), ...(where ? { where } : {}) }],
    ]),
  );
