import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { httpOnSocket } from '../fakes/http-on-socket.ts';
import { until } from '../labs/lab.ts';
import { configFile, rackwatch, startRackwatch } from './program.ts';

const urlIn = (output: string) => /"url":"([^"]+)"/.exec(output)?.[1];

async function serve(file: string, ...more: readonly string[]) {
  const program = startRackwatch('serve', '--config', file, ...more);
  const url = await until(() => urlIn(program.output()), { what: 'the address it listens on' });
  return { ...program, url };
}

test.each(['127.0.0.1:0', '[::1]:0', 'localhost:0'])('it listens on %s and ends by SIGTERM', async (listen) => {
  const { child, ended, url } = await serve(configFile('{}'), '--listen', listen);
  expect((await fetch(`${url}/-/healthy`)).status).toBe(200);
  child.kill('SIGTERM');
  expect((await ended).code).toBe(0);
});

test('an answer under way is sent before it ends; one that never comes does not hold it', async () => {
  const held: ServerResponse[] = [];
  let open = false;
  const slow = await httpOnSocket((_request, response) => {
    if (open) response.end('{}');
    else held.push(response);
  });
  const file = configFile(`sources:\n  lxd:\n    endpoints: ["${slow.endpoint}"]\n    timeout: 60s\n`);
  const first = await serve(file, '--listen', '127.0.0.1:0');
  const headers = { 'x-prometheus-scrape-timeout-seconds': '60' };
  const answer = fetch(`${first.url}/metrics`, { headers });
  await until(() => slow.asked.length > 0, { what: 'the source is asked' });
  first.child.kill('SIGTERM');
  open = true;
  for (const response of held) response.end('{}');
  expect((await answer).status).toBe(200);
  expect((await first.ended).code).toBe(0);

  open = false;
  const asked = slow.asked.length;
  const second = await serve(file, '--listen', '127.0.0.1:0');
  const cut = expect(fetch(`${second.url}/metrics`, { headers }).then((response) => response.text())).rejects.toThrow();
  await until(() => slow.asked.length > asked, { what: 'the source is asked again' });
  second.child.kill('SIGTERM');
  expect((await second.ended).code, 'it ends although the source is silent').toBe(0);
  await cut;
  await slow.close();
});

test('an address that is taken is an error that names it', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const listen = `127.0.0.1:${(taken.address() as AddressInfo).port}`;
  const { code, stderr } = await rackwatch('serve', '--config', configFile('{}'), '--listen', listen);
  taken.close();
  expect([code, stderr]).toEqual([1, expect.stringContaining(`cannot listen on ${listen}: listen EADDRINUSE`)]);
});

test('SIGHUP swaps a good file in whole and refuses a broken one whole', async () => {
  const file = configFile('scrape_timeout: 10s\nreload_by_http: true\n');
  const { child, ended, output, url } = await serve(file, '--listen', '127.0.0.1:0');
  const metric = async (name: string) =>
    Number(new RegExp(`^${name} (.*)$`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1]);
  const config = async () => (await fetch(`${url}/config`)).text();
  const before = await metric('rackwatch_config_last_reload_success_timestamp_seconds');

  writeFileSync(file, 'scrape_timeout: 7s\nreload_by_http: true\nwrong: 1\n');
  child.kill('SIGHUP');
  await until(() => output().includes('not reloaded'), { what: 'the broken file is refused' });
  expect(output()).toContain(`${file}:3:1: wrong: unknown key`);
  expect(await metric('rackwatch_config_last_reload_successful')).toBe(0);
  expect(await config()).toContain('scrape_timeout: 10000');
  const refused = await fetch(`${url}/-/reload`, { method: 'POST' });
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('wrong: unknown key')]);

  writeFileSync(file, 'scrape_timeout: 7s\nreload_by_http: true\n');
  expect((await fetch(`${url}/-/reload`, { method: 'POST' })).status).toBe(200);
  expect(await config()).toContain('scrape_timeout: 7000');
  expect(await metric('rackwatch_config_last_reload_successful')).toBe(1);
  expect(await metric('rackwatch_config_last_reload_success_timestamp_seconds')).toBeGreaterThan(before);
  child.kill('SIGTERM');
  await ended;
});
