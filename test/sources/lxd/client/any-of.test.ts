import { expect, test } from 'vitest';
import { SourceError } from '../../../../src/core/errors.ts';
import { anyOf } from '../../../../src/sources/lxd/client/any-of.ts';

/** Asks by name: "good" answers, "dead" refuses the connection, "mute" never says anything, "strict" forbids. */
function asker() {
  const asked: string[] = [];
  const ask = async (name: string) => {
    asked.push(name);
    if (name.startsWith('good')) return `hello from ${name}`;
    if (name.startsWith('mute')) return new Promise<never>(() => undefined);
    throw new SourceError(name.startsWith('strict') ? 'forbidden' : 'connect', name);
  };
  return { ask, asked };
}

test('the first that answers is the only one asked', async () => {
  const { ask, asked } = asker();
  expect(await anyOf(['good1', 'good2'], ask)).toEqual({ by: 'good1', answer: 'hello from good1' });
  expect(asked).toEqual(['good1']);
});

test('one that is dead passes the turn on at once', async () => {
  const { ask, asked } = asker();
  expect((await anyOf(['dead1', 'dead2', 'good'], ask, 1e9)).by).toBe('good');
  expect(asked).toEqual(['dead1', 'dead2', 'good']);
});

test('one that is silent is overtaken by another', async () => {
  const { ask, asked } = asker();
  expect((await anyOf(['mute', 'good1', 'good2'], ask, 5)).by).toBe('good1');
  expect(asked).toEqual(['mute', 'good1']);
});

test('a refusal for good is final: nobody else is asked', async () => {
  const { ask, asked } = asker();
  await expect(anyOf(['strict', 'good'], ask)).rejects.toMatchObject({ code: 'forbidden' });
  expect(asked).toEqual(['strict']);
});

test('when all fail, the error is that of the preferred one', async () => {
  const { ask } = asker();
  await expect(anyOf(['dead1', 'dead2', 'dead3'], ask)).rejects.toThrow('dead1');
});
