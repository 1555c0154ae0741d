import type { Duplex } from 'node:stream';
import { SourceError } from '../../../core/errors.ts';
import { Feed, type Position } from './feed.ts';
import { Member } from './member.ts';
import { Replica, type RowObserver } from './replica.ts';
import type { ServerAnswer } from './server-state.ts';
import type { TableSpecs } from './tables.ts';

export interface DatabaseOptions<S extends TableSpecs> {
  /** `OVN_Northbound` or `OVN_Southbound`. */
  readonly database: string;
  readonly specs: S;
  readonly servers: readonly { readonly server: string; readonly connect: (signal: AbortSignal) => Promise<Duplex> }[];
  readonly answerTimeoutMs: number;
  readonly maxMessageBytes: number;
  readonly observe?: RowObserver;
}

/** What one server answered when it was asked, or why it did not. */
export interface MemberView {
  readonly server: string;
  readonly answer: ServerAnswer | undefined;
  readonly failure: SourceError | undefined;
  /** Whether the replica follows this one. */
  readonly feeding: boolean;
}

/** For how long a server that answered, but could not be subscribed to, is passed over. */
const PENALTY_MS = 5_000;

/**
 * One database and all its servers. Every server is watched; the tables come from one that says it is connected to its
 * cluster, and from another as soon as it is not. A server that is cut off answers with what it last knew, so that its
 * own word for being connected is what counts, not that it answers (ovsdb(7), "Understanding Cluster Consistency").
 */
export class Database<S extends TableSpecs> {
  readonly members: readonly Member[];
  readonly #options: DatabaseOptions<S>;
  readonly #replica: Replica<S>;
  readonly #penalties = new Map<Member, NodeJS.Timeout>();
  readonly #waiting = new Set<() => void>();
  readonly #reads = new WeakMap<AbortSignal, Promise<Replica<S>>>();
  #feed: { readonly member: Member; readonly feed: Feed<S> } | undefined;
  #position: Position | undefined;
  #lastSource: Member | undefined;
  #refusal: SourceError | undefined;
  #monitors = 0;
  #closed = false;
  /** How often the tables came from another server than before. */
  moves = 0;
  /** How often the tables were read as a whole, the first time included. */
  fullReads = 0;

