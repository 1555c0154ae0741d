import { decodeMonitorAnswer, NO_TRANSACTION } from './monitor-answer.ts';
import type { Replica } from './replica.ts';
import type { Session } from './session.ts';
import { decodeSchema, encodeMonitorRequests, planTables, type TableSpecs } from './tables.ts';

/** Where a replica stands: enough to go on from there on another server. */
export interface Position {
  readonly schemaVersion: string;
  readonly transaction: string;
}

export interface FeedOptions<S extends TableSpecs> {
  readonly database: string;
  readonly specs: S;
  readonly replica: Replica<S>;
  /** Name of the monitor, unique in the session. */
  readonly monitor: string;
  /** The server forgot the monitor, because the schema changed. */
  readonly onCanceled: () => void;
}

/** Keeps a replica in step with one server, over one session. */
export class Feed<S extends TableSpecs> {
  readonly session: Session;
  readonly #options: FeedOptions<S>;
  #position: Position | undefined;
  #live = false;

  /** @param from where the replica stands, undefined when it stands nowhere */
  constructor(session: Session, from: Position | undefined, options: FeedOptions<S>) {
    this.session = session;
    this.#position = from;
    this.#options = options;
  }

  /** Undefined when only a full answer can bring the replica in step again. */
  get position(): Position | undefined {
    return this.#position;
  }

  get live(): boolean {
    return this.#live;
  }

  /**
   * Asks for the wanted tables and brings the replica to the server's state: by the difference where the server still
   * knows the last transaction, by everything otherwise (ovsdb-server(7) section 4.1.12, `monitor_cond_since`).
   * @returns whether it went on from where the replica stood
   */
  async start(): Promise<boolean> {
    const { database, monitor, replica, specs } = this.#options;
    const schema = decodeSchema(await this.session.request('get_schema', [database]));
    const plan = planTables(specs, schema);
    // After a change of the schema the rows that are held may lack columns: only a full answer is right.
    const since = this.#position?.schemaVersion === schema.version ? this.#position.transaction : NO_TRANSACTION;
    const params = [database, monitor, encodeMonitorRequests(plan), since];
    return this.session.request('monitor_cond_since', params, {
      slow: true,
      take: (result) => {
        const { found, transaction, updates } = decodeMonitorAnswer(result);
        const resumed = found && since !== NO_TRANSACTION;
        this.#change(() => (resumed ? replica.apply(updates) : replica.replace(plan, updates)));
        this.#position = { schemaVersion: schema.version, transaction };
        this.#live = true;
        return resumed;
      },
    });
  }

  /** Tells the server to send no more; it matters where the session goes on. */
  stop(): void {
    this.#live = false;
    this.session.request('monitor_cancel', [this.#options.monitor]).catch(() => undefined);
  }

  /** Takes a notification of the session. */
  handle(method: string, params: readonly unknown[]): void {
    if (params[0] !== this.#options.monitor) return;
    if (method === 'monitor_canceled') {
      this.#live = false;
      this.#options.onCanceled();
    } else if (method === 'update3' && this.#live && this.#position) {
      this.#change(() => this.#options.replica.apply(params[2]));
      this.#position = { ...this.#position, transaction: String(params[1]) };
    }
  }

  /** A change that fails halfway leaves a replica that no position describes. */
  #change(apply: () => void): void {
    try {
      apply();
    } catch (error) {
      this.#position = undefined;
      this.#live = false;
      throw error;
    }
  }
}
