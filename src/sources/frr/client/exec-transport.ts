import { codeOf, SourceError } from '../../../core/errors.ts';
import { type Command, type Daemon, showVersion } from './commands.ts';
import type { Answer, Transport } from './transport.ts';
import { type Build, parseBuild } from './version.ts';
import { buildVtyshArguments, MARK_COMMAND, splitOutput, type VtyshResult } from './vtysh-output.ts';

/** Runs a program on a router. */
export interface Exec {
  /** Resolves once the program has ended, however long that takes. @throws SourceError */
  run(argv: readonly string[]): Promise<VtyshResult>;
  close(): Promise<void>;
}

/** A command of a cycle, and the promise of its answer. */
interface Question {
  readonly command: Command;
  readonly answer: Promise<Answer>;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  /** Asked by somebody, and not only because it was asked in the cycle before. */
  wanted: boolean;
  failed: boolean;
}

interface Cycle {
  readonly questions: Map<string, Question>;
  waiting: Question[];
}

/** Runs of vtysh for one flush at most; each but the last ends at a command that failed. */
const MAX_RUNS = 4;

/**
 * Runs vtysh on the router. Its start costs far more than its commands, so they are gathered: what was asked in the
 * cycle before is asked in one run with the first command of this one, and the collectors find it answered.
 *
 * A run is never killed, since vtysh would hang up on FRR; while one has not ended, there is no other.
 */
export class ExecTransport implements Transport {
  readonly #exec: Exec;
  readonly #cycles = new WeakMap<AbortSignal, Cycle>();
  #last: Cycle | undefined;
  #running: { readonly cycle: Cycle; readonly ended: Promise<void> } | undefined;
  /** What vtysh prints for the command that stands between all others. */
  #mark: string | undefined;
  #build: Build | undefined;

  constructor(exec: Exec) {
    this.#exec = exec;
  }

  reaches(): boolean {
    return true;
  }

  async build(_: Daemon, signal: AbortSignal): Promise<Build> {
    return this.#build ?? (await this.ask(showVersion('watchfrr'), signal)).build;
  }

  ask(command: Command, signal: AbortSignal): Promise<Answer> {
    const cycle = this.#cycleOf(signal);
    const question = cycle.questions.get(command.text) ?? this.#enlist(cycle, command);
    question.wanted = true;
    return raceAbort(question.answer, signal);
  }

  close(): Promise<void> {
    return this.#exec.close();
  }

  #cycleOf(signal: AbortSignal): Cycle {
    let cycle = this.#cycles.get(signal);
    if (!cycle) {
      cycle = { questions: new Map(), waiting: [] };
      this.#cycles.set(signal, cycle);
      for (const { command, wanted, failed } of this.#last?.questions.values() ?? [])
        if (wanted && !failed) this.#enlist(cycle, command);
      this.#last = cycle;
    }
    return cycle;
  }

  #enlist(cycle: Cycle, command: Command): Question {
    const question = createQuestion(command);
    cycle.questions.set(command.text, question);
    if (cycle.waiting.push(question) === 1) setImmediate(() => void this.#flush(cycle));
    return question;
  }

  async #flush(cycle: Cycle): Promise<void> {
    if (this.#running?.cycle === cycle) await this.#running.ended;
    const questions = cycle.waiting;
    cycle.waiting = [];
    if (this.#running) {
      const late = new SourceError(
        'timeout',
        'the vtysh of an earlier cycle has not ended; there will be no second one',
      );
      for (const question of questions) question.reject(late);
      return;
    }
    const ended = this.#answerAll(questions).finally(() => {
      this.#running = undefined;
    });
    this.#running = { cycle, ended };
    await ended;
  }

  async #answerAll(questions: readonly Question[]): Promise<void> {
    let left = questions;
    try {
      for (let run = 0; run < MAX_RUNS && left.length > 0; run++) {
        this.#mark ??= await this.#learnMark();
        left = await this.#answerSome(left, this.#mark);
      }
      if (left.length > 0) throw new SourceError('unavailable', 'too many commands of vtysh failed');
    } catch (error) {
      for (const question of left) question.reject(error);
    }
  }

  /** Answers a run's commands up to the first that fails; returns those that must be asked in another run. */
  async #answerSome(all: readonly Question[], mark: string): Promise<readonly Question[]> {
    // The version needs no asking: it is what stands between the others.
    const [versions, questions] = partition(all, ({ command }) => command.text === MARK_COMMAND);
    const result = await this.#exec.run(buildVtyshArguments(questions.map(({ command }) => command.text)));
    const outcome = splitOutput(result, mark, questions.length);
    if (!outcome) {
      // FRR was upgraded: its version is another one.
      this.#mark = undefined;
      return all;
    }
    const build = this.#build as Build;
    for (const question of versions) question.resolve({ status: 0, text: mark, build });
    for (const [index, text] of outcome.replies.entries()) questions[index]?.resolve({ status: 0, text, build });
    const rest = questions.slice(outcome.replies.length);
    const { failure } = outcome;
    if (!failure || !rest[0]) return rest;
    const { daemon } = rest[0].command;
    // What is not running fails all that is asked of it; anything else only the command that vtysh stopped at.
    const isLost = ({ command }: Question) => command.daemon === daemon && codeOf(failure) === 'connect';
    const [lost, left] = partition(rest.slice(1), isLost);
    for (const question of [rest[0], ...lost]) question.reject(failure);
    return left;
  }

  async #learnMark(): Promise<string> {
    const { code, stdout, stderr } = await this.#exec.run(buildVtyshArguments([]));
    if (code !== 0)
      throw new SourceError('unavailable', `vtysh ended with ${code}: ${(stderr || stdout).slice(0, 200)}`);
    this.#build = parseBuild(stdout);
    return stdout;
  }
}

function partition<T>(all: readonly T[], belongs: (one: T) => boolean): [T[], T[]] {
  return [all.filter(belongs), all.filter((one) => !belongs(one))];
}

function createQuestion(command: Command): Question {
  let resolve: Question['resolve'] = () => {};
  let reject: Question['reject'] = () => {};
  const answer = new Promise<Answer>((onAnswer, onError) => {
    resolve = onAnswer;
    reject = onError;
  });
  const question: Question = {
    command,
    answer,
    resolve,
    reject: (error) => {
      question.failed = true;
      reject(error);
    },
    wanted: false,
    failed: false,
  };
  // Nobody may be waiting for what was only asked because it was asked before.
  answer.catch(() => {});
  return question;
}

function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () =>
      reject(new SourceError('timeout', 'vtysh has not ended in the time allowed; it is left alone'));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
