/**
 * A strict reader of the Prometheus text format, written for the tests and from the format's description only.
 * It refuses what Prometheus or promtool would refuse: bad escapes, a family in two places, a repeated series.
 */
export interface OracleFamily {
  type: string;
  help: string;
  /** By series: the name and the sorted labels with their plain values, as JSON. */
  samples: Map<string, string>;
}

export const seriesKey = (name: string, labels: Readonly<Record<string, string>>): string =>
  JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);

export function readText(text: string): Map<string, OracleFamily> {
  const families = new Map<string, OracleFamily>();
  if (text !== '' && !text.endsWith('\n')) throw new Error('no line feed at the end');
  let current = '';
  for (const line of text.split('\n').slice(0, -1)) {
    const [hash, keyword, name = ''] = line.split(' ');
    if (hash !== '#') {
      addSample(families.get(current), current, line);
      continue;
    }
    const rest = line.slice(`# ${keyword} ${name} `.length);
    if (keyword === 'HELP') {
      if (families.has(name)) throw new Error(`family ${name} in two places`);
      current = name;
      families.set(name, { type: '', help: plainText(rest, '\\n'), samples: new Map() });
    } else if (keyword === 'TYPE' && name === current) (families.get(name) as OracleFamily).type = rest;
    else throw new Error(`unexpected comment: ${line}`);
  }
  return families;
}

function addSample(family: OracleFamily | undefined, familyName: string, line: string): void {
  if (!family || family.type === '') throw new Error(`sample without a header: ${line}`);
  const { name, labels, value } = readSample(line);
  const suffixes: Record<string, string[]> = {
    histogram: ['', '_bucket', '_sum', '_count'],
    summary: ['', '_sum', '_count'],
  };
  if (!(suffixes[family.type] ?? ['']).some((suffix) => name === familyName + suffix))
    throw new Error(`${name} does not belong to ${familyName}`);
  const key = seriesKey(name, labels);
  if (family.samples.has(key)) throw new Error(`repeated series: ${line}`);
  family.samples.set(key, value);
}

function readSample(line: string): { name: string; labels: Record<string, string>; value: string } {
  const [, name, inside, value] = /^([\w:]+)(?:\{(.*)\})? ([^ {}]+)$/s.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`not a sample: ${line}`);
  if (!/^(NaN|[+-]Inf|[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)$/.test(value)) throw new Error(`not a value: ${line}`);
  return { name, labels: inside === undefined ? {} : readLabels(inside), value };
}

function readLabels(inside: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let at = 0;
  do {
    const equals = inside.indexOf('="', at);
    const label = inside.slice(at, equals);
    let end = equals + 2;
    while (end < inside.length && inside.charAt(end) !== '"') end += inside.charAt(end) === '\\' ? 2 : 1;
    if (equals < 0 || end >= inside.length || !/^[a-zA-Z_]\w*$/.test(label) || Object.hasOwn(labels, label))
      throw new Error(`column ${at} of the labels: ${inside}`);
    labels[label] = plainText(inside.slice(equals + 2, end), '\\n"');
    at = end + 2;
    if (at <= inside.length && inside.charAt(at - 1) !== ',') throw new Error(`column ${at} of the labels: ${inside}`);
  } while (at <= inside.length);
  return labels;
}

function plainText(text: string, allowed: string): string {
  let plain = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char !== '\\') plain += char;
    else {
      const next = text.charAt(++i);
      if (next === '' || !allowed.includes(next)) throw new Error(`bad escape \\${next}: ${text}`);
      plain += next === 'n' ? '\n' : next;
    }
  }
  return plain;
}
