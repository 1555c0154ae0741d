import { type ErrorCode, SourceError } from '../../../core/errors.ts';

/** JSON-RPC 1.0 as RFC 7047 section 4 uses it: both sides may ask, and a notification has the id null. */
export type Message =
  | { readonly kind: 'request'; readonly id: unknown; readonly method: string; readonly params: readonly unknown[] }
  | { readonly kind: 'notification'; readonly method: string; readonly params: readonly unknown[] }
  | { readonly kind: 'response'; readonly id: unknown; readonly result: unknown; readonly error: unknown };

/** @throws SourceError `protocol` */
export function decodeMessage(value: unknown): Message {
  if (!isObject(value)) throw new SourceError('protocol', 'a message is not a JSON object');
  const { id, method, params, result, error } = value;
  if (method === undefined) {
    if (id === undefined || id === null) throw new SourceError('protocol', 'a message is neither request nor response');
    return { kind: 'response', id, result, error: error ?? undefined };
  }
  if (typeof method !== 'string' || !Array.isArray(params))
    throw new SourceError('protocol', 'a request has no method or no parameters');
  if (id === undefined || id === null) return { kind: 'notification', method, params };
  return { kind: 'request', id, method, params };
}

export const encodeRequest = (id: number | string, method: string, params: readonly unknown[]): string =>
  JSON.stringify({ id, method, params });

export const encodeResponse = (id: unknown, result: unknown, error: unknown = null): string =>
  JSON.stringify({ id, result, error });

/** What the words of RFC 7047 section 3.1 and of the unixctl protocol mean for us. */
const codes: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^(unknown method|not supported)|is not a valid command/, 'unsupported'],
  [/^(not allowed|permission error)/, 'forbidden'],
  [/^unknown database/, 'not_found'],
  [/^(resources exhausted|I\/O error|not owner|timed out|canceled)/, 'unavailable'],
];

/** The error of a response, or of one operation of a transaction: a bare string, or an object with `error` and `details`. */
export function peerError(method: string, error: unknown): SourceError {
  const word = isObject(error) ? String(error['error']) : String(error);
  const details = isObject(error) && typeof error['details'] === 'string' ? `: ${error['details']}` : '';
  const code = codes.find(([pattern]) => pattern.test(word))?.[1] ?? 'protocol';
  return new SourceError(code, `${method}: ${word.trim()}${details}`);
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
