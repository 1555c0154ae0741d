import type { FamilyText } from './family-text.ts';
import type { MetricType } from './metric.ts';
import type { Stage } from './snapshot.ts';

const metadata = /^[ \t]*#[ \t]*(HELP|TYPE)[ \t]+([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]*(.*)$/s;

/** What the two formats call their types, and what the text format 0.0.4 calls them. */
const types = new Map<string | undefined, MetricType>([
  ['gauge', 'gauge'],
  ['counter', 'counter'],
  ['histogram', 'histogram'],
  ['gaugehistogram', 'histogram'],
  ['summary', 'summary'],
  ['info', 'gauge'],
  ['stateset', 'gauge'],
]);

/** Endings of sample names that belong to the family without the ending, by the type that the text declares. */
const partSuffixes = new Map<string | undefined, readonly string[]>([
  ['histogram', ['_bucket', '_sum', '_count']],
  ['gaugehistogram', ['_bucket']],
  ['summary', ['_sum', '_count']],
]);

/** Endings that OpenMetrics leaves out of the family's name, and the text format does not. */
const nameSuffixes = new Map<string | undefined, string>([
  ['counter', '_total'],
  ['info', '_info'],
]);

interface Declared {
  type: string | undefined;
  help: string | undefined;
}

const undeclared: Declared = { type: undefined, help: undefined };

/** The families of one text: what its comments declare, and to which of them a sample belongs. */
export class TextFamilies {
  readonly #open: Stage['family'];
  readonly #keep: (family: string) => boolean;
  readonly #declared = new Map<string, Declared>();
  readonly #bySample = new Map<string, FamilyText | undefined>();

  constructor(open: Stage['family'], keep: (family: string) => boolean) {
    this.#open = open;
    this.#keep = keep;
  }

  /** Reads a comment. The first HELP and the first TYPE of a family count; any other comment says nothing. */
  declare(comment: string): void {
    const [, keyword, name, text = ''] = metadata.exec(comment) ?? [];
    if (name === undefined) return;
    const family = this.#declared.get(name) ?? { ...undeclared };
    if (keyword === 'TYPE') family.type ??= text.trim().toLowerCase();
    else family.help ??= unescapeHelp(text.trimEnd());
    this.#declared.set(name, family);
  }

  /** The family that a sample of this name belongs to; undefined if it is not to be kept. */
  of(sampleName: string): FamilyText | undefined {
    if (this.#bySample.has(sampleName)) return this.#bySample.get(sampleName);
    const { name, declared } = this.#resolve(sampleName);
    const header = { name, type: types.get(declared.type) ?? 'untyped', help: declared.help ?? '' };
    const family = this.#keep(name) ? this.#open(header) : undefined;
    this.#bySample.set(sampleName, family);
    return family;
  }

  /** How many families have samples. */
  get size(): number {
    return new Set([...this.#bySample.values()].filter((family) => family && family.series > 0)).size;
  }

  #resolve(name: string): { name: string; declared: Declared } {
    const own = this.#declared.get(name);
    if (own) return { name, declared: own };
    const underscore = name.lastIndexOf('_');
    const [base, suffix] = [name.slice(0, underscore), name.slice(underscore)];
    const declared = this.#declared.get(base);
    if (declared && partSuffixes.get(declared.type)?.includes(suffix)) return { name: base, declared };
    if (declared && nameSuffixes.get(declared.type) === suffix) return { name, declared };
    return { name, declared: undeclared };
  }
}

/** The text format escapes backslash and line feed in a HELP, OpenMetrics the quote as well. */
const unescapeHelp = (text: string): string =>
  text.replaceAll(/\\([\\n"])/g, (_, char: string) => (char === 'n' ? '\n' : char));
