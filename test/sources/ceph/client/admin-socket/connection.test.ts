import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askAdminSocket } from '../../../../../src/sources/ceph/client/admin-socket/connection.ts';
import { listOsdSockets } from '../../../../../src/sources/ceph/client/admin-socket/osd-sockets.ts';
import { startFakeAdminSocket } from '../../../../fakes/ceph-admin-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'ceph-asok-'));
const path = join(folder, 'ceph-osd.7.asok');
let close: () => Promise<void>;

beforeAll(async () => {
  close = await startFakeAdminSocket(path, {
    'perf dump': `{"osd":{"numpg":17},"pad":"${'x'.repeat(300_000)}"}`,
    'cut answer': Buffer.from('000000ff7b', 'hex'),
    'not json': 'hello',
  });
});

afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

const ask = (command: string, socket = path) => askAdminSocket(socket, command, AbortSignal.timeout(20_000));

test('an answer in many packets is put together', async () => {
  expect(await ask('perf dump')).toMatchObject({ osd: { numpg: 17 } });
});

test.each([
  ['unknown command', path, 'unsupported'],
  ['cut answer', path, 'protocol'],
  ['not json', path, 'protocol'],
  ['perf dump', join(folder, 'ceph-osd.8.asok'), 'connect'],
])('%s of %s is an error', async (command, socket, code) => {
  await expect(ask(command, socket)).rejects.toMatchObject({ code });
});

test('a signal ends the wait', async () => {
  await expect(askAdminSocket(path, 'perf dump', AbortSignal.abort())).rejects.toMatchObject({ code: 'timeout' });
});

test('the sockets of OSDs are found by their names, those of others are not', async () => {
  const closeMon = await startFakeAdminSocket(join(folder, 'ceph-mon.a.asok'), {});
  expect([...(await listOsdSockets(folder))]).toEqual([['7', path]]);
  await closeMon();
  await expect(listOsdSockets(join(folder, 'absent'))).rejects.toMatchObject({ code: 'connect' });
});
