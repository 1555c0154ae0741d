import type { Duplex } from 'node:stream';
import { delay } from '../../../core/clock.ts';
import { codeOf, SourceError } from '../../../core/errors.ts';
import { decodeMonitorAnswer, NO_TRANSACTION } from './monitor-answer.ts';
import { Replica } from './replica.ts';
import {
  decodeServerAnswer,
  encodeServerQuery,
  type ServerAnswer,
  type ServerState,
  serverTables,
} from './server-state.ts';
import { Session } from './session.ts';
import { decodeSchema, encodeMonitorRequests, planTables } from './tables.ts';

export interface MemberOptions {
  /** The address as configured, without its method. */
  readonly server: string;
  /** `OVN_Northbound` or `OVN_Southbound`. */
  readonly database: string;
  readonly connect: (signal: AbortSignal) => Promise<Duplex>;
  readonly answerTimeoutMs: number;
  readonly maxMessageBytes: number;
  /** Something changed: the session came or went, or the server's state did. */
  readonly onChange: () => void;
  /** Notifications that are not about `_Server`. */
  readonly onNotification: (session: Session, method: string, params: readonly unknown[]) => void;
}

const SERVER_MONITOR = 'server';
const IDLE_MS = 5_000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 8_000;

/**
 * One server of a database: keeps a session to it for as long as the program lives, and watches what the server says
 * of itself in `_Server`.
 */
export class Member {
  readonly server: string;
  readonly #options: MemberOptions;
  readonly #stop = new AbortController();
  #attempt: AbortController | undefined;
  #opening: Session | undefined;
  #session: Session | undefined;
  #states: Replica<typeof serverTables> | undefined;
  #failure: SourceError | undefined;
  #probe: Promise<ServerAnswer> | undefined;
  #strays = 0;

  constructor(options: MemberOptions) {
    this.server = options.server;
    this.#options = options;
  }

  /** Connects and stays connected, until `close`. */
  start(): void {
    void this.#run();
  }

  /** The open session, once the server has said what it serves. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** What the server last said of its copy of the database. */
  get state(): ServerState | undefined {
    for (const row of this.#states?.table('Database').rows.values() ?? []) {
      if (row.name === this.#options.database) return row;
    }
    return undefined;
  }

  /** Why there is no session: undefined while there is one, and before the first attempt has ended. */
  get failure(): SourceError | undefined {
    return this.#failure;
  }

  get strays(): number {
    return this.#strays + (this.#session?.strays ?? 0);
  }

  /**
   * Asks the server about itself. As it answers in order, everything that was committed there before the question has
   * reached the replica when the answer is here.
   * @throws SourceError why there is no answer
   */
  probe(): Promise<ServerAnswer> {
    this.#probe ??= this.#ask().finally(() => {
      this.#probe = undefined;
    });
    return this.#probe;
  }

  /** Asks the server, and gives why it cannot be believed at this moment; undefined when it can. */
  async refusal(): Promise<SourceError | undefined> {
    try {
      const { state } = await this.probe();
      if (state.connected) return undefined;
      return new SourceError('unavailable', `${this.server} is not connected to its cluster`);
    } catch (error) {
      return asSourceError(error);
    }
  }

  close(): void {
    this.#stop.abort();
    this.#attempt?.abort();
    this.#opening?.close();
    this.#session?.close();
  }

  async #ask(): Promise<ServerAnswer> {
    const { database } = this.#options;
    if (!this.#session) throw this.#failure ?? new SourceError('timeout', 'not connected yet');
    return decodeServerAnswer(await this.#session.request('transact', encodeServerQuery(database)), database);
  }

  async #run(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.#stop.signal.aborted) {
      try {
        const session = await this.#open();
        retryMs = FIRST_RETRY_MS;
        this.#failure = undefined;
        this.#session = session;
        this.#options.onChange();
        this.#failure = await session.closed;
        this.#strays += session.strays;
      } catch (error) {
        this.#failure = asSourceError(error);
      }
      this.#session = undefined;
      this.#states = undefined;
      this.#options.onChange();
      await delay(retryMs, this.#stop.signal);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  }

  async #open(): Promise<Session> {
    const { answerTimeoutMs, maxMessageBytes, onNotification } = this.#options;
    const states = new Replica(serverTables);
    const session = new Session(await this.#connect(), {
      answerTimeoutMs,
      idleMs: IDLE_MS,
      maxMessageBytes,
      onNotification: (method, params) => {
        if (params[0] !== SERVER_MONITOR) return onNotification(session, method, params);
        if (method === 'update3') states.apply(params[2]);
        this.#options.onChange();
      },
    });
    this.#opening = session;
    try {
      await this.#greet(session, states);
    } catch (error) {
      session.close();
      throw error;
    } finally {
      this.#opening = undefined;
    }
    this.#states = states;
    return session;
  }

  async #connect(): Promise<Duplex> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    const timer = setTimeout(() => attempt.abort(), this.#options.answerTimeoutMs).unref();
    try {
      return await this.#options.connect(attempt.signal);
    } finally {
      clearTimeout(timer);
      this.#attempt = undefined;
    }
  }

  /** Asks to be told of schema changes instead of being thrown out (ovsdb-server(7) section 4.1.15), and for `_Server`. */
  async #greet(session: Session, states: Replica<typeof serverTables>): Promise<void> {
    await session.request('set_db_change_aware', [true]);
    const plan = planTables(serverTables, decodeSchema(await session.request('get_schema', ['_Server'])));
    const params = ['_Server', SERVER_MONITOR, encodeMonitorRequests(plan), NO_TRANSACTION];
    await session.request('monitor_cond_since', params, {
      take: (result) => states.replace(plan, decodeMonitorAnswer(result).updates),
    });
    for (const row of states.table('Database').rows.values()) if (row.name === this.#options.database) return;
    throw new SourceError('not_found', `the server has no database ${this.#options.database}`);
  }
}

const asSourceError = (error: unknown): SourceError =>
  error instanceof SourceError ? error : new SourceError(codeOf(error), 'no connection', { cause: error });
