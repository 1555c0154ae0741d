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
  let at = 0;
  const takeWhile = (test: RegExp) => {
    const start = at;
    while (at < line.length && test.test(line.charAt(at))) at++;
    if (at === start) throw new Error(`column ${at}: ${line}`);
    return line.slice(start, at);
  };
  const take = (char: string) => {
    if (line.charAt(at++) !== char) throw new Error(`column ${at}, not ${char}: ${line}`);
  };
  const name = takeWhile(/[\w:]/);
  const labels: Record<string, string> = {};
  if (line.charAt(at) === '{') {
    do {
      at++;
      const label = takeWhile(/\w/);
      take('=');
      take('"');
      let raw = '';
      for (; line.charAt(at) !== '"'; at++) {
        if (at >= line.length) throw new Error(`open value: ${line}`);
        raw += line.charAt(at);
        if (line.charAt(at) === '\\') raw += line.charAt(++at);
      }
      at++;
      if (Object.hasOwn(labels, label)) throw new Error(`label ${label} twice: ${line}`);
      labels[label] = plainText(raw, '\\n"');
    } while (line.charAt(at) === ',');
    take('}');
  }
  take(' ');
  const value = line.slice(at);
  if (!/^(NaN|[+-]Inf|[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)$/.test(value)) throw new Error(`not a value: ${line}`);
  return { name, labels, value };
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
