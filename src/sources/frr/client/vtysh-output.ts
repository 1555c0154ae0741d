import { SourceError } from '../../../core/errors.ts';
import { firstLine } from './json.ts';

export interface VtyshResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface VtyshOutcome {
  /** Of the commands that succeeded, in order. */
  readonly replies: readonly string[];
  /** Why the next command failed. vtysh ends at the first that does. */
  readonly failure?: SourceError;
}

/** Its output separates the replies. */
export const MARK_COMMAND = 'show version';

/**
 * The arguments that run the commands in one vtysh. It prints their replies without a mark between them, so before,
 * between and after them stands `show version`: several lines that no reply can contain, because JSON has no line feed
 * inside its strings and the few replies that are text hold no word of a user.
 */
export function buildVtyshArguments(commands: readonly string[]): string[] {
  const lines = [MARK_COMMAND, ...commands.flatMap((command) => [command, MARK_COMMAND])];
  return ['vtysh', ...lines.flatMap((line) => ['-c', line])];
}

/**
 * Tells the replies of one run apart.
 * @param mark what `show version` prints, and nothing else
 * @returns undefined when the output does not begin with the mark
 * @throws SourceError protocol when the marks do not match the commands
 */
export function splitOutput(
  { code, stdout, stderr }: VtyshResult,
  mark: string,
  count: number,
): VtyshOutcome | undefined {
  if (code === 0 || stdout !== '') {
    if (!stdout.startsWith(mark)) return undefined;
  } else throw describeFailure(code, stdout, stderr);
  const parts = stdout.slice(mark.length).split(mark);
  if (code === 0) {
    if (parts.length !== count + 1) throw new SourceError('protocol', 'the output of vtysh is not whole');
    return { replies: parts.slice(0, -1) };
  }
  const replies = parts.slice(0, -1);
  if (replies.length >= count) throw new SourceError('protocol', 'vtysh failed after its last command');
  return { replies, failure: describeFailure(code, parts.at(-1) as string, stderr) };
}

function describeFailure(code: number, stdout: string, stderr: string): SourceError {
  const text = firstLine(stderr || stdout) || `vtysh ended with ${code}`;
  if (/not running|failed to connect to any daemons/i.test(stderr)) return new SourceError('connect', text);
  if (/unknown command|ambiguous|incomplete/i.test(stdout)) return new SourceError('unsupported', text);
  return new SourceError('unavailable', text);
}
