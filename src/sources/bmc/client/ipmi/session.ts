import { SourceError } from '../../../../core/errors.ts';
import type { EstablishedSession } from './handshake.ts';
import { decodeResponse, encodeRequest, type IpmiRequest, netFns } from './message.ts';
import { isAuthentic, open, seal } from './packet-cipher.ts';
import { decodeRmcpPlus, payloadTypes } from './rmcp-plus.ts';
import { SequenceWindow } from './sequence-window.ts';
import { CompletionError, completionCodes, nameCommand } from './status.ts';
import { type DropReason, patienceMs, type RetryPolicy, type Wire } from './wire.ts';

/** A request on its way, or waiting for its turn. */
interface Call {
  readonly request: IpmiRequest;
  readonly signal: AbortSignal;
  readonly resolve: (data: Buffer) => void;
  readonly reject: (error: unknown) => void;
  readonly retry: RetryPolicy;
  attempts: number;
  sequence: number;
  /** How many answers the session had got when this was first sent. */
  answersBefore: number;
  timer: NodeJS.Timeout | undefined;
}

/** How many calls wait on a signal, and what hears of its end. */
interface Watch {
  readonly signal: AbortSignal;
  calls: number;
  readonly onAbort: () => void;
}

const SEQUENCES = 64;
const CLOSE_SESSION = 0x3c;
const closePatience: RetryPolicy = { attempts: 2, firstMs: 400, growth: 1 };

/**
 * An authenticated session: one queue, at most `window` requests on their way. A request is sent again with the same
 * request sequence and a new session sequence (IPMI 2.0 §6.12.8). When a request stays without an answer and nothing
 * else was answered meanwhile, the whole session is lost: BMCs drop an unknown session in silence.
 */
export class Session {
  readonly #wire: Wire;
  readonly #established: EstablishedSession;
  readonly #retry: RetryPolicy;
  readonly #window: number;
  readonly #received = new SequenceWindow();
  readonly #queue: Call[] = [];
  /** By request sequence. A Map that is filled and emptied all the time leaves chains of old tables to V8. */
  readonly #underway = new Array<Call | undefined>(SEQUENCES).fill(undefined);
  #underwayCount = 0;
  readonly #watches: Watch[] = [];
  /** Sequences that were sent more than once: a second answer may still come, so they rest as long as possible. */
  readonly #resting = new Set<number>();
  #sent = 0;
  #answers = 0;
  #nextSequence = 0;
  #ended: SourceError | undefined;

  constructor(wire: Wire, established: EstablishedSession, options: { retry: RetryPolicy; window: number }) {
    this.#wire = wire;
    this.#established = established;
    this.#retry = options.retry;
    this.#window = options.window;
    wire.listen(
      (datagram) => {
        const reason = this.#receive(datagram);
        if (reason) wire.drop(reason);
      },
      (error) => this.end(error),
    );
  }

  /** Why the session is of no use any more; undefined while it is. */
  get ended(): SourceError | undefined {
    return this.#ended;
  }

