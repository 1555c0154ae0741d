import { codeOf, SourceError } from '../../../core/errors.ts';
import { type Command, type Daemon, showWatchfrr } from './commands.ts';
import { CycleMemo } from './cycle-memo.ts';
import { firstLine, parseJson } from './json.ts';
import { largestReply, OLDEST } from './safety.ts';
import type { Answer, Transport } from './transport.ts';
import { type Build, isAtLeast } from './version.ts';
import { vtyStatus } from './vty-codec.ts';
import { parseWatchdog, type Watchdog } from './watchfrr.ts';

/** One router, whatever the way to it: asks only what is safe in its version, and each command once a cycle. */
export class Router {
  readonly #transport: Transport;
  readonly #answers = new CycleMemo<Map<string, Promise<Answer>>>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  build(daemon: Daemon, signal: AbortSignal): Promise<Build> {
    return this.#transport.build(daemon, signal);
  }

  /** What watchfrr knows of the daemons; undefined where it cannot be asked. */
  async watchdog(signal: AbortSignal): Promise<Watchdog | undefined> {
    if (!this.#transport.reaches('watchfrr')) return undefined;
    try {
      return parseWatchdog((await this.#answer(showWatchfrr, signal)).text);
    } catch (error) {
      if (['timeout', 'closed'].includes(codeOf(error))) throw error;
      return undefined;
    }
  }

  /** Whether the router is meant to run a daemon; a daemon that is meant to run and does not is an error when asked. */
  async runs(daemon: Daemon, signal: AbortSignal): Promise<boolean> {
    if (!this.#transport.reaches(daemon)) return false;
    const watchdog = await this.watchdog(signal);
    return watchdog ? watchdog.daemons.some(({ name }) => name === daemon) : true;
  }

  async has({ daemon, since }: Command, signal: AbortSignal): Promise<boolean> {
    return since === undefined || isAtLeast((await this.build(daemon, signal)).version, since);
  }

  /**
   * The decoded JSON of a command's reply.
   * @param expectedBytes what the reply will measure, for commands whose reply grows with the router
   * @throws SourceError unsupported when that is more than this version of FRR can be asked for
   */
  async json(command: Command, signal: AbortSignal, expectedBytes = 0): Promise<unknown> {
    const { version } = await this.build(command.daemon, signal);
    const { bytes, why } = largestReply(version);
    if (expectedBytes > bytes)
      throw new SourceError('unsupported', `${command.text} is not asked: about ${expectedBytes} bytes, and ${why}`);
    const bounded = { ...command, maxBytes: Math.min(command.maxBytes, bytes) };
    return parseJson((await this.#answer(bounded, signal)).text, command.text);
  }

  /** The largest reply that this version of the daemon may be asked for. */
  async largestReply(daemon: Daemon, signal: AbortSignal): Promise<number> {
    return largestReply((await this.build(daemon, signal)).version).bytes;
  }

  async text(command: Command, signal: AbortSignal): Promise<string> {
    return (await this.#answer(command, signal)).text;
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #answer(command: Command, signal: AbortSignal): Promise<Answer> {
    const answers = this.#answers.get(signal, () => new Map());
    const key = `${command.daemon} ${command.text}`;
    let answer = answers.get(key);
    if (!answer) {
      answer = this.#ask(command, signal);
      answers.set(key, answer);
    }
    return answer;
  }

  async #ask(command: Command, signal: AbortSignal): Promise<Answer> {
    const { name, version } = await this.#transport.build(command.daemon, signal);
    if (!isAtLeast(version, OLDEST))
      throw new SourceError('unsupported', `FRR ${name} is too old: 8.0 is the oldest known`);
    const answer = await this.#transport.ask(command, signal);
    if (answer.status > vtyStatus.warning)
      throw new SourceError('unsupported', `FRR ${name} does not know ${command.text}: ${firstLine(answer.text)}`);
    return answer;
  }
}
