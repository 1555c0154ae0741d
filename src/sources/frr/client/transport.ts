import type { Command, Daemon } from './commands.ts';
import type { Build } from './version.ts';
import type { VtyReply } from './vty-codec.ts';

export interface Answer extends Pick<VtyReply, 'status' | 'text'> {
  /** Of the daemon that answered. */
  readonly build: Build;
}

/** A way to a router. All of them obey the same rule: never hang up on a reply, never ask two things at a time. */
export interface Transport {
  /** Whether this way leads to the daemon at all. */
  reaches(daemon: Daemon): boolean;
  /** @throws SourceError */
  build(daemon: Daemon, signal: AbortSignal): Promise<Build>;
  /** @param signal the cycle's: commands of one cycle carry the same one @throws SourceError */
  ask(command: Command, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}
