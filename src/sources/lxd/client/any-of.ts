import { codeOf, type ErrorCode } from '../../../core/errors.ts';

/** What a server refuses for good, every other one refuses as well; after anything else the next may know better. */
const final: ReadonlySet<ErrorCode> = new Set(['auth', 'forbidden', 'not_found', 'unsupported', 'too_large']);

/** How long a server may keep silent before the next one is asked as well. */
const HEDGE_MS = 1500;

type Outcome<C, T> = { readonly by: C } & ({ readonly answer: T } | { readonly error: unknown });

/**
 * Asks the first candidate; when it fails or keeps silent, the next one as well, and so on. The first good answer wins;
 * who is silent is left to its own time limit. When none has one, the error of the first candidate, the preferred one,
 * is thrown.
 */
export async function anyOf<C, T>(
  candidates: readonly C[],
  ask: (candidate: C) => Promise<T>,
  hedgeMs = HEDGE_MS,
): Promise<{ readonly by: C; readonly answer: T }> {
  const running = new Map<C, Promise<Outcome<C, T>>>();
  const errors = new Map<C, unknown>();
  const waiting = [...candidates];
  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.shift();
    if (next !== undefined) running.set(next, attempt(next, ask));
    const first = Promise.race(running.values());
    const outcome = await (waiting.length > 0 ? withPatience(first, hedgeMs) : first);
    if (!outcome) continue;
    if ('answer' in outcome) return outcome;
    if (final.has(codeOf(outcome.error))) throw outcome.error;
    running.delete(outcome.by);
    errors.set(outcome.by, outcome.error);
  }
  throw errors.get(candidates[0] as C);
}

async function attempt<C, T>(by: C, ask: (candidate: C) => Promise<T>): Promise<Outcome<C, T>> {
  try {
    return { by, answer: await ask(by) };
  } catch (error) {
    return { by, error };
  }
}

/** Undefined when nothing has come within `ms`. */
async function withPatience<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}
