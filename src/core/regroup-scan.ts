/*
 * The fast way through a sample line, on bytes: it knows the one spelling that servers use in practice,
 * `name{a="x",b="y"} 1.5`, and answers -1 for everything else, which then goes the careful way of regroup-sample.ts.
 * Every scan ends at a line feed at the latest, and the caller has made sure that there is one: no bounds are checked.
 */

const DOT = 0x2e;
const COMMA = 0x2c;
const QUOTE = 0x22;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
const CLOSE = 0x7d;
const LINE_FEED = 0x0a;
const LOWER_E = 0x65;
const LOWER_N = 0x6e;
const PLUS = 0x2b;
const MINUS = 0x2d;

const NAME = 1;
const LABEL = 2;
const DIGIT = 4;

/** A line with more labels than this goes the careful way. */
const MAX_LABELS = 64;

const kinds = new Uint8Array(256);
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_') kinds[char.charCodeAt(0)] = NAME | LABEL;
for (const char of '0123456789') kinds[char.charCodeAt(0)] = NAME | LABEL | DIGIT;
kinds[':'.charCodeAt(0)] = NAME;

const isA = (kind: number, byte: number): boolean => ((kinds[byte] as number) & kind) !== 0;

/** The end of the metric name at `at`; -1 if there is none. */
export function scanName(bytes: Uint8Array, at: number): number {
  if (isA(DIGIT, bytes[at] as number)) return -1;
  let end = at;
  while (isA(NAME, bytes[end] as number)) end++;
  return end > at ? end : -1;
}

/** Finds the end of a line's labels. */
export class LabelScanner {
  /** A number per label name: first of the names that a line must not have, then of those it has. */
  readonly #keys: Int32Array;
  readonly #taken: number;

  /** @param taken names that the labels must not have */
  constructor(taken: readonly string[]) {
    const keys = taken.map((name) => Buffer.from(name).reduce(nextKey, 0));
    this.#keys = Int32Array.of(...keys, ...new Int32Array(MAX_LABELS));
    this.#taken = taken.length;
  }

  /**
   * Where the closing brace stands, given what follows the opening one; -1 if a name is taken or occurs twice. That two
   * names have one number costs time only: such a line goes the careful way.
   */
  scan(bytes: Uint8Array, from: number): number {
    let at = from;
    for (let count = this.#taken; count < this.#keys.length; count++) {
      at = this.#scanPair(bytes, at, count);
      if (at < 0 || bytes[at] === CLOSE) return at;
      if (bytes[at++] !== COMMA) return -1;
    }
    return -1;
  }

  /** What follows `name="value"`, the label after `count` others; -1 if that is not what stands there. */
  #scanPair(bytes: Uint8Array, from: number, count: number): number {
    const keys = this.#keys;
    let at = from;
    let byte = bytes[at] as number;
    if (!isA(LABEL, byte) || isA(DIGIT, byte)) return -1;
    let key = 0;
    for (; isA(LABEL, byte); byte = bytes[++at] as number) key = nextKey(key, byte);
    if (byte !== EQUALS || bytes[at + 1] !== QUOTE) return -1;
    for (let i = 0; i < count; i++) if (keys[i] === key) return -1;
    keys[count] = key;
    return scanQuoted(bytes, at + 2);
  }
}

const nextKey = (key: number, byte: number): number => (Math.imul(key, 31) + byte) | 0;

/** What follows the closing quote; -1 for an escape that the format does not know. */
function scanQuoted(bytes: Uint8Array, from: number): number {
  for (let at = from; ; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at + 1;
    if (byte === LINE_FEED) return -1;
    if (byte !== BACKSLASH) continue;
    const escaped = bytes[++at];
    if (escaped !== QUOTE && escaped !== BACKSLASH && escaped !== LOWER_N) return -1;
  }
}

/** The end of a decimal number that is surely within the range of a double; -1 for any other value. */
export function scanNumber(bytes: Uint8Array, from: number): number {
  let at = skipSign(bytes, from);
  const start = at;
  at = skipDigits(bytes, at);
  let digits = at - start;
  if (bytes[at] === DOT) {
    const fraction = ++at;
    at = skipDigits(bytes, at);
    digits += at - fraction;
  }
  if (digits === 0 || digits > 40) return -1;
  if (((bytes[at] as number) | 0x20) !== LOWER_E) return at;
  const exponent = skipSign(bytes, at + 1);
  at = skipDigits(bytes, exponent);
  return at > exponent && at <= exponent + 2 ? at : -1;
}

const skipSign = (bytes: Uint8Array, at: number): number => (bytes[at] === MINUS || bytes[at] === PLUS ? at + 1 : at);

function skipDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isA(DIGIT, bytes[at] as number)) at++;
  return at;
}
