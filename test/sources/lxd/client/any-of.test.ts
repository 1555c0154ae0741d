import { expect, test } from 'vitest';
import { SourceError } from '../../../../src/core/errors.ts';
import { anyOf } from '../../../../src/sources/lxd/client/any-of.ts';

const never = new AbortController().signal;
const silent = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

/** Asks by name: "good" answers, "dead" refuses the connection, "mute" says nothing, "strict" forbids. */
function asker() {
  const asked: string[] = [];
  const aborted: string[] = [];
  const ask = async (name: string, signal: AbortSignal) => {
    asked.push(name);
    signal.addEventListener('abort', () => aborted.push(name));
    if (name.startsWith('good')) return `hello from ${name}`;
    if (name.startsWith('mute')) return silent(signal);
    throw new SourceError(name.startsWith('strict') ? 'forbidden' : 'connect', name);
  };
  return { ask, asked, aborted };
}

test('the first that answers is the only one asked', async () => {
  const { ask, asked } = asker();
  expect(await anyOf(['good1', 'good2'], ask, never)).toEqual({ by: 'good1', answer: 'hello from good1' });
  expect(asked).toEqual(['good1']);
});

test('one that is dead passes the turn on at once', async () => {
  const { ask, asked } = asker();
  expect((await anyOf(['dead1', 'dead2', 'good'], ask, never, 1e9)).by).toBe('good');
  expect(asked).toEqual(['dead1', 'dead2', 'good']);
});

test('one that is silent is given up when another answers', async () => {
  const { ask, aborted } = asker();
  expect((await anyOf(['mute', 'good'], ask, never, 5)).by).toBe('good');
  expect(aborted).toContain('mute');
});

test('a refusal for good is final: nobody else is asked', async () => {
  const { ask, asked } = asker();
  await expect(anyOf(['strict', 'good'], ask, never)).rejects.toMatchObject({ code: 'forbidden' });
  expect(asked).toEqual(['strict']);
});

test('when all fail, the error is that of the preferred one', async () => {
  const { ask } = asker();
  await expect(anyOf(['dead1', 'dead2', 'dead3'], ask, never)).rejects.toThrow('dead1');
});

test('the deadline ends the wait for all that are silent', async () => {
  const { ask } = asker();
  await expect(anyOf(['mute1', 'mute2'], ask, AbortSignal.timeout(20), 5)).rejects.toMatchObject({
    name: 'TimeoutError',
  });
});
