import { setMaxListeners } from 'node:events';
import { codeOf, type ErrorCode, SourceError } from '../../../../core/errors.ts';
import type { FetchText, TextResponse } from './http-text.ts';

/**
 * - `active`: serves the cluster's metrics.
 * - `standby`: answers, and says that it is not the one.
 * - `unavailable`: anything else; `code` says what.
 */
export type ManagerAnswer =
  | {
      readonly manager: string;
      readonly state: 'active';
      readonly body: Buffer;
      readonly clockOffsetSeconds?: number | undefined;
    }
  | { readonly manager: string; readonly state: 'standby' }
  | { readonly manager: string; readonly state: 'unavailable'; readonly code: ErrorCode };

/** How long the others may still answer once the active manager has. */
const GRACE_MS = 500;

/**
 * Asks all managers at once; the order of the answers is that of the managers. Never rejects. There is no telling
 * beforehand which one is active, and nothing to remember: after a failover another one simply answers.
 */
export async function askManagers(
  managers: readonly string[],
  fetchText: FetchText,
  signal: AbortSignal,
): Promise<readonly ManagerAnswer[]> {
  const enough = new AbortController();
  const either = AbortSignal.any([signal, enough.signal]);
  setMaxListeners(0, either);
  let grace: NodeJS.Timeout | undefined;
  const answers = await Promise.all(
    managers.map(async (manager) => {
      const answer = await askManager(manager, fetchText, either);
      if (answer.state === 'active') grace ??= setTimeout(() => enough.abort(), GRACE_MS);
      return answer;
    }),
  );
  clearTimeout(grace);
  return answers;
}

async function askManager(manager: string, fetchText: FetchText, signal: AbortSignal): Promise<ManagerAnswer> {
  try {
    return { manager, ...classify(await fetchText(metricsUrl(manager), signal)) };
  } catch (error) {
    return { manager, state: 'unavailable', code: codeOf(error) };
  }
}

/** `http://address:9283` as people write it, and what is asked for. */
export const metricsUrl = (base: string): string => {
  const url = new URL(base);
  if (url.pathname === '/') url.pathname = '/metrics';
  return url.href;
};

/**
 * A standby answers 200 with an empty body (or redirects, if so configured); an active one that starts answers 503, or
 * 200 with HTML, or refuses. Only the body tells.
 */
function classify({ status, body, clockOffsetSeconds }: TextResponse) {
  if (status >= 300 && status < 400) return { state: 'standby' } as const;
  if (status !== 200) throw new SourceError('unavailable', `status ${status}`);
  if (body.length === 0) return { state: 'standby' } as const;
  if (!isPage(body)) throw new SourceError('protocol', 'not the metrics of a Ceph cluster');
  if (body.at(-1) !== LINE_FEED) throw new SourceError('protocol', 'the answer was cut off');
  return { state: 'active', body, clockOffsetSeconds } as const;
}

const LINE_FEED = 10;

const isPage = (body: Buffer): boolean =>
  body.includes('\nceph_health_status ') || body.includes('\nceph_health_status{');
