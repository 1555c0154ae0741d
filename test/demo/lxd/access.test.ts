import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIdentity } from '../../../src/demo/certificate.ts';
import { members } from '../../../src/demo/rack.ts';
import { type Answer, connect, type Rack } from './connect.ts';

let rack: Rack;
beforeAll(async () => {
  rack = await connect();
});
afterAll(() => rack.part.close());

const forbidden = readFileSync(new URL('../../fixtures/lxd-5.0.2/forbidden.json', import.meta.url), 'utf8').trim();

async function expectUntrusted(ask: (path: string) => Promise<Answer>): Promise<void> {
  const info = await ask('/1.0');
  expect(info.status).toBe(200);
  expect(JSON.parse(info.text).metadata).toMatchObject({ auth: 'untrusted', api_version: '1.0' });
  expect(JSON.parse(info.text).metadata).not.toHaveProperty('environment');
  for (const path of ['/1.0/metrics', '/1.0/instances?recursion=2&all-projects=true', '/1.0/cluster/members', '/x']) {
    const answer = await ask(path);
    expect(answer).toMatchObject({ status: 403, contentType: 'application/json' });
    expect(answer.text.trim()).toBe(forbidden);
  }
}

test('without a certificate one learns no more than that one is not trusted', () =>
  expectUntrusted((path) => rack.ask(path, 'abydos', {})));

test('with an unknown certificate it is the same', () => {
  const { certificate, key } = createIdentity({ commonName: 'rackwatch', usage: 'client' });
  return expectUntrusted((path) => rack.ask(path, 'langara', { cert: certificate, key }));
});

test('the known certificate is trusted by every member', async () => {
  for (const { name } of members) {
    expect(await rack.get('/1.0', name)).toMatchObject({
      auth: 'trusted',
      environment: { server: 'lxd', server_clustered: true, server_name: name },
    });
  }
});

test('all members show the one certificate of the cluster, and say which it is', async () => {
  const fingerprint = new X509Certificate(rack.ca).fingerprint256.replaceAll(':', '').toLowerCase();
  for (const { name } of members) {
    const { environment } = await rack.get('/1.0', name);
    expect(environment).toMatchObject({ certificate: rack.ca, certificate_fingerprint: fingerprint });
  }
});

test('what is not there, and what would change something, is refused as LXD does', async () => {
  const refused = async (path: string, method?: string) => {
    const { status, text } = await rack.ask(path, 'abydos', undefined, method);
    const body = JSON.parse(text);
    expect(body).toMatchObject({ type: 'error', status: '', status_code: 0, operation: '', metadata: null });
    expect(body.error_code).toBe(status);
    return [status, body.error];
  };
  expect(await refused('/1.0/nosuch')).toEqual([404, 'not found']);
  expect(await refused('/1.0/projects/nosuch/state')).toEqual([404, 'Project not found']);
  expect(await refused('/1.0/instances?project=nosuch')).toEqual([404, 'Project not found']);
  expect(await refused('/1.0/networks?project=nosuch')).toEqual([404, 'Project not found']);
  expect(await refused('/1.0/storage-pools/nosuch/resources')).toEqual([404, 'Storage pool not found']);
  expect(await refused('/1.0/resources?target=nosuch')).toEqual([404, 'Cluster member not found']);
  expect(await refused('/1.0/cluster/members/nosuch/state')).toEqual([404, 'Cluster member not found']);
  expect(await refused('/1.0/networks/nosuch/forwards')).toEqual([404, 'Network not found']);
  expect(await refused('/1.0/networks/nosuch/state')).toEqual([404, 'Network interface "nosuch" not found']);
  expect(await refused('/1.0/instances', 'POST')).toEqual([404, 'Method "POST" not found']);
});

test('a dead member resets every connection, the others say that it is away, and it is back at its old address', async () => {
  rack.state.kill('orilla');
  await expect(rack.ask('/1.0', 'orilla')).rejects.toThrow();
  for (const path of [
    '/1.0/resources?target=orilla',
    '/1.0/metrics?target=orilla',
    '/1.0/cluster/members/orilla/state',
  ]) {
    const { status, text } = await rack.ask(path, 'abydos');
    expect(status).toBe(500);
    expect(JSON.parse(text).error).toBe('Missing event connection with target cluster member');
  }
  rack.state.revive('orilla');
  expect(await rack.get('/1.0', 'orilla')).toMatchObject({ auth: 'trusted' });
});
