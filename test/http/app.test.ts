import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { buildServer } from '../../src/http/server.ts';
import { quietDemo } from './demo-stage.ts';
import { appOf } from './fake-source.ts';

test('a page is text 0.0.4 with the collector’s samples and rackwatch’s own', async () => {
  const app = appOf();
  const response = await buildServer(app).inject('/metrics');
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(response.body).toContain('fake_value{thing="a"} 1\n');
  expect(response.body).toContain('rackwatch_target_up{source="fake",target="one"} 1\n');
  expect(response.body).toContain('rackwatch_collector_success{source="fake",target="one",collector="things"} 1\n');
  expect(response.body).toContain('rackwatch_snapshot_series{source="fake",target="one"} 1\n');
  expect(response.body).toContain('rackwatch_insight_success{insight="doubled"} 1\n');
  expect(response.body).toContain('rackwatch_doubled 2\n');
  expect(response.body).toContain('# TYPE process_cpu_seconds_total counter');
  expect(response.body).toMatch(
    /^rackwatch_build_info\{version="\d+\.\d+\.\d+",node_version="v\d+[^"]*",demo="false"\} 1$/m,
  );
  await app.close();
});

test('gzip is a matter of negotiation', async () => {
  const app = appOf();
  const server = buildServer(app);
  const ask = (accept?: string) =>
    server.inject({ url: '/metrics', headers: accept === undefined ? {} : { 'accept-encoding': accept } });
  const packed = await ask('gzip, deflate');
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(packed.rawPayload).toString()).toContain('fake_value');
  for (const accept of [undefined, '', 'br', 'gzip;q=0', 'gzip; q=0.0']) {
    const plain = await ask(accept);
    expect(plain.headers['content-encoding'], String(accept)).toBeUndefined();
    expect(plain.headers['vary']).toBe('accept-encoding');
  }
  expect((await ask('gzip;q=0.5')).headers['content-encoding']).toBe('gzip');
  await app.close();
});

test.each([undefined, 'gzip'])('a large page arrives whole, piece by piece (%s)', async (encoding) => {
  const app = appOf({ things: 40_000 });
  const response = await buildServer(app).inject({
    url: '/metrics',
    headers: encoding ? { 'accept-encoding': encoding } : {},
  });
  const body = encoding ? gunzipSync(response.rawPayload) : response.rawPayload;
  expect(body.length).toBeGreaterThan(1024 * 1024);
  expect(body.toString().match(/^fake_value\{/gm)).toHaveLength(40_000);
  if (!encoding) expect(response.headers['content-length']).toBe(String(body.length));
  await app.close();
});

test('a page between the sizes is compressed beside the others', async () => {
  const app = appOf({ things: 10_000 });
  const response = await buildServer(app).inject({ url: '/metrics', headers: { 'accept-encoding': 'gzip' } });
  const body = gunzipSync(response.rawPayload);
  expect(body.length).toBeGreaterThan(128 * 1024);
  expect(body.length).toBeLessThan(1024 * 1024);
  expect(body.toString().match(/^fake_value\{/gm)).toHaveLength(10_000);
  await app.close();
});

test('HEAD has the headers and no body', async () => {
  const app = appOf();
  const response = await buildServer(app).inject({ method: 'HEAD', url: '/metrics' });
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toContain('version=0.0.4');
  expect(response.body).toBe('');
  await app.close();
});

test('filters choose sources and targets, and can be repeated', async () => {
  const app = appOf();
  const server = buildServer(app);
  const ask = async (query: string) => (await server.inject(`/metrics?${query}`)).body;
  expect(await ask('source=fake')).toContain('target="one"');
  expect(await ask('source=fake')).not.toContain('rackwatch_doubled');
  expect(await ask('target=two')).not.toContain('target="one"');
  expect(await ask('source=fake&target=one&target=two')).toContain('target="two"');
  expect(await ask('source=fake&target=none')).not.toContain('rackwatch_target_up');
  const own = await ask('source=rackwatch');
  expect(own).toContain('rackwatch_doubled 2\n');
  expect(own).toContain('process_cpu_seconds_total');
  expect(own).not.toContain('fake_value');
  const refused = await server.inject('/metrics?source=fake&source=nose');
  expect(refused.statusCode).toBe(400);
  expect(refused.body).toBe('source nose is not configured; there are: fake, rackwatch\n');
  await app.close();
});

test('unknown routes and methods are 404 without a stack', async () => {
  const app = appOf();
  const server = buildServer(app);
  for (const request of [{ url: '/nope' }, { method: 'POST', url: '/metrics' }, { url: '/%ff' }] as const) {
    const response = await server.inject(request);
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.statusCode).toBeLessThan(500);
    expect(response.body).not.toMatch(/\bat .*:\d+:\d+/);
  }
  await app.close();
});

test('a route of the made-up kind does not become a label', async () => {
  const app = appOf();
  const server = buildServer(app);
  await server.inject('/secret-path-1');
  const { body } = await server.inject('/metrics');
  expect(body).toContain('route="none",code="404"');
  expect(body).not.toContain('secret-path');
  await app.close();
});

test('health, readiness and the effective configuration', async () => {
  const app = appOf();
  const server = buildServer(app);
  expect((await server.inject('/-/healthy')).body).toBe('rackwatch is healthy.\n');
  expect((await server.inject('/-/ready')).statusCode).toBe(200);
  const config = await server.inject('/config');
  expect(config.headers['content-type']).toContain('text/yaml');
  expect(config.body).toContain('password: <secret>');
  expect(config.body).not.toContain('hunter2');
  await app.close();
});

test('it is not ready while a target has never been collected', async () => {
  const app = appOf({ hangs: true, scrapeTimeoutMs: 100 });
  expect((await buildServer(app).inject('/-/ready')).statusCode).toBe(503);
  await app.close();
});

test('reload by HTTP is off unless it is turned on', async () => {
  const app = appOf();
  const response = await buildServer(app).inject({ method: 'POST', url: '/-/reload' });
  expect(response.statusCode).toBe(403);
  await app.close();
});

test('the status page escapes what it shows and marks a demo', async () => {
  const app = appOf({ failsWith: '<script>alert(1)</script>', demo: quietDemo() });
  const server = buildServer(app);
  await server.inject('/metrics');
  const page = await server.inject('/');
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page.body).not.toContain('<script>');
  expect(page.body).toContain('simulated');
  await app.close();
});
