import { expect, test } from 'vitest';
import { buildServer } from '../../src/http/server.ts';
import { appOf } from './fake-source.ts';

test('a probe is a page about that target alone', async () => {
  const app = appOf();
  const response = await buildServer(app).inject('/probe?source=fake&target=192.0.2.1');
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(response.body).toContain('fake_value{thing="a"} 1\n');
  expect(response.body).toContain('rackwatch_target_up{source="fake",target="192.0.2.1"} 1\n');
  expect(response.body).not.toContain('target="one"');
  expect(response.body).not.toContain('process_cpu_seconds_total');
  await app.close();
});

test('a target that fails is a page that says so', async () => {
  const app = appOf({ failsWith: 'broken' });
  const response = await buildServer(app).inject('/probe?source=fake&target=192.0.2.1');
  expect(response.statusCode).toBe(200);
  expect(response.body).toContain('rackwatch_target_up{source="fake",target="192.0.2.1"} 0\n');
  await app.close();
});

test.each([
  ['source=fake', 400, 'probe needs source and target, each once'],
  ['target=192.0.2.1', 400, 'probe needs source and target, each once'],
  ['source=fake&target=a&target=b', 400, 'probe needs source and target, each once'],
  ['source=nose&target=192.0.2.1', 404, 'source nose is not configured'],
  ['source=fake&target=192.0.2.1&module=x', 404, 'there is no module x'],
  ['source=fake&target=198.51.100.1', 403, '198.51.100.1 may not be probed'],
])('/probe?%s is refused', async (query, status, message) => {
  const app = appOf();
  const response = await buildServer(app).inject(`/probe?${query}`);
  expect([response.statusCode, response.body]).toEqual([status, `${message}\n`]);
  await app.close();
});

test('service discovery lists what there is to probe, as http_sd wants it', async () => {
  const app = appOf();
  const server = buildServer(app);
  const response = await server.inject('/service-discovery/fake');
  expect(response.headers['content-type']).toContain('application/json');
  expect(response.json()).toEqual([
    { targets: ['192.0.2.1'], labels: { __meta_rackwatch_member: 'abydos', __meta_rackwatch_module: 'default' } },
  ]);
  const withPort = await server.inject('/service-discovery/fake?port=9100');
  expect(withPort.json()).toEqual([
    { targets: ['192.0.2.1:9100'], labels: { __meta_rackwatch_member: 'abydos', __meta_rackwatch_module: 'default' } },
  ]);
  for (const port of ['x', '65536', '1&port=2'])
    expect((await server.inject(`/service-discovery/fake?port=${port}`)).statusCode).toBe(400);
  expect((await server.inject('/service-discovery/nose')).statusCode).toBe(404);
  await app.close();
});
