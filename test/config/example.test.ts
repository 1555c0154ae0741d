import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/problems.ts';
import { configSchema } from '../../src/config/schema.ts';
import { insights } from '../../src/insights/index.ts';
import { sources } from '../../src/sources/index.ts';

const file = new URL('../../rackwatch.example.yaml', import.meta.url);

test('the example is a valid configuration that turns on every source', () => {
  const config = parseConfig(configSchema(sources, insights), readFileSync(file, 'utf8'), 'rackwatch.example.yaml');
  expect(Object.keys(config.sources).sort()).toEqual(sources.map(({ name }) => name).sort());
});

/** Takes the comment off every key that shows its default, and leaves alone what stands under a mapping that is off. */
function uncomment(text: string): string {
  let offIndent = Number.POSITIVE_INFINITY;
  const lines = text.split('\n').map((line) => {
    const [, indent = '', key, value] = /^( *)# ([a-z_-]+):(?: (\S+))?$/.exec(line) ?? [];
    if (key === undefined || indent.length > offIndent) return line;
    offIndent = Number.POSITIVE_INFINITY;
    if (value !== undefined) return value === '…' ? line : `${indent}${key}: ${value}`;
    if (['log', 'collectors', 'insights'].includes(key)) return `${indent}${key}:`;
    offIndent = indent.length;
    return line;
  });
  return lines.join('\n');
}

test('what the example comments out is the default', () => {
  const text = readFileSync(file, 'utf8');
  const defaults = uncomment(text);
  expect(defaults).toContain('\n    min_age: 5s\n');
  const parse = (yaml: string) => parseConfig(configSchema(sources, insights), yaml, 'example');
  expect(parse(defaults)).toEqual(parse(text));
});
