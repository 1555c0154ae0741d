import { setMaxListeners } from 'node:events';
import { type Clock, systemClock } from '../../../../core/clock.ts';
import { codeOf, SourceError } from '../../../../core/errors.ts';
import { type CipherSuite, type CipherSuiteId, cipherSuites, strongestFirst } from './cipher-suite.ts';
import { offeredSuites, speaksIpmi2 } from './discovery.ts';
import { type Credentials, type EstablishedSession, establish, privilegeLevels } from './handshake.ts';
import { type IpmiRequest, netFns } from './message.ts';
import { Session } from './session.ts';
import { CompletionError } from './status.ts';
import type { OpenTransport } from './transport.ts';
import { defaultRetry, newStatistics, type RetryPolicy, Wire, type WireStatistics } from './wire.ts';

export interface IpmiClientOptions {
  readonly transport: OpenTransport;
  readonly credentials: Credentials;
  /** A suite's number, or `auto`: the strongest that the BMC offers. */
  readonly cipherSuite?: CipherSuiteId | 'auto' | undefined;
  /**
   * `keep` holds the session with a small request every 20 s; `close` gives its slot back after two idle seconds.
   * Default: `close`.
   */
  readonly idle?: 'keep' | 'close' | undefined;
  /** Requests on their way at a time, 1 to 8. Default: 4. */
  readonly window?: number | undefined;
  readonly retry?: RetryPolicy | undefined;
  readonly clock?: Clock | undefined;
}

const KEEP_ALIVE_MS = 20_000;
/** A kept session that nobody uses for so long is given back. */
const ABANDONED_MS = 600_000;
const LINGER_MS = 2_000;
/** BMCs drop a session after 60 s ± 3 s without a request (IPMI 2.0 §6.12.15). */
const SESSION_LIFE_MS = 57_000;
const GET_DEVICE_ID = 0x01;
const SET_SESSION_PRIVILEGE = 0x3b;
const askOnce: RetryPolicy = { attempts: 2, firstMs: 400, growth: 2 };

/**
 * Speaks IPMI 2.0 with one BMC, over at most one session. The session is opened by the first request, shared by all,
 * and opened anew once when it turns out to be lost; what fails then, fails for the caller.
 */
export class IpmiClient {
  readonly statistics: WireStatistics = newStatistics();
  readonly #options: IpmiClientOptions;
  readonly #retry: RetryPolicy;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  #session: Session | undefined;
  #opening: Promise<Session> | undefined;
  #closing: Promise<void> | undefined;
  #suites: readonly CipherSuite[] | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #underway = 0;
  #lastUse = 0;
  #lastTraffic = 0;

