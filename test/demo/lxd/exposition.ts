export interface Family {
  readonly type: string;
  readonly help: string;
  /** Value by name and labels, as they stand in the text. */
  readonly samples: ReadonlyMap<string, number>;
}

/**
 * Reads the text format of Prometheus as strictly as it is meant: HELP, then TYPE, then the samples of that family, every
 * series once, and `# EOF` at the end.
 * @throws for any line that does not fit
 */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.pop() !== '# EOF') throw new Error('the end is not "# EOF" and a line feed');
  const families = new Map<string, OpenFamily>();
  let name = '';
  for (const line of lines) {
    const header = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (header) name = addHeader(families, header, name);
    else addSample(families.get(name), name, line);
  }
  return families;
}

interface OpenFamily extends Family {
  type: string;
  readonly samples: Map<string, number>;
}

function addHeader(families: Map<string, OpenFamily>, header: readonly string[], before: string): string {
  const [line, kind, name = '', text = ''] = header;
  const family = families.get(name);
  if (kind === 'HELP') {
    if (family) throw new Error(`a second time: ${line}`);
    families.set(name, { type: '', help: text, samples: new Map() });
  } else {
    if (!family || name !== before || family.type !== '') throw new Error(`out of place: ${line}`);
    family.type = text;
  }
  return name;
}

const LINE = /^(([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{[a-z_]+="[^"\\\n]*"(?:,[a-z_]+="[^"\\\n]*")*\})?) (\S+)$/;

function addSample(family: OpenFamily | undefined, name: string, line: string): void {
  const [, series = '', own, value] = LINE.exec(line) ?? [];
  if (!family || family.type === '' || own !== name) throw new Error(`not a sample of ${name}: ${line}`);
  if (Number.isNaN(Number(value))) throw new Error(`not a number: ${line}`);
  if (family.samples.has(series)) throw new Error(`twice: ${series}`);
  family.samples.set(series, Number(value));
}
