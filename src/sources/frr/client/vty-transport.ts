import type { Duplex } from 'node:stream';
import { SourceError } from '../../../core/errors.ts';
import { type Command, type Daemon, needsEnable, showVersion } from './commands.ts';
import type { Answer, Transport } from './transport.ts';
import { type Build, parseBuild } from './version.ts';
import { VtyConnection } from './vty-connection.ts';

export interface VtyWays {
  readonly daemons: readonly Daemon[];
  dial(daemon: Daemon, signal: AbortSignal): Promise<Duplex>;
  /** Ends what the dialled streams share. */
  close?(): Promise<void>;
}

/** Talks to the daemons' own sockets, wherever a way to them leads; one connection for each, kept between the cycles. */
export class VtyTransport implements Transport {
  readonly #ways: VtyWays;
  readonly #lines = new Map<Daemon, Line>();

  constructor(ways: VtyWays) {
    this.#ways = ways;
  }

  reaches(daemon: Daemon): boolean {
    return this.#ways.daemons.includes(daemon);
  }

  async build(daemon: Daemon, signal: AbortSignal): Promise<Build> {
    return this.#line(daemon).build ?? (await this.ask(showVersion(daemon), signal)).build;
  }

  async ask({ daemon, text, maxBytes }: Command, signal: AbortSignal): Promise<Answer> {
    const line = this.#line(daemon);
    const { status, text: reply } = await line.connection.run(text, maxBytes, signal);
    return { status, text: reply, build: line.build as Build };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lines.values()].map(({ connection }) => connection.close()));
    await this.#ways.close?.();
  }

  #line(daemon: Daemon): Line {
    let line = this.#lines.get(daemon);
    if (!line) {
      line = createLine(daemon, (signal) => this.#ways.dial(daemon, signal));
      this.#lines.set(daemon, line);
    }
    return line;
  }
}

interface Line {
  readonly connection: VtyConnection;
  /** What the newest connection said; a daemon that was upgraded was restarted, and says it anew. */
  build: Build | undefined;
}

function createLine(daemon: Daemon, dial: (signal: AbortSignal) => Promise<Duplex>): Line {
  const connection = new VtyConnection({
    name: daemon,
    dial: (signal) => {
      line.build = undefined;
      return dial(signal);
    },
    async greet(ask) {
      line.build = parseBuild((await ask('show version')).text);
      if (!needsEnable.has(daemon)) return;
      const { status } = await ask('enable');
      if (status !== 0) throw new SourceError('forbidden', `${daemon} refuses enable, and shows nothing without it`);
    },
  });
  const line: Line = { connection, build: undefined };
  return line;
}
