/** One sample of a page, with its labels unescaped. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A page in the Prometheus text format, read strictly: what Prometheus would take amiss throws here. */
export class Page {
  readonly text: string;
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];

  constructor(text: string) {
    this.text = text;
    const types = new Map<string, string>();
    const samples: Sample[] = [];
    const seen = new Set<string>();
    if (text !== '' && !text.endsWith('\n')) throw new Error(`the page is cut off: …${text.slice(-80)}`);
    for (const line of text.split('\n')) {
      if (line === '' || line.startsWith('# HELP ')) continue;
      if (line.startsWith('# TYPE ')) {
        const [, , name = '', type = ''] = line.split(' ');
        if (types.has(name)) throw new Error(`the family ${name} stands in two places`);
        types.set(name, type);
        continue;
      }
      const sample = readSample(line);
      const series = seriesOf(sample);
      if (seen.has(series)) throw new Error(`repeated series ${series}`);
      seen.add(series);
      samples.push(sample);
    }
    this.types = types;
    this.samples = samples;
  }

  /** The samples of a family, those that have at least these labels. */
  find(name: string, labels: Readonly<Record<string, string>> = {}): readonly Sample[] {
    const wanted = Object.entries(labels);
    return this.samples.filter(
      (sample) => sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value),
    );
  }

  /** The value of the only sample with these labels; undefined where there is none. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const found = this.find(name, labels);
    if (found.length > 1) throw new Error(`${name} ${JSON.stringify(labels)}: ${found.length} samples`);
    return found[0]?.value;
  }

  /** The different values of a label, sorted. */
  labelValues(name: string, label: string, labels: Readonly<Record<string, string>> = {}): readonly string[] {
    return [...new Set(this.find(name, labels).map((sample) => sample.labels[label] ?? ''))].sort();
  }
}

/** `name{label="value",…}` with the labels in order, to compare series of two pages. */
export function seriesOf({ labels, name }: Sample): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${sorted.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`;
}

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const labelPair = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/y;

function readSample(line: string): Sample {
  const [, name, labelText = '', valueText = ''] = sampleLine.exec(line) ?? [];
  const value = Number(valueText.replace('+Inf', 'Infinity').replace('-Inf', '-Infinity'));
  if (name === undefined || (Number.isNaN(value) && !/^nan$/i.test(valueText)))
    throw new Error(`not a sample: ${line}`);
  const labels: Record<string, string> = {};
  labelPair.lastIndex = 0;
  while (labelPair.lastIndex < labelText.length) {
    const [, label = '', raw = ''] = labelPair.exec(labelText) ?? [];
    if (label === '' || label in labels) throw new Error(`not a list of labels: ${line}`);
    labels[label] = raw.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
  }
  return { name, labels, value };
}
