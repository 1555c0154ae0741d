import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

interface Labels {
  /** That the result can have. */
  readonly labels: ReadonlySet<string>;
  /** What is wrong: syntax, families that do not exist, labels that what they stand for does not have. */
  readonly problems: readonly string[];
}

/** Follows the labels through an expression, from the selectors' families to its result. */
export function labelsOf(expression: string, families: ReadonlyMap<string, ReadonlySet<string>>): Labels {
  const problems: string[] = [];
  const text = (node: SyntaxNode) => expression.slice(node.from, node.to);
  const all = (node: SyntaxNode) => union(childrenOf(node).map(visit));

  const visit = (node: SyntaxNode): ReadonlySet<string> => {
    if (node.type.isError) problems.push(`syntax: "${expression.slice(node.from, node.from + 20)}" at ${node.from}`);
    if (node.name === 'VectorSelector') return selector(node);
    if (node.name === 'AggregateExpr') return aggregate(node);
    if (node.name === 'BinaryExpr') return binary(node);
    if (node.name === 'FunctionCall') return call(node);
    return all(node);
  };

  const selector = (node: SyntaxNode): ReadonlySet<string> => {
    const identifier = node.getChild('Identifier');
    const name = identifier ? text(identifier) : '';
    const known = families.get(name);
    all(node);
    const matched = namesIn(node.getChild('LabelMatchers'), text);
    if (!known) {
      problems.push(`there is no series ${name || text(node)}`);
      return new Set(matched);
    }
    for (const label of matched) if (!known.has(label)) problems.push(`${name} has no label ${label}`);
    return known;
  };

  const aggregate = (node: SyntaxNode): ReadonlySet<string> => {
    const modifier = node.getChild('AggregateModifier');
    const inner = all(node);
    const named = namesIn(modifier?.getChild('GroupingLabels') ?? null, text);
    if (/^(topk|bottomk)/.test(text(node))) return inner;
    if (modifier?.getChild('Without')) return new Set([...inner].filter((label) => !named.includes(label)));
    for (const label of named) if (!inner.has(label)) problems.push(`by (${label}): nothing inside has it`);
    return new Set(named);
  };

  const binary = (node: SyntaxNode): ReadonlySet<string> => {
    const operands = childrenOf(node).filter(({ name }) => !/Modifier|Clause/.test(name));
    const sides = operands.map(visit);
    const clause = node.getChild('MatchingModifierClause');
    const [matching = null] = clause?.getChildren('GroupingLabels') ?? [];
    const isOn = clause?.getChild('On') !== null && clause !== null && clause !== undefined;
    const operandSides = sides.filter((_, index) => !isOperator(operands[index]?.name ?? ''));
    for (const label of isOn ? namesIn(matching, text) : []) {
      if (operandSides.some((side) => !side.has(label))) problems.push(`on (${label}): one side lacks it`);
    }
    return union(sides);
  };

  const call = (node: SyntaxNode): ReadonlySet<string> => {
    const name = node.firstChild ? text(node.firstChild) : '';
    const inner = all(node);
    if (name === 'absent' || name === 'absent_over_time') return new Set();
    if (name !== 'label_replace') return inner;
    const strings = (node.getChild('FunctionCallBody')?.getChildren('StringLiteral') ?? []).map(unquoted(text));
    const [target = '', , origin = ''] = strings;
    if (origin !== '' && !inner.has(origin)) problems.push(`label_replace: nothing inside has ${origin}`);
    return new Set([...inner, target]);
  };

  const labels = visit(parser.parse(expression).topNode);
  return { labels, problems };
}

const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
};

const union = (sets: readonly ReadonlySet<string>[]): ReadonlySet<string> => new Set(sets.flatMap((set) => [...set]));

const isOperator = (name: string): boolean =>
  /^(Add|Sub|Mul|Div|Mod|Pow|Eql|EqlSingle|Neq|Gtr|Gte|Lss|Lte|And|Or|Unless|Atan2)$/.test(name);

function namesIn(node: SyntaxNode | null, text: (node: SyntaxNode) => string): string[] {
  if (!node) return [];
  const own = node.name === 'LabelName' ? [text(node)] : [];
  return [...own, ...childrenOf(node).flatMap((child) => namesIn(child, text))];
}

const unquoted = (text: (node: SyntaxNode) => string) => (node: SyntaxNode) => text(node).slice(1, -1);
