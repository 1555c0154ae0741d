/**
 * Every reason why something that rackwatch reads can fail. The word is the same in the log, in the label `code` of
 * `rackwatch_collector_errors_total`, on the status page and in the documentation.
 */
export const errorCodes = {
  auth: 'The credential was not accepted: wrong, unknown or expired.',
  forbidden: 'The credential was accepted but lacks a right that this needs.',
  connect: 'Nothing answers at the address: refused, unreachable, reset or not resolved.',
  tls: 'The TLS handshake failed, or the peer is not the one that was pinned.',
  timeout: 'No complete answer in the time allowed.',
  protocol: 'The answer cannot be understood: cut off, garbage, or not this kind of server.',
  unsupported: 'The server is too old, too new or lacks a feature that this needs.',
  too_large: 'The answer is larger than the configured bound.',
  not_found: 'The thing that was asked for does not exist.',
  unavailable: 'The server answers, but cannot serve this at the moment: busy, locked, without a quorum.',
  closed: 'rackwatch closed the connection itself, because it stops or was reconfigured.',
  internal: 'A fault in rackwatch. Please report it.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** An error with a code of the closed list above. The message never contains a secret; `cause` holds the original. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Names and codes of the errors that Node, OpenSSL, zlib and undici throw. */
const foreign: readonly (readonly [ErrorCode, RegExp])[] = [
  ['timeout', /^(TimeoutError|ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/],
  ['closed', /^(AbortError|UND_ERR_(CLOSED|DESTROYED))$/],
  ['connect', /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EPIPE|ENOENT|EACCES|EADDRNOTAVAIL|UND_ERR_SOCKET)$/],
  ['connect', /^E(HOST|NET)(UNREACH|DOWN)$/],
  ['tls', /^(ERR_SSL|ERR_TLS|UNABLE_TO_)|CERT|CRL|HOSTNAME_MISMATCH/],
  ['too_large', /^UND_ERR_RES_EXCEEDED_MAX_SIZE$/],
  ['protocol', /^(HTTPParserError|HPE_|UND_ERR_RES|UND_ERR_HEADERS_OVERFLOW|Z_(DATA|BUF)_ERROR)/],
];

/** The code for anything that was thrown: its own, or that of the nearest cause which has one. */
export function codeOf(error: unknown): ErrorCode {
  for (let e = error, depth = 0; e instanceof Error && depth < 8; e = e.cause, depth++) {
    if (e instanceof SourceError) return e.code;
    const words = [e.name, 'code' in e ? String(e.code) : ''];
    const known = foreign.find(([, pattern]) => words.some((word) => pattern.test(word)));
    if (known) return known[0];
  }
  return 'internal';
}

/** One line for a person: the message, and the messages of its causes where they add something. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let e: unknown = error, depth = 0; e !== undefined && e !== null && depth < 4; depth++) {
    const message = e instanceof Error ? e.message || e.name : String(e);
    if (!parts.some((part) => part.includes(message))) parts.push(message);
    e = e instanceof Error ? e.cause : undefined;
  }
  return parts.join(': ').replaceAll(/\s*\n\s*/g, ' ');
}
