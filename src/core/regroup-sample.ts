import { escapeLabelValue } from './family-text.ts';

/** A sample line, taken apart. Label values are escaped as the text format wants them. */
export interface TextSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: string;
}

const startOfSample = /^[ \t]*([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]*(\{?)/;
const pair = String.raw`[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"([^"\\]*(?:\\["\\n][^"\\]*)*)"[ \t]*`;
const labelPair = new RegExp(`${pair}(,?)`, 'y');
const endOfLabels = /[ \t]*\}/y;
const valueAndTime = /^[ \t]*([^ \t#{}]+)(?:[ \t]+[-+0-9.eE]+)?[ \t]*(#.*)?$/s;
const exemplar = new RegExp(String.raw`^#[ \t]*\{(?:${pair}(?:,|(?=\})))*[ \t]*\}[ \t]*[^ \t]+(?:[ \t]+[^ \t]+)?$`);
const decimal = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;
const infinity = /^([-+]?)inf(?:inity)?$/i;
const notANumber = /^[-+]?nan$/i;

/**
 * Takes a line apart: first as the formats say, and if it cannot be that, as LXD writes it: label values as they are,
 * with their quotes, backslashes, commas and braces. Then `",name="` ends a value, and so does the last `"}` before a
 * number. A timestamp or exemplar is left out. Undefined for a line that is no sample, and for a label that occurs twice.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 * https://prometheus.io/docs/specs/om/open_metrics_spec/#text-format
 */
export function parseSample(line: string): TextSample | undefined {
  const start = startOfSample.exec(line);
  if (!start) return undefined;
  const [{ length }, name, brace] = start as unknown as [string, string, string];
  if (brace === '') {
    const value = /[ \t]$/.test(start[0]) ? parseValue(line.slice(length)) : undefined;
    return value === undefined ? undefined : { name, labels: new Map(), value };
  }
  const found = parseEscaped(line, length) ?? parseRaw(line, length);
  return found && { name, ...found };
}

type Rest = Omit<TextSample, 'name'>;

function parseEscaped(line: string, from: number): Rest | undefined {
  const labels = new Map<string, string>();
  let at = from;
  for (let more = true; more; ) {
    labelPair.lastIndex = at;
    const pair = labelPair.exec(line) as unknown as [string, string, string, string] | null;
    if (!pair) break;
    const [{ length }, name, value, comma] = pair;
    if (!addLabel(labels, name, value)) return undefined;
    at += length;
    more = comma !== '';
  }
  endOfLabels.lastIndex = at;
  if (!endOfLabels.test(line)) return undefined;
  const value = parseValue(line.slice(endOfLabels.lastIndex));
  return value === undefined ? undefined : { labels, value };
}

function parseRaw(line: string, from: number): Rest | undefined {
  const close = line.lastIndexOf('}');
  const value = close < from ? undefined : parseValue(line.slice(close + 1));
  const inside = /^([a-zA-Z_][a-zA-Z0-9_]*)="(.*)"$/s.exec(line.slice(from, Math.max(from, close)));
  if (value === undefined || !inside) return undefined;
  const [first = '', ...others] = (inside[2] as string).split(/",([a-zA-Z_][a-zA-Z0-9_]*)="/);
  const labels = new Map<string, string>();
  let valid = addLabel(labels, inside[1] as string, escapeLabelValue(first));
  for (let i = 0; i < others.length; i += 2) {
    valid &&= addLabel(labels, others[i] as string, escapeLabelValue(others[i + 1] as string));
  }
  if (!valid) return undefined;
  return { labels, value };
}

function addLabel(labels: Map<string, string>, name: string, value: string): boolean {
  if (labels.has(name) || name === '__name__') return false;
  labels.set(name, value);
  return true;
}

/** The value of a sample as Prometheus reads it, given all that follows the labels. */
function parseValue(rest: string): string | undefined {
  const [, value = '', tail] = valueAndTime.exec(rest) ?? [];
  if (tail !== undefined && !exemplar.test(tail.trimEnd())) return undefined;
  // Go's ParseFloat, which reads the page, refuses what is out of range.
  if (decimal.test(value)) return Number.isFinite(Number(value)) ? value : undefined;
  if (notANumber.test(value)) return 'NaN';
  const sign = infinity.exec(value)?.[1];
  return sign === undefined ? undefined : `${sign || '+'}Inf`;
}
