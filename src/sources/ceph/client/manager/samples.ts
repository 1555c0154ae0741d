import { isAscii } from 'node:buffer';
import { createPacer } from '../../../../core/pace.ts';
import { nameEnd, wantedSections } from './sections.ts';

/** One line of a metrics page. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of the families that were asked for, by name. A family that the page lacks is missing here. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

/** After so many lines others may get their turn: a large cluster's page takes a good part of a second. */
const LINES_PER_TURN = 1024;

const LF = 10;
const SPACE = 32;
const HASH = 35;
const BRACE = 123;
const POINT = 46;
const DIGIT_0 = 48;

type Labels = Sample['labels'];

/**
 * Reads the samples of some families from a metrics page in the Prometheus text format, and jumps over all else. Comments are ignored, because a manager repeats them and
 * gives wrong types, and so is a line that cannot be understood. A family may come in pieces.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 */
export async function parseSamples(page: Buffer, isWanted: (family: string) => boolean): Promise<Samples> {
  const pace = createPacer();
  const reader = new PageReader(page, isWanted);
  for (const section of wantedSections(page, isWanted)) {
    for (let at = section.start; at < section.end; ) {
      at = reader.readLines(at, section.end, LINES_PER_TURN);
      await pace();
    }
  }
  return reader.families;
}

/** Labels that were read once, where they stand in the page, and which ones came after them the last time. */
interface KnownLabels {
  readonly start: number;
  readonly length: number;
  readonly labels: Labels;
  next?: KnownLabels;
}

class PageReader {
  readonly families = new Map<string, Sample[]>();
  readonly #page: Buffer;
  readonly #isWanted: (family: string) => boolean;
  /** As a rule a page is ASCII, and bytes become text at half the price. */
  readonly #encoding: 'latin1' | 'utf8';
  /** Lines of one family follow each other, as a rule: the last one's name and samples are at hand. */
  #name: Uint8Array = new Uint8Array(0);
  #into: Sample[] | undefined;
  /** The same labels stand in many families of a page, in the same order: they are taken apart once, and then compared. */
  readonly #known = new Map<string, KnownLabels>();
  #last: KnownLabels = { start: 0, length: 0, labels: {} };

  constructor(page: Buffer, isWanted: (family: string) => boolean) {
    this.#page = page;
    this.#isWanted = isWanted;
    this.#encoding = isAscii(page) ? 'latin1' : 'utf8';
  }

  /** Reads at most so many lines. Returns where the next one starts. */
  readLines(from: number, to: number, count: number): number {
    const page = this.#page;
    let start = from;
    for (let lines = 0; lines < count && start < to; lines++) {
      const first = page[start];
      start = 1 + (first === HASH || first === LF ? lineEnd(page, start) : this.#readSample(start));
    }
    return start;
  }

  /** Returns where the line ends. */
  #readSample(start: number): number {
    const page = this.#page;
    if (!isOf(this.#name, page, start)) this.#open(page.subarray(start, nameEnd(page, start)));
    const labelsStart = start + this.#name.length;
    if (!this.#into) return lineEnd(page, labelsStart);
    const expected = this.#last.next;
    const isExpected = expected && isRepeated(page, expected, labelsStart);
    const valueStart = isExpected ? labelsStart + expected.length + 1 : labelsStart;
    const end = lineEnd(page, valueStart);
    const value = isExpected ? readPlainNumber(page, valueStart, end) : Number.NaN;
    if (isExpected && !Number.isNaN(value)) {
      this.#into.push({ labels: expected.labels, value });
      this.#last = expected;
    } else this.#readText(labelsStart, end);
    return end;
  }

  /** What follows the name: `{label="value",…} value timestamp`, with the labels and the timestamp left out at will. */
  #readText(start: number, end: number): void {
    const text = this.#page.toString(this.#encoding, start, end);
    const valueStart = text.lastIndexOf('}') + 1;
    const value = parseValue(text.slice(valueStart).trim());
    const labels = valueStart === 0 ? noLabels : this.#readLabels(text.slice(0, valueStart), start);
    if (labels && value !== undefined) this.#into?.push({ labels, value });
  }

  #readLabels(text: string, start: number): Labels | undefined {
    let known = this.#known.get(text);
    if (!known) {
      const labels = parseLabels(text);
      if (!labels) return undefined;
      known = { start, length: Buffer.byteLength(text, this.#encoding), labels };
      this.#known.set(text, known);
    }
    this.#last.next = known;
    this.#last = known;
    return known.labels;
  }

  #open(name: Buffer): void {
    const family = name.toString('latin1');
    this.#name = Uint8Array.from(name);
    this.#into = this.#isWanted(family) ? (this.families.get(family) ?? []) : undefined;
    if (this.#into) this.families.set(family, this.#into);
  }
}

// Bytes are looked at one by one: for so few that is faster than a call.

function lineEnd(page: Buffer, start: number): number {
  let at = start;
  while (at < page.length && page[at] !== LF) at++;
  return at;
}

function isOf(name: Uint8Array, page: Buffer, start: number): boolean {
  for (let i = 0; i < name.length; i++) if (page[start + i] !== name[i]) return false;
  const next = page[start + name.length];
  return name.length > 0 && (next === BRACE || next === SPACE);
}

/** Whether the same labels, and then a space, stand at `at`. */
function isRepeated(page: Buffer, { start, length }: KnownLabels, at: number): boolean {
  for (let i = 0; i < length; i++) if (page[start + i] !== page[at + i]) return false;
  return page[at + length] === SPACE;
}

/** A number of at most 15 digits, which a double holds exactly; NaN for anything else. */
function readPlainNumber(page: Buffer, start: number, end: number): number {
  let digits = 0;
  /** 0 before the point; then the power of ten to divide by. */
  let scale = 0;
  for (let at = start; at < end; at++) {
    const byte = page[at] as number;
    if (byte >= DIGIT_0 && byte <= DIGIT_0 + 9) {
      digits = digits * 10 + byte - DIGIT_0;
      scale *= 10;
    } else if (byte === POINT && scale === 0 && at > start) scale = 1;
    else return Number.NaN;
  }
  if (end === start || end - start > 16) return Number.NaN;
  return scale > 1 ? digits / scale : digits;
}

const noLabels: Labels = {};

function parseValue(text: string): number | undefined {
  const space = text.indexOf(' ');
  const value = space < 0 ? text : text.slice(0, space);
  if (value === '' || value === 'NaN') return value === '' ? undefined : Number.NaN;
  const number = Number(value);
  if (!Number.isNaN(number)) return number;
  return /^[+-]?Inf$/.test(value) ? Number(`${value}inity`) : undefined;
}

/** `{label="value",…}`; undefined when it is not well formed. */
function parseLabels(text: string): Labels | undefined {
  const labels: Record<string, string> = {};
  let at = 1;
  while (text[at] !== '}') {
    const equals = text.indexOf('="', at);
    const close = equals < 0 ? -1 : closingQuote(text, equals + 2);
    if (close < 0) return undefined;
    labels[text.slice(at, equals).trim()] = unescapeValue(text.slice(equals + 2, close));
    at = close + 1;
    if (text[at] === ',') at++;
  }
  return text.startsWith('{') && at === text.length - 1 ? labels : undefined;
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

const unescapeValue = (value: string): string =>
  value.includes('\\') ? value.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped)) : value;
