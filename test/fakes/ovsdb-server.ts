import { once } from 'node:events';
import net from 'node:net';

type Json = unknown;
type Tables = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** What the servers of one database have in common; everything in it is as it goes over the wire. */
export interface FakeCluster {
  readonly name: string;
  schema: Json;
  /** Full contents, `{ table: { uuid: { column: value } } }`. */
  contents: Tables;
  /** The last transactions, oldest first; a resume from one that is not here gets everything. */
  readonly history: { readonly id: string; readonly updates: Json }[];
}

/** A scripted OVSDB server: answers from literals, and misbehaves when told to. Shares no code with the program. */
export class FakeOvsdbServer {
  readonly cluster: FakeCluster;
  /** Every message that came in, in order. */
  readonly received: { readonly id: Json; readonly method: string; readonly params: readonly Json[] }[] = [];
  /** The row of `_Server.Database`. */
  row: Record<string, Json>;
  /** Accepts and reads, and never answers: a server that is stopped. */
  mute = false;
  /** Sends in pieces of this many bytes. */
  pieceBytes = Number.POSITIVE_INFINITY;
  /** An update that goes out in the same piece as the answer to the next subscription. */
  updateWithAnswer: { readonly id: string; readonly updates: Json } | undefined;
  readonly #server: net.Server;
  readonly #peers = new Map<net.Socket, Map<string, string>>();

  constructor(cluster: FakeCluster, row: Record<string, Json> = {}) {
    this.cluster = cluster;
    this.row = { name: cluster.name, model: 'clustered', connected: true, ...row };
    this.#server = net.createServer((socket) => this.#serve(socket));
  }

  async listen(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return this.port;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  get connections(): number {
    return this.#peers.size;
  }

  /** Tells every monitor of the database of a transaction. */
  commit(id: string, updates: Json): void {
    for (const [socket, monitors] of this.#peers) {
      for (const [monitor, database] of monitors) {
        if (database === this.cluster.name)
          this.#write(socket, { id: null, method: 'update3', params: [monitor, id, updates] });
      }
    }
  }

  /** Changes the `_Server` row and tells its monitors. */
  setRow(change: Record<string, Json>): void {
    this.row = { ...this.row, ...change };
    this.toMonitorsOf('_Server', (monitor) => ({
      id: null,
      method: 'update3',
      params: [monitor, '00000000-0000-0000-0000-000000000000', { Database: { row: { modify: change } } }],
    }));
  }

  toMonitorsOf(database: string, message: (monitor: string) => Json): void {
    for (const [socket, monitors] of this.#peers) {
      for (const [monitor, of] of monitors) if (of === database) this.#write(socket, message(monitor));
    }
  }

  sendRaw(text: string): void {
    for (const socket of this.#peers.keys()) socket.write(text);
  }

  /** Breaks every connection; the port stays open. */
  dropAll(): void {
    for (const socket of this.#peers.keys()) socket.destroy();
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.dropAll();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: net.Socket): void {
    this.#peers.set(socket, new Map());
    socket.on('close', () => this.#peers.delete(socket));
    socket.on('error', () => {});
    let held = '';
    socket.on('data', (chunk) => {
      held += chunk.toString('utf8');
      // The program under test writes whole requests; the fake only has to tell them apart.
      for (const text of held.split(/(?<=\})(?=\{"id")/)) {
        try {
          const message = JSON.parse(text);
          held = '';
          if (message.method === undefined) continue;
          this.received.push(message);
          if (!this.mute) this.#answer(socket, message);
        } catch {
          held = text;
        }
      }
    });
  }

  #answer(socket: net.Socket, { id, method, params }: { id: Json; method: string; params: readonly Json[] }): void {
    const reply = (result: Json) => this.#write(socket, { id, result, error: null });
    if (method === 'echo') reply(params);
    else if (method === 'set_db_change_aware') reply({});
    else if (method === 'get_schema') reply(params[0] === '_Server' ? serverSchema : this.cluster.schema);
    else if (method === 'transact')
      reply([{ rows: [{ leader: false, cid: ['set', []], sid: ['set', []], index: 7, ...this.row }] }]);
    else if (method === 'monitor_cond_since') this.#monitor(socket, id, params as [string, string, Json, string]);
    else this.#write(socket, { id, error: 'unknown method' });
  }

  #monitor(socket: net.Socket, id: Json, [database, monitor, , since]: readonly [string, string, Json, string]): void {
    this.#peers.get(socket)?.set(monitor, database);
    const result =
      database === '_Server' ? [false, since, { Database: { row: { initial: this.row } } }] : this.#since(since);
    const answer = { id, result, error: null };
    const extra = database === '_Server' ? undefined : this.updateWithAnswer;
    this.updateWithAnswer = extra ? undefined : this.updateWithAnswer;
    const update = extra && { id: null, method: 'update3', params: [monitor, extra.id, extra.updates] };
    this.#write(socket, ...(update ? [answer, update] : [answer]));
  }

  #since(since: string): Json {
    const { contents, history } = this.cluster;
    const last = history.at(-1)?.id ?? '00000000-0000-0000-0000-000000000001';
    const at = history.findIndex(({ id }) => id === since);
    if (at >= 0 && history.length - at <= 2) return [true, last, history[at + 1]?.updates ?? {}];
    const tables = Object.entries(contents).map(([table, rows]) => [
      table,
      Object.fromEntries(Object.entries(rows).map(([uuid, initial]) => [uuid, { initial }])),
    ]);
    return [false, last, Object.fromEntries(tables)];
  }

  #write(socket: net.Socket, ...messages: readonly Json[]): void {
    const bytes = Buffer.from(messages.map((message) => JSON.stringify(message)).join(''));
    for (let at = 0; at < bytes.length; at += this.pieceBytes) {
      socket.write(bytes.subarray(at, Math.min(at + this.pieceBytes, bytes.length)));
      if (this.pieceBytes === Number.POSITIVE_INFINITY) break;
    }
  }
}

const maybe = (key: string) => ({ type: { key, min: 0 } });
const serverSchema = {
  name: '_Server',
  version: '1.2.0',
  tables: {
    Database: {
      columns: {
        name: { type: 'string' },
        model: { type: { key: { type: 'string', enum: ['set', ['clustered', 'relay', 'standalone']] } } },
        connected: { type: 'boolean' },
        leader: { type: 'boolean' },
        cid: maybe('uuid'),
        sid: maybe('uuid'),
        index: maybe('integer'),
      },
    },
  },
};
