import { expect, test } from 'vitest';
import { z } from 'zod';
import { configuredInsights } from '../../src/config/load.ts';
import { ConfigError, parseConfig } from '../../src/config/problems.ts';
import { configSchema } from '../../src/config/schema.ts';
import { defineInsight } from '../../src/core/insight.ts';

const common = { help: 'Something.', metrics: [], derive: () => undefined };
const plain = defineInsight({ ...common, name: 'plain' });
const limit = z.number().default(3).describe('How many.');
const keyed = defineInsight({ ...common, name: 'keyed', configSchema: z.strictObject({ limit }) });

const parse = (yaml: string) => parseConfig(configSchema([], [plain, keyed]), yaml, 'f.yaml');
const chosen = (yaml: string) =>
  configuredInsights(parse(yaml), [plain, keyed]).map(({ config, insight }) => ({ name: insight.name, config }));

test.each([
  [
    'an empty file',
    '',
    [
      { name: 'plain', config: {} },
      { name: 'keyed', config: { limit: 3 } },
    ],
  ],
  [
    'true',
    'insights: { keyed: true }',
    [
      { name: 'plain', config: {} },
      { name: 'keyed', config: { limit: 3 } },
    ],
  ],
  ['false', 'insights: { plain: false, keyed: false }', []],
  ['its own keys', 'insights: { plain: false, keyed: { limit: 5 } }', [{ name: 'keyed', config: { limit: 5 } }]],
])('%s chooses the insights and their keys', (_name, yaml, expected) => {
  expect(chosen(yaml)).toEqual(expected);
});

test.each([
  ['an unknown key', 'insights:\n  keyed:\n    limt: 5\n', 'f.yaml:3:5: insights.keyed.limt: unknown key'],
  [
    'a wrong value',
    'insights:\n  keyed:\n    limit: many\n',
    'f.yaml:3:12: insights.keyed.limit: Invalid input: expected number, received string',
  ],
])('%s of an insight is named with its place', (_name, yaml, message) => {
  expect(() => parse(yaml)).toThrow(new ConfigError([message]));
});
