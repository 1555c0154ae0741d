import { SourceError } from './errors.ts';
import { escapeLabelValue } from './family-text.ts';
import { createPacer } from './pace.ts';
import { TextFamilies } from './regroup-family.ts';
import { LineGrouper } from './regroup-lines.ts';
import { LineSplitter } from './regroup-split.ts';
import type { Stage } from './snapshot.ts';

export interface RegroupOptions {
  /** Where the text goes: `family` of the collector's input. */
  readonly family: Stage['family'];
  /** Added to every sample. A sample that has a label of that name already keeps its own and does not get ours. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Families for which this is false are left out. Asked once per family, with the name that it will be shown under. */
  readonly keep?: (family: string) => boolean;
  /** Bound of the whole text. */
  readonly maxBytes: number;
}

export interface RegroupResult {
  readonly families: number;
  /** Series that were added. */
  readonly series: number;
  /** Samples left out because their series was there already; LXD 5.0.2 prints every sample twice. */
  readonly repeats: number;
  /** Lines left out because they are no samples. */
  readonly skipped: number;
}

const PIECE_BYTES = 64 * 1024;

/**
 * Sorts the text that a server answers in the Prometheus or the OpenMetrics text format into families, adds labels, and
 * shows every series once; timestamps and exemplars are left out. It is tolerant, because real servers are not strict:
 * families may come in any order and in several places, HELP and TYPE may be repeated or absent, label values may be
 * unescaped, and a single broken line is skipped and counted. The text is never turned into objects.
 * @throws SourceError `too_large`, or `protocol` when broken lines outnumber the samples: HTML, JSON or binary data.
 *   What the stream itself throws is passed on.
 */
export async function regroupText(
  body: AsyncIterable<Uint8Array> | Uint8Array | string,
  options: RegroupOptions,
): Promise<RegroupResult> {
  const { family, keep = () => true, labels = {}, maxBytes } = options;
  const families = new TextFamilies(family, keep);
  const grouper = new LineGrouper(families, escapeLabels(labels));
  const splitter = new LineSplitter();
  const pace = createPacer();
  let bytes = 0;
  for await (const chunk of typeof body === 'string' || body instanceof Uint8Array ? [body] : body) {
    for (const piece of cut(chunk)) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new SourceError('too_large', `the text is larger than ${maxBytes} bytes`);
      for (const lines of splitter.push(piece)) grouper.read(lines);
      await pace();
    }
  }
  for (const lines of splitter.end()) grouper.read(lines);
  grouper.end();
  const { repeats, series, skipped } = grouper;
  return { families: families.size, series, repeats, skipped };
}

/** A label whose value is empty is not added: to Prometheus it is the same as none. */
const escapeLabels = (labels: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(labels).flatMap(([name, value]) => (value === '' ? [] : [[name, escapeLabelValue(value)]])));

function* cut(chunk: Uint8Array | string): Generator<Buffer> {
  for (let at = 0, end = 0; at < chunk.length; at = end) {
    end = at + PIECE_BYTES;
    if (typeof chunk === 'string') {
      // Not between the two halves of a surrogate pair.
      if (/[\ud800-\udbff]/.test(chunk.charAt(end - 1))) end--;
      yield Buffer.from(chunk.slice(at, end));
    } else yield Buffer.from(chunk.buffer, chunk.byteOffset + at, Math.min(PIECE_BYTES, chunk.length - at));
  }
}
