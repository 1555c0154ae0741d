import { SourceError } from '../../../core/errors.ts';
import { applyDatum, type Datum, decodeDatum, defaultDatum } from './datum.ts';
import { isObject } from './messages.ts';
import type { Plan, RowOf, TablePlan, TableSpecs } from './tables.ts';

type Row = Readonly<Record<string, Datum>>;

/** The rows of one table by their UUID. A row that changes is replaced by a new object, an unchanged one is not. */
export interface Table<R> {
  readonly rows: ReadonlyMap<string, R>;
  /** Rises with every change of a row: equal numbers mean equal rows, so that what was derived from them still holds. */
  readonly revision: number;
}

/** Told of each row that appears (`before` undefined), changes or vanishes (`after` undefined). */
export type RowObserver = (table: string, before: Row | undefined, after: Row | undefined) => void;

/**
 * A local copy of the chosen columns of a database. It does no I/O: `replace` takes the tables of a full answer,
 * `apply` takes `<table-updates2>` (ovsdb-server(7) section 4.1.14).
 */
export class Replica<S extends TableSpecs> {
  readonly #tables: Map<string, { rows: Map<string, Row>; revision: number }>;
  readonly #observe: RowObserver;
  #plan: Plan = new Map();

  constructor(specs: S, observe: RowObserver = () => {}) {
    this.#tables = new Map(Object.keys(specs).map((name) => [name, { rows: new Map(), revision: 0 }]));
    this.#observe = observe;
  }

  table<K extends keyof S & string>(name: K): Table<RowOf<S[K]>> {
    // Rows are made by the plan, which was made of the specs: their type is the one the specs describe.
    return this.#tables.get(name) as unknown as Table<RowOf<S[K]>>;
  }

  /** Forgets every row and starts with these. */
  replace(plan: Plan, updates: unknown): void {
    const former = new Map([...this.#tables].map(([name, { rows }]) => [name, rows]));
    this.#plan = plan;
    for (const table of this.#tables.values()) {
      table.rows = new Map();
      table.revision++;
    }
    this.#applyAll(updates, (name, uuid) => former.get(name)?.get(uuid));
    for (const [name, rows] of former) {
      const present = this.#tables.get(name)?.rows;
      for (const [uuid, row] of rows) if (!present?.has(uuid)) this.#observe(name, row, undefined);
    }
  }

  /**
   * @throws SourceError `protocol` when the update does not fit what is held. The replica is spoilt then: get a full
   * answer and `replace`.
   */
  apply(updates: unknown): void {
    this.#applyAll(updates, (name, uuid) => this.#tables.get(name)?.rows.get(uuid));
  }

  #applyAll(updates: unknown, formerRow: (table: string, uuid: string) => Row | undefined): void {
    for (const [name, rows] of Object.entries(asObject(updates))) {
      const table = this.#tables.get(name);
      const plan = this.#plan.get(name);
      if (!table || !plan)
        throw new SourceError('protocol', `an update has the table ${name}, which was not asked for`);
      table.revision++;
      for (const [uuid, change] of Object.entries(asObject(rows))) {
        const before = formerRow(name, uuid);
        const after = changedRow(table.rows.get(uuid), asObject(change), plan);
        if (after) table.rows.set(uuid, after);
        else table.rows.delete(uuid);
        this.#observe(name, before, after);
      }
    }
  }
}

/** The row after a `<row-update2>`, undefined when it is deleted. */
function changedRow(
  held: Row | undefined,
  change: Readonly<Record<string, unknown>>,
  plan: TablePlan,
): Row | undefined {
  const { initial, insert, modify } = change;
  const whole = initial ?? insert;
  if (whole !== undefined) return decodeRow(asObject(whole), plan);
  if (!held) throw new SourceError('protocol', 'an update is about a row that is not held');
  if (modify !== undefined) return modifiedRow(held, asObject(modify), plan);
  // `delete` has the value null.
  if ('delete' in change) return undefined;
  throw new SourceError('protocol', 'an update of a row is of no known kind');
}

function decodeRow(json: Readonly<Record<string, unknown>>, { columns, absent }: TablePlan): Row {
  // Every row of a table has the same keys in the same order, which keeps ten thousands of them small.
  const row = { ...absent };
  for (const { name, type } of columns) {
    const value = json[name];
    row[name] = value === undefined ? defaultDatum(type) : decodeDatum(value, type);
  }
  return row;
}

function modifiedRow(held: Row, json: Readonly<Record<string, unknown>>, { columns }: TablePlan): Row {
  const row = { ...held };
  for (const { name, type } of columns) {
    const value = json[name];
    if (value !== undefined) row[name] = applyDatum(held[name], value, type);
  }
  return row;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw new SourceError('protocol', 'an update is not an object');
  return value;
}
