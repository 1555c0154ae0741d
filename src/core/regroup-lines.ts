import { isUtf8 } from 'node:buffer';
import { SourceError } from './errors.ts';
import type { FamilyText } from './family-text.ts';
import type { TextFamilies } from './regroup-family.ts';
import { parseSample, type TextSample } from './regroup-sample.ts';
import { LabelScanner, scanName, scanNumber } from './regroup-scan.ts';
import { MAX_LINE_BYTES } from './regroup-split.ts';

/** After so many broken lines, and fewer samples, there is no use in reading on. */
const GIVE_UP_AFTER = 100;

const SPACE = 0x20;
const OPEN = 0x7b;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const byteOrderMark = Buffer.from('\ufeff');

/** Byte by byte, which for so few is faster than a call. There is a line feed. */
function skipLine(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] !== LINE_FEED) at++;
  return at + 1;
}

/** Puts the lines of one text into their families. */
export class LineGrouper {
  series = 0;
  repeats = 0;
  skipped = 0;
  readonly #families: TextFamilies;
  readonly #labels: readonly (readonly [name: string, rendered: string])[];
  readonly #scanner: LabelScanner;
  readonly #closeBare: DataView;
  readonly #closeLabelled: DataView;
  /** The lines being read, for those who read four bytes at a time. */
  #view = viewOf(Buffer.alloc(0));
  /** Samples come in runs of one name: the last one's name and family are at hand. */
  #name = Buffer.alloc(0);
  #family: FamilyText | undefined;
  #lines = 0;
  #samples = 0;
  #firstBroken: string | undefined;

  /** @param labels names and values, escaped, of the labels to add */
  constructor(families: TextFamilies, labels: ReadonlyMap<string, string>) {
    this.#families = families;
    this.#labels = [...labels].map(([name, value]) => [name, `${name}="${value}"`]);
    this.#scanner = new LabelScanner(['__name__', ...labels.keys()]);
    const rendered = this.#labels.map(([, text]) => text).join(',');
    this.#closeBare = viewOf(Buffer.from(rendered && `{${rendered}}`));
    this.#closeLabelled = viewOf(Buffer.from(rendered ? `,${rendered}}` : '}'));
  }

  /** Reads whole lines; the last byte is a line feed. */
  read(lines: Buffer): void {
    // Prometheus refuses a whole page for one byte that is not UTF-8.
    const text = isUtf8(lines) ? lines : Buffer.from(lines.toString('utf8'));
    this.#view = viewOf(text);
    let at = this.#lines === 0 && text.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
    while (at < text.length) {
      this.#lines++;
      const next = this.#readPlain(text, at);
      at = next < 0 ? this.#readAny(text, at) : next;
    }
  }

  /** Ends the text. @throws SourceError when it was none */
  end(): void {
    if (this.skipped > this.#samples) this.#giveUp();
  }

  /** Reads a sample in its usual spelling. Returns where the next line starts, -1 if it is not that. */
  #readPlain(bytes: Buffer, start: number): number {
    const nameEnd = this.#readName(bytes, start);
    if (nameEnd < 0) return -1;
    if (!this.#family) {
      // Of four hundred families that Ceph has, most are not kept: what their lines say beyond the name is all the same.
      this.#samples++;
      return skipLine(bytes, nameEnd);
    }
    const labelled = bytes[nameEnd] === OPEN;
    const seriesEnd = labelled ? this.#scanner.scan(bytes, nameEnd + 1) : nameEnd;
    if (seriesEnd < 0) return -1;
    const valueStart = labelled ? seriesEnd + 2 : seriesEnd + 1;
    if (bytes[valueStart - 1] !== SPACE) return -1;
    const valueEnd = scanNumber(bytes, valueStart);
    if (valueEnd < 0) return -1;
    const lineEnd = bytes[valueEnd] === CARRIAGE_RETURN ? valueEnd + 1 : valueEnd;
    if (bytes[lineEnd] !== LINE_FEED || lineEnd - start > MAX_LINE_BYTES) return -1;
    const close = labelled ? this.#closeLabelled : this.#closeBare;
    this.#samples++;
    this.#count(this.#family.addBytes(this.#view, start, seriesEnd, close, valueStart, valueEnd));
    return lineEnd + 1;
  }

  /** Where the name ends, -1 if there is none; makes its family the current one. */
  #readName(bytes: Buffer, start: number): number {
    const name = this.#name;
    let i = 0;
    while (i < name.length && bytes[start + i] === name[i]) i++;
    const end = start + i;
    if (i === name.length && i > 0 && (bytes[end] === OPEN || bytes[end] === SPACE)) return end;
    const otherEnd = scanName(bytes, start);
    if (otherEnd < 0 || (bytes[otherEnd] !== OPEN && bytes[otherEnd] !== SPACE)) return -1;
    this.#name = Buffer.from(bytes.subarray(start, otherEnd));
    this.#family = this.#families.of(bytes.toString('latin1', start, otherEnd));
    return otherEnd;
  }

  /** Reads a line of any kind. Returns where the next one starts. */
  #readAny(bytes: Buffer, start: number): number {
    const end = bytes.indexOf(LINE_FEED, start);
    const tooLong = end - start > MAX_LINE_BYTES;
    const line = bytes.toString('utf8', start, tooLong ? start + 200 : end).trim();
    if (tooLong) this.#skip(line);
    else if (line.startsWith('#')) this.#families.declare(line);
    else if (line !== '') this.#readSample(line);
    return end + 1;
  }

  #readSample(line: string): void {
    const sample = parseSample(line);
    if (!sample) {
      this.#skip(line);
      return;
    }
    this.#samples++;
    const family = this.#families.of(sample.name);
    if (family) this.#count(family.add(this.#renderSeries(sample), sample.value));
  }

  #renderSeries({ name, labels }: TextSample): string {
    const own = Array.from(labels, ([label, value]) => `${label}="${value}"`);
    const added = this.#labels.filter(([label]) => !labels.has(label)).map(([, text]) => text);
    const all = [...own, ...added].join(',');
    return all === '' ? name : `${name}{${all}}`;
  }

  #count(isNew: boolean): void {
    if (isNew) this.series++;
    else this.repeats++;
  }

  #skip(line: string): void {
    this.skipped++;
    this.#firstBroken ??= `line ${this.#lines} is no sample: ${JSON.stringify(line.slice(0, 80))}`;
    if (this.skipped > GIVE_UP_AFTER && this.skipped > this.#samples) this.#giveUp();
  }

  #giveUp(): never {
    throw new SourceError('protocol', `not the text of metrics; ${this.#firstBroken}`);
  }
}

const viewOf = ({ buffer, byteOffset, length }: Buffer): DataView => new DataView(buffer, byteOffset, length);
