import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';

/** A configuration that cannot be used; the message has one line per problem: `FILE:line:column: path: message`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Parses YAML and validates it against a schema. Throws a ConfigError that names every problem, not only the first. */
export function parseConfig<S extends z.ZodType>(schema: S, text: string, file: string): z.output<S> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new ConfigError(document.errors.map((error) => `${at(error.pos[0])}: ${firstLine(error.message)}`));
  }
  const parsed = schema.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .flatMap(explain)
    .map((problem) => ({ ...problem, offset: offsetOf(document.contents, problem) }))
    .sort((a, b) => a.offset - b.offset);
  throw new ConfigError(
    problems.map(({ message, offset, path }) =>
      [at(offset), ...(path.length > 0 ? [path.join('.')] : []), message].join(': '),
    ),
  );
}

interface Problem {
  readonly path: readonly string[];
  readonly message: string;
  /** Whether the key itself is wrong, not its value. */
  readonly atKey?: boolean;
}

/** Zod reports unknown keys as one issue of the mapping, and a union's failures as one issue of the value. */
function explain(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], message: 'unknown key', atKey: true }));
  }
  if (issue.code === 'invalid_union') {
    const deepest = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
    if (deepest && deepest.path.length > 0) return explain({ ...deepest, path: [...path, ...deepest.path] });
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return [{ path, message: 'missing' }];
  return [{ path, message: firstLine(issue.message) }];
}

/** Where the node of a path begins; for a key that is missing, its nearest ancestor. */
function offsetOf(root: Node | null, { atKey = false, path }: Problem): number {
  let offset = root?.range?.[0] ?? 0;
  let node: unknown = root;
  for (const [depth, step] of path.entries()) {
    const { key, value } = stepInto(node, step);
    if (key && depth === path.length - 1) return blame(key, value, atKey) ?? offset;
    if (!isNode(value)) return offset;
    offset = (isNode(key) ? key : value).range?.[0] ?? offset;
    node = value;
  }
  return offset;
}

/** The value of a mapping's key, with the key, or a list's item. */
function stepInto(node: unknown, step: string): { readonly key?: unknown; readonly value?: unknown } {
  if (isSeq(node)) return { value: node.get(Number(step), true) };
  return isMap(node) ? (node.items.find(({ key }) => String(key) === step) ?? {}) : {};
}

/** A scalar is blamed itself; a mapping or list is blamed at its key, which is what a reader looks for. */
function blame(key: unknown, value: unknown, atKey: boolean): number | undefined {
  const blamed = atKey || !isScalar(value) ? key : value;
  return isNode(blamed) ? blamed.range?.[0] : undefined;
}

const firstLine = (text: string): string => text.split('\n', 1)[0] as string;
