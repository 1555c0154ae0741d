import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const text = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');

/** The code block of the README that this pattern finds, without what it is indented by. Throws unless there is exactly one. */
export function block(language: string, pattern: RegExp): string {
  const found = [...text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)]
    .filter(([, , kind]) => kind === language)
    .map(([, indent = '', , body = '']) => body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
    .filter((body) => pattern.test(body));
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) throw new Error(`${found.length} blocks in ${language} with ${pattern}`);
  return only;
}

/** What the README says at this pattern's first group. */
export function told(pattern: RegExp): string {
  const [, found] = pattern.exec(text) ?? [];
  if (found === undefined) throw new Error(`the README does not say ${pattern}`);
  return found;
}

/** A recipe with what differs here; each difference must be found, so that none outlives the recipe. */
export function adapt(recipe: string, differences: Readonly<Record<string, string>>): string {
  return Object.entries(differences).reduce((all, [from, to]) => {
    if (!all.includes(from)) throw new Error(`the recipe does not have ${from}`);
    return all.replaceAll(from, to);
  }, recipe);
}

/** The unit of "As a service". */
export const unit = block('ini', /^ExecStart=/m);
