import { writeFileSync } from 'node:fs';
import bcrypt from 'bcryptjs';
import { expect, test } from 'vitest';
import { buildServer } from '../../src/http/server.ts';
import { loadWebConfig } from '../../src/http/web-config.ts';
import { temporaryFile } from '../temporary.ts';
import { appOf } from './fake-source.ts';

function fileOf(text: string): string {
  const file = temporaryFile('web.yml');
  writeFileSync(file, text);
  return file;
}

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

test('basic authentication guards every route', async () => {
  const web = loadWebConfig(fileOf(`basic_auth_users:\n  prom: ${bcrypt.hashSync('pass:word', 4)}\n`));
  const app = appOf();
  const server = buildServer(app, web);
  const status = async (url: string, headers = {}) => (await server.inject({ url, headers })).statusCode;
  for (const url of ['/metrics', '/', '/config', '/-/healthy', '/nope']) expect(await status(url), url).toBe(401);
  expect((await server.inject('/metrics')).headers['www-authenticate']).toBe('Basic');
  expect(await status('/metrics', basic('prom', 'pass:word'))).toBe(200);
  expect(await status('/metrics', basic('prom', 'pass:word')), 'remembered').toBe(200);
  expect(await status('/metrics', basic('prom', 'wrong'))).toBe(401);
  expect(await status('/metrics', basic('nobody', 'nobody'))).toBe(401);
  expect(await status('/metrics', { authorization: 'Basic !!!' })).toBe(401);
  expect(await status('/metrics', { authorization: 'Bearer x' })).toBe(401);
  await app.close();
});

test('headers are added to every answer', async () => {
  const web = loadWebConfig(fileOf('http_server_config:\n  headers:\n    X-Frame-Options: deny\n'));
  const app = appOf();
  const response = await buildServer(app, web).inject('/nope');
  expect(response.headers['x-frame-options']).toBe('deny');
  await app.close();
});

test.each([
  [
    'a password instead of its hash',
    'basic_auth_users:\n  prom: secret\n',
    ':2:9: basic_auth_users.prom: not a bcrypt hash',
  ],
  ['an unknown key', 'tls: {}\n', ':1:1: tls: unknown key'],
  ['a certificate without key', 'tls_server_config:\n  cert_file: a\n', ':1:1: tls_server_config.key_file: missing'],
])('%s is an error that names the line', (_name, text, message) => {
  const file = fileOf(text);
  expect(() => loadWebConfig(file)).toThrow(`${file}${message}`);
});
