import { createServer, type Server, type Socket } from 'node:net';
import { members } from '../rack.ts';
import type { RackState } from '../state.ts';
import type { DemoDatabase, Requests } from './database.ts';
import { uuidOf } from './identifiers.ts';
import { describeSchema, server as serverShapes } from './schema.ts';
import { encodeValue, type Row } from './values.ts';

const NO_TRANSACTION = '00000000-0000-0000-0000-000000000000';

/** One ovsdb-server of a cluster: the database and `_Server`, over JSON-RPC 1.0 (RFC 7047 section 4). */
export class DemoOvsdbServer {
  readonly listener: Server;
  readonly #member: string;
  readonly #state: RackState;
  readonly #database: DemoDatabase;
  readonly #clients = new Map<Socket, Map<string, Monitor>>();
  #shownRow = '';

  constructor(member: string, state: RackState, database: DemoDatabase) {
    this.#member = member;
    this.#state = state;
    this.#database = database;
    this.listener = createServer((socket) => this.#accept(socket));
  }

  /** Tells the monitors what has changed, and hangs up on all when the member has died. */
  refresh(): void {
    if (!this.#isUp()) this.dropAll();
    const row = JSON.stringify(this.#row());
    const rowChanged = row !== this.#shownRow;
    this.#shownRow = row;
    for (const [socket, monitors] of this.#clients) {
      for (const [name, monitor] of monitors) this.#update(socket, name, monitor, rowChanged);
    }
  }

  dropAll(): void {
    for (const socket of this.#clients.keys()) socket.destroy();
  }

  #update(socket: Socket, name: string, monitor: Monitor, rowChanged: boolean): void {
    const send = (last: string, updates: object) =>
      write(socket, { id: null, method: 'update3', params: [name, last, updates] });
    if (monitor.database === '_Server') {
      const { index: _, ...row } = encodeRow(this.#row());
      if (rowChanged) send(NO_TRANSACTION, { Database: { [this.#rowUuid]: { modify: row } } });
      return;
    }
    // A server that is cut off from the majority learns nothing.
    if (!this.#hasQuorum() || monitor.last === this.#database.transaction) return;
    const [, last, updates] = this.#database.since(monitor.last, monitor.requests);
    monitor.last = last;
    if (Object.keys(updates).length > 0) send(last, updates);
  }

  #accept(socket: Socket): void {
    if (!this.#isUp()) return void socket.destroy();
    this.#clients.set(socket, new Map());
    socket.once('close', () => this.#clients.delete(socket));
    socket.on('error', () => {});
    const split = createSplitter();
    socket.on('data', (chunk) => {
      if (!this.#isUp()) return void socket.destroy();
      for (const text of split(chunk.toString('utf8'))) {
        const { id, method, params } = JSON.parse(text) as { id: unknown; method?: string; params: unknown[] };
        if (method !== undefined) write(socket, { id, ...this.#answer(socket, method, params) });
      }
    });
  }

  #answer(socket: Socket, method: string, params: readonly unknown[]): { result?: unknown; error: unknown } {
    const { name, shapes, version } = this.#database;
    const ok = (result: unknown) => ({ result, error: null });
    if (method === 'echo') return ok(params);
    if (method === 'set_db_change_aware') return ok({});
    if (method === 'list_dbs') return ok([name, '_Server']);
    if (method === 'get_schema')
      return ok(
        params[0] === '_Server'
          ? describeSchema('_Server', '1.2.0', serverShapes)
          : describeSchema(name, version, shapes),
      );
    if (method === 'transact') return ok([{ rows: [encodeRow(this.#row())] }]);
    if (method === 'monitor_cond_since') return ok(this.#monitor(socket, params as MonitorParams));
    return { error: 'unknown method' };
  }

  #monitor(socket: Socket, [database, name, requests, since]: MonitorParams): unknown {
    if (database === '_Server') {
      this.#clients.get(socket)?.set(name, { database, requests, last: NO_TRANSACTION });
      const { index: _, ...row } = encodeRow(this.#row());
      return [false, NO_TRANSACTION, { Database: { [this.#rowUuid]: { initial: row } } }];
    }
    const answer = this.#database.since(since, requests);
    this.#clients.get(socket)?.set(name, { database, requests, last: answer[1] });
    return answer;
  }

  get #rowUuid(): string {
    return uuidOf('Database', this.#database.name, this.#member);
  }

  #isUp(member = this.#member): boolean {
    const { faults } = this.#state;
    return this.#state.isReachable(member) && !faults.downDatabases.has(`${this.#database.name}/${member}`);
  }

  /** Whether it has made a cluster of its own, of which it is the only server. */
  #isSplit(member = this.#member): boolean {
    return this.#state.faults.splitDatabases.has(`${this.#database.name}/${member}`);
  }

  #hasQuorum(): boolean {
    return this.#isSplit() || this.#cluster().length * 2 > members.length;
  }

  /** Members whose server is up and in the cluster that all of them once were. */
  #cluster(): readonly string[] {
    return members.map(({ name }) => name).filter((name) => this.#isUp(name) && !this.#isSplit(name));
  }

  /** The row of `_Server.Database`. */
  #row(): Row {
    const leader = this.#isSplit() ? this.#member : this.#database.leaderOf(this.#cluster());
    const connected = this.#hasQuorum();
    const { index, name } = this.#database;
    return {
      name,
      model: 'clustered',
      connected,
      leader: connected && leader === this.#member,
      cid: uuidOf('cluster', name, ...(this.#isSplit() ? [this.#member] : [])),
      sid: uuidOf('server', name, this.#member),
      index,
    };
  }
}

interface Monitor {
  readonly database: string;
  readonly requests: Requests;
  last: string;
}
type MonitorParams = readonly [database: string, name: string, requests: Requests, since: string];

const write = (socket: Socket, message: object): void => void socket.write(JSON.stringify(message));

const encodeRow = (row: Row): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(serverShapes['Database'] ?? {}).map(([column, shape]) => [column, encodeValue(row[column], shape)]),
  );

/** Cuts a stream of back-to-back JSON objects where the braces outside of strings are balanced. */
function createSplitter(): (text: string) => string[] {
  let held = '';
  return (text) => {
    held += text;
    const whole: string[] = [];
    let start = 0;
    let depth = 0;
    for (const { 0: token, index } of held.matchAll(/"(?:[^"\\]|\\.)*(?:"|$)|[{}]/g)) {
      if (token === '{') depth++;
      else if (token === '}' && --depth === 0) {
        whole.push(held.slice(start, index + 1));
        start = index + 1;
      }
    }
    held = held.slice(start);
    return whole;
  };
}
