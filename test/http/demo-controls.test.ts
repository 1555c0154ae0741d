import { expect, test } from 'vitest';
import { buildServer } from '../../src/http/server.ts';
import { quietDemo } from './demo-stage.ts';
import { appOf } from './fake-source.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };

test('a button plays a story, and the page tells it', async () => {
  const demo = quietDemo();
  const server = buildServer(appOf({ demo }));
  const before = (await server.inject('/')).body;
  expect(before).toContain('<form method="post" action="/demo/play/psu-fails">');
  expect(before).toContain('title="A &lt;power&gt; supply fails."');
  const answer = await server.inject({ method: 'POST', url: '/demo/play/psu-fails', headers: form, payload: '' });
  expect([answer.statusCode, answer.headers.location]).toEqual([303, '/']);
  expect(demo.asked).toEqual(['play psu-fails']);
  const after = (await server.inject('/')).body;
  expect(after).toContain('<button aria-current="true"');
  expect(after).toContain('<time>12:30:00</time> PS2 of &lt;abydos&gt; fails');
  expect(after).not.toContain('http-equiv="refresh"');
  expect((await server.inject('/?follow')).body).toContain('<meta http-equiv="refresh" content="5">');
  await server.inject({ method: 'POST', url: '/demo/mend', headers: form, payload: '' });
  expect(demo.asked).toEqual(['play psu-fails', 'mend']);
  await server.close();
});

test.each([
  ['a story that is not there', '/demo/play/nonsense', {}, 404],
  ['a button of another site', '/demo/play/psu-fails', { 'sec-fetch-site': 'cross-site' }, 403],
])('%s does nothing', async (_name, url, headers, status) => {
  const demo = quietDemo();
  const server = buildServer(appOf({ demo }));
  expect((await server.inject({ method: 'POST', url, headers: { ...form, ...headers } })).statusCode).toBe(status);
  expect(demo.asked).toEqual([]);
  await server.close();
});

test('what watches a real cluster has no such buttons', async () => {
  const server = buildServer(appOf());
  expect((await server.inject('/')).body).not.toContain('<form');
  expect((await server.inject({ method: 'POST', url: '/demo/mend' })).statusCode).toBe(404);
  await server.close();
});
