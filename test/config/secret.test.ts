import { writeFileSync } from 'node:fs';
import { format } from 'node:util';
import { expect, test } from 'vitest';
import { Secret, secretEnv, secretFile } from '../../src/config/secret.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { temporaryFile } from '../temporary.ts';

test('no way of printing shows the value', () => {
  const secret = new Secret(() => 'hunter2');
  const shown = [String(secret), `${secret}`, JSON.stringify({ secret }), format('%o %s %j', secret, secret, secret)];
  expect(shown.join()).not.toContain('hunter2');
  expect(shown.join()).toContain('<secret>');
  expect(secret.reveal()).toBe('hunter2');
});

test('a file is read anew each time, without its final line feed', () => {
  const file = temporaryFile('password');
  writeFileSync(file, 'one\n');
  const secret = secretFile().parse(file);
  expect(secret.reveal()).toBe('one');
  writeFileSync(file, 'two\n\n');
  expect(secret.reveal()).toBe('two\n');
});

test('the environment is read when it is needed, and what is missing is named', () => {
  const secret = secretEnv().parse({ env: 'RACKWATCH_TEST_SECRET' });
  expect(() => secret.reveal()).toThrow('the environment variable RACKWATCH_TEST_SECRET is not set');
  process.env['RACKWATCH_TEST_SECRET'] = 'value';
  expect(secret.reveal()).toBe('value');
  delete process.env['RACKWATCH_TEST_SECRET'];
  expect(secretEnv().safeParse({ env: '$HOME' }).success).toBe(false);
});

test('the log censors keys that hold secrets, also nested', () => {
  const lines: string[] = [];
  const log = createLogger('info', { write: (line) => void lines.push(line) });
  log.info({ password: 'hunter2', target: { token: 'hunter2', tls: { key: 'hunter2' } } }, 'careless');
  expect(lines.join()).toContain('careless');
  expect(lines.join()).not.toContain('hunter2');
});