  constructor(options: DatabaseOptions<S>) {
    this.#options = options;
    this.#replica = new Replica(options.specs, options.observe);
    this.members = options.servers.map(({ server, connect }) => this.#createMember(server, connect));
    for (const member of this.members) member.start();
  }

  /** Whatever is held at the moment, in step or not; `read` gives it in step. */
  get replica(): Replica<S> {
    return this.#replica;
  }

  /** Version of the schema that the replica was read with. */
  get schemaVersion(): string | undefined {
    return (this.#feed?.feed.position ?? this.#position)?.schemaVersion;
  }

  /** Messages that answered no question. */
  get strays(): number {
    return this.members.reduce((sum, { strays }) => sum + strays, 0);
  }

  /**
   * The replica, once it has everything that was committed on its server before this call. It changes as soon as the
   * caller awaits something; all who ask with the same signal are answered at the same moment.
   * @throws SourceError `unavailable` when no server is connected to its cluster; why none answers; `timeout`
   */
  read(signal: AbortSignal): Promise<Replica<S>> {
    const reading = this.#reads.get(signal) ?? this.#read(signal);
    this.#reads.set(signal, reading);
    return reading;
  }

  async #read(signal: AbortSignal): Promise<Replica<S>> {
    for (;;) {
      const feeding = this.#feed;
      if (feeding?.feed.live) {
        const failure = await feeding.member.refusal();
        // What happened meanwhile decides: the question may have shown that the server hangs.
        if (this.#feed === feeding && feeding.feed.live) {
          if (failure) throw failure;
          return this.#replica;
        }
      } else if (this.#isHopeless()) throw this.#describe();
      else await this.#nextChange(signal);
      if (signal.aborted) throw new SourceError('timeout', this.#describe().message);
    }
  }

  /**
   * Waits until the first attempt at every server has ended and the tables are read, where that is under way; for the
   * answer time-out at most.
   */
  async settle(signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#options.answerTimeoutMs)]);
    while (!limit.aborted && this.#isSettling()) await this.#nextChange(limit);
  }

  /** Asks every server about itself. Takes as long as the slowest, and that is the answer time-out at most. */
  async survey(signal: AbortSignal): Promise<readonly MemberView[]> {
    await this.settle(signal);
    return Promise.all(this.members.map((member) => this.#viewOf(member)));
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#penalties.values()) clearTimeout(timer);
    for (const member of this.members) member.close();
    this.#announce();
  }

  async #viewOf(member: Member): Promise<MemberView> {
    const { server } = member;
    const feeding = () => this.#feed?.member === member && this.#feed.feed.live;
    try {
      return { server, answer: await member.probe(), failure: undefined, feeding: feeding() };
    } catch (error) {
      return { server, answer: undefined, failure: error as SourceError, feeding: feeding() };
    }
  }

  #createMember(server: string, connect: (signal: AbortSignal) => Promise<Duplex>): Member {
    const { answerTimeoutMs, database, maxMessageBytes } = this.#options;
    return new Member({
      server,
      database,
      connect,
      answerTimeoutMs,
      maxMessageBytes,
      onChange: () => this.#reconsider(),
      onNotification: (session, method, params) => {
        if (this.#feed?.feed.session === session) this.#feed.feed.handle(method, params);
      },
    });
  }

  /** Stays with the present server while it is good, and goes to the first good one otherwise. */
  #reconsider(): void {
    if (this.#closed) return;
    const present = this.#feed;
    if (present && !(isUsable(present.member) && present.member.session === present.feed.session)) this.#leave();
    if (!this.#feed) {
      const member = this.members.find((candidate) => isUsable(candidate) && !this.#penalties.has(candidate));
      if (member) void this.#follow(member);
    }
    this.#announce();
  }

  #leave(): void {
    if (!this.#feed) return;
    this.#position = this.#feed.feed.position;
    this.#feed.feed.stop();
    this.#feed = undefined;
  }

  async #follow(member: Member): Promise<void> {
    const { database, specs } = this.#options;
    const onCanceled = () => {
      this.#leave();
      this.#reconsider();
    };
    const monitor = `rackwatch-${++this.#monitors}`;
    const session = member.session as NonNullable<Member['session']>;
    const feed = new Feed(session, this.#position, { database, specs, replica: this.#replica, monitor, onCanceled });
    const mine = { member, feed };
    this.#feed = mine;
    try {
      if (!(await feed.start())) this.fullReads++;
      if (this.#lastSource && this.#lastSource !== member) this.moves++;
      this.#lastSource = member;
      this.#refusal = undefined;
    } catch (error) {
      this.#refusal = error as SourceError;
      if (member.session === session) this.#penalize(member);
      if (this.#feed === mine) this.#leave();
    }
    this.#reconsider();
  }

  #penalize(member: Member): void {
    clearTimeout(this.#penalties.get(member));
    const timer = setTimeout(() => {
      this.#penalties.delete(member);
      this.#reconsider();
    }, PENALTY_MS).unref();
    this.#penalties.set(member, timer);
  }

  #isSettling(): boolean {
    return this.members.some(isUndecided) || this.#feed?.feed.live === false;
  }

  /** Nothing is under way that could bring the replica to life within this scrape. */
  #isHopeless(): boolean {
    return this.#closed || (!this.#feed && !this.members.some(isUndecided));
  }

  #describe(): SourceError {
    const { database } = this.#options;
    if (this.#closed) return new SourceError('closed', `${database} was closed`);
    const lone = this.members.map(({ failure }) => failure).filter((failure) => failure !== undefined);
    if (lone.length < this.members.length) {
      if (this.#refusal) return this.#refusal;
      return new SourceError('unavailable', `${database}: no server is connected to its cluster`);
    }
    const reasons = this.members.map(({ server, failure }) => `${server}: ${failure?.message}`).join('; ');
    return new SourceError(lone[0]?.code ?? 'connect', `${database}: ${reasons}`, { cause: lone[0]?.cause });
  }

  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      if (signal.aborted) return done();
      signal.addEventListener('abort', done, { once: true });
      this.#waiting.add(done);
    });
  }

  #announce(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

const isUndecided = ({ failure, session }: Member): boolean => !session && !failure;
const isUsable = ({ session, state }: Member): boolean => session !== undefined && state?.connected === true;
