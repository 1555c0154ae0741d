import { uuidOf } from './identifiers.ts';
import type { Shape, TableShapes } from './schema.ts';
import { type Contents, encodeChange, encodeValue, isDefault, type Row } from './values.ts';

/** What a client wants of one table. */
export interface TableRequest {
  readonly columns: readonly string[];
  readonly where?: readonly (readonly [column: string, operator: string, value: unknown])[];
}
export type Requests = Readonly<Record<string, readonly TableRequest[]>>;

interface Transaction {
  readonly id: string;
  readonly before: Contents;
}

const HISTORY = 100;

/** The database that the servers of one cluster have in common: contents that follow the rack, and their history. */
export class DemoDatabase {
  readonly name: string;
  readonly version: string;
  readonly shapes: TableShapes;
  readonly #read: () => Contents;
  readonly #history: Transaction[] = [];
  #contents: Contents;
  #text: string;
  #transaction: string;
  /** Of the newest log entry. */
  index = 1000;
  #leader: string | undefined;

  constructor(name: string, version: string, shapes: TableShapes, read: () => Contents) {
    this.name = name;
    this.version = version;
    this.shapes = shapes;
    this.#read = read;
    this.#contents = read();
    this.#text = JSON.stringify(this.#contents);
    this.#transaction = uuidOf(name, this.index);
  }

  get transaction(): string {
    return this.#transaction;
  }

  /** Who leads these servers: as in RAFT, whoever led before for as long as it is one of them. */
  leaderOf(cluster: readonly string[]): string | undefined {
    if (this.#leader === undefined || !cluster.includes(this.#leader)) [this.#leader] = cluster;
    return this.#leader;
  }

  /** Looks at the rack again; true when something has changed, which is a transaction then. */
  refresh(): boolean {
    const next = this.#read();
    const text = JSON.stringify(next);
    if (text === this.#text) return false;
    this.#text = text;
    this.#history.push({ id: this.#transaction, before: this.#contents });
    if (this.#history.length > HISTORY) this.#history.shift();
    this.#contents = next;
    this.#transaction = uuidOf(this.name, ++this.index);
    return true;
  }

  /** The answer to `monitor_cond_since`: what came after the transaction, or everything when that is not known. */
  since(transaction: string, requests: Requests): readonly [found: boolean, last: string, updates: object] {
    if (transaction === this.#transaction) return [true, transaction, {}];
    const known = this.#history.find(({ id }) => id === transaction);
    if (known) return [true, this.#transaction, this.#updates(requests, known.before)];
    return [false, this.#transaction, this.#updates(requests, {}, 'initial')];
  }

  /** `<table-updates2>` from then to now. */
  #updates(requests: Requests, before: Contents, kind: 'initial' | 'insert' = 'insert'): object {
    const tables = Object.entries(requests).flatMap(([table, [request]]) => {
      const shapes = this.shapes[table];
      if (!request || !shapes) return [];
      const columns = request.columns.map((column) => [column, shapes[column] as Shape] as const);
      const from = before[table] ?? {};
      const to = this.#contents[table] ?? {};
      const rows = [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((uuid) => {
        const change = encodeRowChange(matching(from[uuid], request), matching(to[uuid], request), columns, kind);
        return change ? [[uuid, change] as const] : [];
      });
      return rows.length > 0 ? [[table, Object.fromEntries(rows)] as const] : [];
    });
    return Object.fromEntries(tables);
  }
}

const matching = (row: Row | undefined, { where }: TableRequest): Row | undefined =>
  row && (!where || where.some(([column, , value]) => row[column] === value)) ? row : undefined;

/** `<row-update2>`, undefined where nothing of the row that is wanted has changed. */
function encodeRowChange(
  from: Row | undefined,
  to: Row | undefined,
  columns: readonly (readonly [string, Shape])[],
  kind: string,
): object | undefined {
  if (!to) return from && { delete: null };
  if (!from) {
    const present = columns.filter(([column, shape]) => !isDefault(to[column], shape));
    return { [kind]: Object.fromEntries(present.map(([column, shape]) => [column, encodeValue(to[column], shape)])) };
  }
  const changes = columns.flatMap(([column, shape]) => {
    const change = encodeChange(from[column], to[column], shape);
    return change === undefined ? [] : [[column, change] as const];
  });
  return changes.length > 0 ? { modify: Object.fromEntries(changes) } : undefined;
}