  constructor(options: IpmiClientOptions) {
    this.#options = options;
    this.#retry = options.retry ?? defaultRetry;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * The data of the BMC's response. Rejects with `CompletionError` when the BMC says no, else with a `SourceError`:
   * `auth`, `forbidden`, `connect`, `timeout`, `unavailable`, `unsupported`, `closed`.
   */
  async request(request: IpmiRequest, signal: AbortSignal): Promise<Buffer> {
    // Several requests wait on one signal at a time; Node would take that for a leak.
    setMaxListeners(0, signal);
    this.#underway++;
    clearTimeout(this.#idleTimer);
    try {
      const wasOpen = this.isOpen;
      const session = await this.#live(signal);
      try {
        return await session.request(request, signal);
      } catch (error) {
        if (!wasOpen || !session.ended || signal.aborted || this.#stop.signal.aborted) throw error;
        return await (await this.#live(signal)).request(request, signal);
      }
    } finally {
      this.#lastTraffic = this.#lastUse = this.#clock.now();
      if (--this.#underway === 0) this.#scheduleIdle();
    }
  }

  /** Whether a session is open at the moment, as far as we know. */
  get isOpen(): boolean {
    return this.#session !== undefined && !this.#session.ended;
  }

  /** How many sessions were opened so far; what a BMC forgets at a restart must be read again when this changes. */
  get sessionCount(): number {
    return this.statistics.sessions;
  }

  /** Closes the session at the BMC, the socket and every timer. Requests under way are rejected with `closed`. */
  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#idleTimer);
    await this.#opening?.catch(() => {});
    await this.#closing;
    await this.#session?.close();
  }

  #live(signal: AbortSignal): Promise<Session> {
    if (this.#stop.signal.aborted) return Promise.reject(new SourceError('closed', 'the client was closed'));
    const session = this.#session;
    if (session && !session.ended) {
      if (this.#clock.now() - this.#lastTraffic < SESSION_LIFE_MS) return Promise.resolve(session);
      session.end(new SourceError('closed', 'the BMC has dropped the session by now'));
    }
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return abortable(this.#opening, signal);
  }

  /** Not bound to one caller's signal, as others may wait for the same session; its own patience ends it. */
  async #open(): Promise<Session> {
    await this.#closing;
    const signal = this.#stop.signal;
    const wire = await Wire.open(this.#options.transport, this.statistics);
    try {
      this.#suites ??= await this.#chooseSuites(wire, signal);
      for (const suite of this.#suites) {
        const established = await this.#establish(wire, suite, signal);
        if (!established) continue;
        this.#suites = [suite];
        return await this.#begin(wire, established, signal);
      }
      this.#suites = undefined;
      throw new SourceError('unsupported', 'the BMC offers neither cipher suite 3 nor 17, or not the one configured');
    } catch (error) {
      wire.close();
      throw error;
    }
  }

  /** A session begins at USER, whatever was asked for at its opening; a higher level is set (IPMI 2.0 §22.18). */
  async #begin(wire: Wire, established: EstablishedSession, signal: AbortSignal): Promise<Session> {
    const { credentials, window = 4 } = this.#options;
    const session = new Session(wire, established, { retry: this.#retry, window });
    const level = privilegeLevels[credentials.privilege];
    try {
      if (level > privilegeLevels.user)
        await session.request({ netFn: netFns.app, command: SET_SESSION_PRIVILEGE, data: [level] }, signal);
    } catch (error) {
      await session.close();
      if (!(error instanceof CompletionError)) throw error;
      const advice = "raise the user's limit on the LAN channel, or ask for a lower privilege";
      throw new SourceError('forbidden', `the BMC refuses the level ${credentials.privilege}: ${advice}`, {
        cause: error,
      });
    }
    this.#session = session;
    this.statistics.sessions++;
    this.#lastTraffic = this.#clock.now();
    return session;
  }

  async #establish(
    wire: Wire,
    suite: CipherSuite,
    signal: AbortSignal,
    isLast = false,
  ): Promise<EstablishedSession | undefined> {
    const { retries } = this.statistics;
    try {
      return await establish({ wire, retry: this.#retry, signal }, this.#options.credentials, suite);
    } catch (error) {
      // A BMC that got RAKP 1 twice may have drawn a second random number, and then no code matches.
      const mayBeMixedUp = codeOf(error) === 'auth' && this.statistics.retries > retries && !isLast;
      if (mayBeMixedUp && !signal.aborted) return this.#establish(wire, suite, signal, true);
      const isSilent = error instanceof SourceError && error.code === 'timeout' && !signal.aborted;
      if (isSilent && (await speaksIpmi2(wire, askOnce, signal)) === false)
        throw new SourceError('unsupported', 'the BMC speaks IPMI 1.5 only; 2.0 is needed', { cause: error });
      throw error;
    }
  }

  async #chooseSuites(wire: Wire, signal: AbortSignal): Promise<readonly CipherSuite[]> {
    const { cipherSuite = 'auto' } = this.#options;
    if (cipherSuite !== 'auto') return [cipherSuites[cipherSuite]];
    const offered = await offeredSuites(wire, askOnce, signal);
    return offered.length > 0 ? offered : strongestFirst;
  }

  #scheduleIdle(): void {
    if (this.#stop.signal.aborted || !this.#session || this.#session.ended) return;
    const isKept = this.#options.idle === 'keep';
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.#onIdle(isKept), isKept ? KEEP_ALIVE_MS : LINGER_MS);
    this.#idleTimer.unref();
  }

  async #onIdle(isKept: boolean): Promise<void> {
    const session = this.#session;
    if (!session || session.ended || this.#underway > 0) return;
    if (!isKept || this.#clock.now() - this.#lastUse > ABANDONED_MS) {
      this.#session = undefined;
      this.#closing = session.close();
      return;
    }
    try {
      await session.request({ netFn: netFns.app, command: GET_DEVICE_ID }, this.#stop.signal);
      this.#lastTraffic = this.#clock.now();
    } catch {
      // A lost session is found by the next request, which opens a new one.
    }
    if (this.#underway === 0) this.#scheduleIdle();
  }
}

/** The promise, or a rejection as soon as the signal aborts. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new SourceError('timeout', 'the time for this is over', { cause: signal.reason }));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
