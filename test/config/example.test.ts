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

test('what the example comments out is the default', () => {
  const text = readFileSync(file, 'utf8');
  const defaults = text
    .replaceAll(/^( *)# ([a-z_-]+): (\S+)$/gm, (line, indent, key, value) =>
      value === '…' ? line : `${indent}${key}: ${value}`,
    )
    .replaceAll(/^( *)# (log|collectors|insights):$/gm, '$1$2:');
  expect(defaults).not.toBe(text);
  const parse = (yaml: string) => parseConfig(configSchema(sources, insights), yaml, 'example');
  expect(parse(defaults)).toEqual(parse(text));
});
