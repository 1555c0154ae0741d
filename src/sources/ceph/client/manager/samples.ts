import { isAscii } from 'node:buffer';
import { createPacer } from '../../../../core/pace.ts';

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

/**
 * Reads the samples of some families from a metrics page in the Prometheus text format, and jumps over all else: of
 * the 465 families of a manager only some sixty are wanted. Comments are ignored, because a manager repeats them and
 * gives wrong types, and so is a line that cannot be understood. A family may come in pieces.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 */
export async function parseSamples(page: Buffer, isWanted: (family: string) => boolean): Promise<Samples> {
  const pace = createPacer();
  const reader = new PageReader(page, isWanted);
  while (reader.readLines(LINES_PER_TURN)) await pace();
  return reader.families;
}

class PageReader {
  readonly families = new Map<string, Sample[]>();
  readonly #page: Buffer;
  readonly #isWanted: (family: string) => boolean;
  readonly #readLabels = createLabelReader();
  /** As a rule a page is ASCII, and bytes become text at half the price. */
  readonly #encoding: 'latin1' | 'utf8';
  #at = 0;
  /** Lines of one family follow each other, as a rule: the last one's name and samples are at hand. */
  #name: Uint8Array = new Uint8Array(0);
  #into: Sample[] | undefined;

  constructor(page: Buffer, isWanted: (family: string) => boolean) {
    this.#page = page;
    this.#isWanted = isWanted;
    this.#encoding = isAscii(page) ? 'latin1' : 'utf8';
  }

  /** Returns whether there are more. */
  readLines(count: number): boolean {
    const page = this.#page;
    let start = this.#at;
    for (let lines = 0; lines < count && start < page.length; lines++) {
      const first = page[start];
      start = 1 + (first === HASH || first === LF ? lineEnd(page, start) : this.#readSample(start));
    }
    this.#at = start;
    return start < page.length;
  }

  /** Returns where the line ends. */
  #readSample(start: number): number {
    const page = this.#page;
    if (!isOf(this.#name, page, start)) this.#open(page.subarray(start, nameEnd(page, start)));
    const nameLength = this.#name.length;
    const end = lineEnd(page, start + nameLength);
    if (!this.#into) return end;
    const sample = parseRest(page.toString(this.#encoding, start + nameLength, end), this.#readLabels);
    if (sample) this.#into.push(sample);
    return end;
  }

  #open(name: Buffer): void {
    const family = name.toString('latin1');
    this.#name = Uint8Array.from(name);
    this.#into = this.#isWanted(family) ? (this.families.get(family) ?? []) : undefined;
    if (this.#into) this.families.set(family, this.#into);
  }
}

// Bytes are looked at one by one: most lines are short, and not wanted.

function lineEnd(page: Buffer, start: number): number {
  let at = start;
  while (at < page.length && page[at] !== LF) at++;
  return at;
}

function nameEnd(page: Buffer, start: number): number {
  let at = start;
  while (at < page.length && page[at] !== BRACE && page[at] !== SPACE && page[at] !== LF) at++;
  return at;
}

function isOf(name: Uint8Array, page: Buffer, start: number): boolean {
  for (let i = 0; i < name.length; i++) if (page[start + i] !== name[i]) return false;
  const next = page[start + name.length];
  return name.length > 0 && (next === BRACE || next === SPACE);
}

type Labels = Sample['labels'];
const noLabels: Labels = {};

/** What follows the name: `{label="value",…} value timestamp`, with the labels and the timestamp left out at will. */
function parseRest(rest: string, readLabels: (text: string) => Labels | undefined): Sample | undefined {
  const valueStart = rest.lastIndexOf('}') + 1;
  const labels = valueStart === 0 ? noLabels : readLabels(rest.slice(0, valueStart));
  const value = parseValue(rest.slice(valueStart).trim());
  return labels && value !== undefined ? { labels, value } : undefined;
}

function parseValue(text: string): number | undefined {
  const space = text.indexOf(' ');
  const value = space < 0 ? text : text.slice(0, space);
  if (value === '' || value === 'NaN') return value === '' ? undefined : Number.NaN;
  const number = Number(value);
  if (!Number.isNaN(number)) return number;
  return /^[+-]?Inf$/.test(value) ? Number(`${value}inity`) : undefined;
}

/** The same labels stand in many families of a page: they are taken apart once. */
function createLabelReader(): (text: string) => Labels | undefined {
  const known = new Map<string, Labels>();
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const labels = parseLabels(text);
    if (labels) known.set(text, labels);
    return labels;
  };
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