  /** The response's data. Rejects with `CompletionError` when the BMC says no. */
  request(request: IpmiRequest, signal: AbortSignal, retry: RetryPolicy = this.#retry): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      if (signal.aborted) return reject(brokenOff(signal));
      const timer = undefined;
      this.#watch(signal);
      this.#queue.push({ request, signal, resolve, reject, retry, attempts: 0, sequence: -1, answersBefore: 0, timer });
      this.#pump();
    });
  }

  /** Asks the BMC to forget the session, so that its slot is free at once, and closes the socket. */
  async close(): Promise<void> {
    if (this.#ended) return;
    const id = Buffer.alloc(4);
    id.writeUInt32LE(this.#established.bmcSessionId);
    const request = { netFn: netFns.app, command: CLOSE_SESSION, data: id };
    const closing = this.request(request, new AbortController().signal, closePatience).catch(() => {});
    for (const call of this.#calls()) if (call.request !== request) this.#reject(call, closedByUs());
    await closing;
    this.end(closedByUs());
  }

  /** Rejects everything under way and closes the socket, without a word to the BMC. */
  end(error: SourceError): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#wire.close();
    for (const call of this.#calls()) this.#reject(call, error);
  }

  #pump(): void {
    while (!this.#ended && this.#underwayCount < this.#window) {
      const call = this.#queue.shift();
      if (!call) return;
      call.sequence = this.#takeSequence();
      call.answersBefore = this.#answers;
      this.#underway[call.sequence] = call;
      this.#underwayCount++;
      this.#transmit(call);
    }
  }

  #transmit(call: Call): void {
    const { keys, bmcSessionId } = this.#established;
    if (call.attempts > 0) this.#wire.statistics.retries++;
    this.#sent = (this.#sent % 0xffff_ffff) + 1;
    this.#wire.send(seal(keys, bmcSessionId, this.#sent, encodeRequest(call.request, call.sequence)));
    call.timer = setTimeout(() => this.#expire(call), patienceMs(call.retry, call.attempts++));
  }

  #expire(call: Call): void {
    if (call.attempts < call.retry.attempts) {
      this.#transmit(call);
      return;
    }
    const what = nameCommand(call.request.netFn, call.request.command);
    const error = new SourceError('timeout', `${what}: no answer to ${call.attempts} attempts`);
    if (this.#answers === call.answersBefore) this.end(error);
    else this.#reject(call, error);
  }

  /** Hands the datagram to the request it answers, or tells why it is thrown away. */
  #receive(datagram: Buffer): DropReason | undefined {
    const packet = decodeRmcpPlus(datagram);
    if (!packet) return 'malformed';
    const { consoleSessionId, keys } = this.#established;
    // A repeated answer of the set-up arrives here, with session 0.
    if (packet.sessionId === 0) return 'late';
    if (packet.sessionId !== consoleSessionId) return 'foreign';
    if (!isAuthentic(keys, packet)) return 'forged';
    if (!this.#received.accept(packet.sessionSequence)) return 'duplicate';
    const message = packet.payloadType === payloadTypes.ipmi ? open(keys, packet) : undefined;
    const response = message && decodeResponse(message);
    if (!response) return 'malformed';
    this.#answers++;
    const call = this.#underway[response.sequence];
    const { request } = call ?? {};
    if (!call || response.netFn - 1 !== request?.netFn || response.command !== request.command) return 'late';
    this.#answer(call, response.completionCode, response.data);
    return undefined;
  }

  #answer(call: Call, completionCode: number, data: Buffer): void {
    // A busy BMC is asked again when the timer runs out.
    const isBusy = completionCode === completionCodes.busy || completionCode === completionCodes.timeout;
    if (isBusy && call.attempts < call.retry.attempts) return;
    const { command, netFn } = call.request;
    this.#release(call);
    if (completionCode === completionCodes.ok) call.resolve(data);
    else call.reject(new CompletionError(nameCommand(netFn, command), completionCode));
    this.#pump();
  }

  #reject(call: Call, error: SourceError): void {
    this.#release(call);
    call.reject(error);
    this.#pump();
  }

  #calls(): Call[] {
    return [...this.#queue, ...this.#underway.filter((call) => call !== undefined)];
  }

  /** Takes the call out of where it is. */
  #release(call: Call): void {
    clearTimeout(call.timer);
    this.#unwatch(call.signal);
    if (this.#underway[call.sequence] === call) {
      this.#underway[call.sequence] = undefined;
      this.#underwayCount--;
      if (call.attempts > 1 || call.signal.aborted) this.#resting.add(call.sequence);
    } else {
      const index = this.#queue.indexOf(call);
      if (index >= 0) this.#queue.splice(index, 1);
    }
  }

  /**
   * One listener for all calls that wait on a signal: a listener that was taken off still points to the one after it, and
   * so one that has grown old keeps all that came later, with their calls and answers, until the next full collection.
   */
  #watch(signal: AbortSignal): void {
    const watch = this.#watches.find((one) => one.signal === signal);
    if (watch) {
      watch.calls++;
      return;
    }
    const onAbort = () => {
      for (const call of this.#calls()) if (call.signal === signal) this.#reject(call, brokenOff(signal));
    };
    this.#watches.push({ signal, calls: 1, onAbort });
    signal.addEventListener('abort', onAbort, { once: true });
  }

  #unwatch(signal: AbortSignal): void {
    const watch = this.#watches.find((one) => one.signal === signal);
    if (!watch || --watch.calls > 0) return;
    this.#watches.splice(this.#watches.indexOf(watch), 1);
    signal.removeEventListener('abort', watch.onAbort);
  }

  /** The next request sequence that is free, and that no late answer can be mistaken for. */
  #takeSequence(): number {
    if (this.#resting.size >= SEQUENCES / 2) this.#resting.delete(this.#resting.values().next().value as number);
    while (this.#underway[this.#nextSequence] || this.#resting.has(this.#nextSequence))
      this.#nextSequence = (this.#nextSequence + 1) % SEQUENCES;
    const sequence = this.#nextSequence;
    this.#nextSequence = (sequence + 1) % SEQUENCES;
    return sequence;
  }
}

const brokenOff = (signal: AbortSignal): SourceError =>
  new SourceError('timeout', 'the time for this request is over', { cause: signal.reason });

const closedByUs = (): SourceError => new SourceError('closed', 'the session was closed');
