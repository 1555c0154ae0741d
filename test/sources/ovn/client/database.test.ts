import { afterEach, expect, test, vi } from 'vitest';
import { Database } from '../../../../src/sources/ovn/client/database.ts';
import { text } from '../../../../src/sources/ovn/client/tables.ts';
import { connect } from '../../../../src/sources/ovn/client/transport.ts';
import { type FakeCluster, FakeOvsdbServer } from '../../../fakes/ovsdb-server.ts';
import { freePort } from '../../../free-port.ts';

const specs = { Port: { columns: { name: text } } } as const;
const T1 = '10000000-0000-4000-8000-000000000001';
const T2 = '20000000-0000-4000-8000-000000000002';
const T3 = '30000000-0000-4000-8000-000000000003';

const schemaOf = (version: string) => ({
  name: 'OVN_Northbound',
  version,
  tables: { Port: { columns: { name: { type: 'string' } } } },
});
const createCluster = (): FakeCluster => ({
  name: 'OVN_Northbound',
  schema: schemaOf('7.0.0'),
  contents: { Port: { p1: { name: 'one' } } },
  history: [{ id: T1, updates: {} }],
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startServers(count: number, cluster = createCluster()): Promise<FakeOvsdbServer[]> {
  const servers = Array.from({ length: count }, () => new FakeOvsdbServer(cluster));
  for (const server of servers) {
    await server.listen();
    cleanups.push(() => server.close());
  }
  return servers;
}

function openDatabase(ports: readonly number[], answerTimeoutMs = 10_000): Database<typeof specs> {
  const database = new Database({
    database: 'OVN_Northbound',
    specs,
    servers: ports.map((port) => ({
      server: `127.0.0.1:${port}`,
      connect: (signal) => connect({ kind: 'tcp', host: '127.0.0.1', port }, undefined, signal),
    })),
    answerTimeoutMs,
    maxMessageBytes: 1_000_000,
  });
  cleanups.push(() => database.close());
  return database;
}

const soon = () => AbortSignal.timeout(15_000);
const open = (servers: readonly FakeOvsdbServer[], answerTimeoutMs?: number) =>
  openDatabase(
    servers.map(({ port }) => port),
    answerTimeoutMs,
  );
const namesOf = async (database: Database<typeof specs>) =>
  [...(await database.read(soon())).table('Port').rows.values()].map(({ name }) => name);
const feederOf = async (database: Database<typeof specs>) =>
  (await database.survey(soon())).findIndex(({ feeding }) => feeding);

test('reads the tables of one server and watches all', async () => {
  const servers = await startServers(3);
  const database = open(servers);
  expect(await namesOf(database)).toEqual(['one']);
  await vi.waitFor(async () => {
    const views = await database.survey(soon());
    expect(views.map(({ answer }) => answer?.index)).toEqual([7, 7, 7]);
    expect(views.filter(({ feeding }) => feeding)).toHaveLength(1);
  });
  const subscribed = servers.flatMap(({ received }) =>
    received.filter(({ method, params }) => method === 'monitor_cond_since' && params[0] === 'OVN_Northbound'),
  );
  expect(subscribed).toHaveLength(1);
  expect(subscribed[0]?.params.slice(2)).toEqual([
    { Port: [{ columns: ['name'] }] },
    '00000000-0000-0000-0000-000000000000',
  ]);
  expect(servers.flatMap(({ received }) => received.map(({ method }) => method))).not.toContain('lock');
});

test('has what was committed before it was read', async () => {
  const [server] = (await startServers(1)) as [FakeOvsdbServer];
  const database = open([server]);
  await database.read(soon());
  for (let n = 0; n < 50; n++) {
    server.commit(T2, { Port: { p1: { modify: { name: `n${n}` } } } });
    expect(await namesOf(database)).toEqual([`n${n}`]);
  }
});

test('takes an update that comes in one piece with the answer', async () => {
  const [server] = (await startServers(1)) as [FakeOvsdbServer];
  server.updateWithAnswer = { id: T2, updates: { Port: { p2: { insert: { name: 'two' } } } } };
  expect(await namesOf(open([server]))).toEqual(['one', 'two']);
});

test('reads a server that sends byte by byte', async () => {
  const [server] = (await startServers(1)) as [FakeOvsdbServer];
  server.pieceBytes = 1;
  expect(await namesOf(open([server]))).toEqual(['one']);
});

test('goes on from the last transaction on another server when its own dies', async () => {
  const cluster = createCluster();
  const servers = await startServers(2, cluster);
  const database = open(servers);
  await database.read(soon());
  const first = (await feederOf(database)) as 0 | 1;
  cluster.history.push({ id: T2, updates: { Port: { p2: { insert: { name: 'two' } } } } });
  // Everything would be other than the difference, so that it shows which of the two was read.
  cluster.contents = { Port: { p9: { name: 'everything' } } };
  await servers[first]?.close();
  await vi.waitFor(async () => expect(await namesOf(database)).toEqual(['one', 'two']), 10_000);
  expect(database).toMatchObject({ moves: 1, fullReads: 1 });
});

test('starts anew when the other server no longer knows the transaction', async () => {
  const cluster = createCluster();
  const servers = await startServers(2, cluster);
  const database = open(servers);
  await database.read(soon());
  const first = (await feederOf(database)) as 0 | 1;
  cluster.history.splice(0, 1, { id: T3, updates: {} });
  cluster.contents = { Port: { p9: { name: 'everything' } } };
  servers[first]?.dropAll();
  await vi.waitFor(async () => expect(await namesOf(database)).toEqual(['everything']), 10_000);
  expect(database.fullReads).toBe(2);
});

test('leaves a server that is cut off, though it answers', async () => {
  const servers = await startServers(2);
  const database = open(servers);
  await database.read(soon());
  const first = (await feederOf(database)) as 0 | 1;
  servers[first]?.setRow({ connected: false });
  await vi.waitFor(async () => {
    const views = await database.survey(soon());
    expect(views.map(({ answer }) => answer?.state.connected)).toEqual([first !== 0, first !== 1]);
    expect(views.findIndex(({ feeding }) => feeding)).toBe(1 - first);
  }, 10_000);
  expect(await namesOf(database)).toEqual(['one']);
});

test('stops the updates of a server that it leaves', async () => {
  const servers = await startServers(2);
  const database = open(servers);
  await database.read(soon());
  const first = (await feederOf(database)) as 0 | 1;
  servers[first]?.setRow({ connected: false });
  await vi.waitFor(() => {
    const cancelled = servers[first]?.received.filter(({ method }) => method === 'monitor_cancel');
    expect(cancelled?.map(({ params }) => params)).toEqual([['rackwatch-1']]);
  }, 10_000);
});

test('shows two leaders where two say that they lead', async () => {
  const servers = await startServers(3);
  for (const server of servers.slice(0, 2)) server.row = { ...server.row, leader: true };
  const views = await open(servers).survey(soon());
  expect(views.map(({ answer }) => answer?.state.leader)).toEqual([true, true, false]);
});

test('gives nothing when no server is connected to its cluster', async () => {
  const servers = await startServers(2);
  const database = open(servers);
  await database.read(soon());
  for (const server of servers) server.setRow({ connected: false });
  await vi.waitFor(async () => {
    await expect(database.read(soon())).rejects.toMatchObject({ code: 'unavailable' });
  }, 10_000);
  servers[1]?.setRow({ connected: true });
  await vi.waitFor(async () => expect(await namesOf(database)).toEqual(['one']), 10_000);
});

test('tells a server that never answers from one that is not there', async () => {
  const servers = await startServers(2);
  const [hung] = servers as [FakeOvsdbServer];
  hung.mute = true;
  const unused = await freePort();
  const database = openDatabase([...servers.map(({ port }) => port), unused], 300);
  const views = await database.survey(soon());
  expect(views.map(({ failure }) => failure?.code)).toEqual(['timeout', undefined, 'connect']);
  expect(await namesOf(database)).toEqual(['one']);
});

test('moves when the server that feeds it stops answering', async () => {
  const servers = await startServers(2);
  const database = open(servers, 300);
  await database.read(soon());
  const first = (await feederOf(database)) as 0 | 1;
  (servers[first] as FakeOvsdbServer).mute = true;
  expect(await namesOf(database)).toEqual(['one']);
  expect(await feederOf(database)).toBe(1 - first);
});

test('says why no server answers', async () => {
  const database = openDatabase([await freePort()]);
  await expect(database.read(soon())).rejects.toMatchObject({
    code: 'connect',
    message: expect.stringContaining('OVN_Northbound'),
  });
});

test('says so when a server has another database', async () => {
  const [server] = (await startServers(1)) as [FakeOvsdbServer];
  server.row = { ...server.row, name: 'OVN_Southbound' };
  await expect(open([server]).read(soon())).rejects.toMatchObject({ code: 'not_found' });
});

test('survives a change of the schema', async () => {
  const cluster = createCluster();
  const [server] = (await startServers(1, cluster)) as [FakeOvsdbServer];
  const database = open([server]);
  await database.read(soon());
  expect(database.schemaVersion).toBe('7.0.0');
  cluster.schema = schemaOf('7.1.0');
  cluster.contents = { Port: { p1: { name: 'converted' } } };
  server.toMonitorsOf('OVN_Northbound', (monitor) => ({ id: null, method: 'monitor_canceled', params: [monitor] }));
  await vi.waitFor(async () => expect(await namesOf(database)).toEqual(['converted']), 10_000);
  expect(database).toMatchObject({ schemaVersion: '7.1.0', moves: 0 });
  expect(server.connections).toBe(1);
});

test('reads everything anew after an update that does not fit', async () => {
  const cluster = createCluster();
  const [server] = (await startServers(1, cluster)) as [FakeOvsdbServer];
  const database = open([server]);
  await database.read(soon());
  server.commit(T2, { Port: { unknown: { modify: { name: 'x' } } } });
  cluster.contents = { Port: { p1: { name: 'repaired' } } };
  await vi.waitFor(async () => expect(await namesOf(database)).toEqual(['repaired']), 10_000);
  expect(database.fullReads).toBe(2);
});

test('drops and counts answers to no question', async () => {
  const [server] = (await startServers(1)) as [FakeOvsdbServer];
  const database = open([server]);
  await database.read(soon());
  server.sendRaw('{"id":4711,"result":[],"error":null}');
  expect(await namesOf(database)).toEqual(['one']);
  expect(database.strays).toBe(1);
});

test('ends a connection that sends garbage, and comes back', async () => {
  const [server] = (await startServers(1)) as [FakeOvsdbServer];
  const database = open([server]);
  await database.read(soon());
  server.sendRaw('garbage');
  await vi.waitFor(() => expect(database.members[0]?.failure?.code).toBe('protocol'), 10_000);
  await vi.waitFor(async () => expect(await namesOf(database)).toEqual(['one']), 10_000);
});

test('gives up at the deadline of the scrape', async () => {
  const [server] = (await startServers(1)) as [FakeOvsdbServer];
  server.mute = true;
  await expect(open([server]).read(AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'timeout' });
});

test('ends a connection that is still being made when it is closed', async () => {
  const [server] = (await startServers(1)) as [FakeOvsdbServer];
  server.mute = true;
  const database = open([server]);
  await vi.waitFor(() => expect(server.received).not.toEqual([]), 10_000);
  database.close();
  await vi.waitFor(() => expect(server.connections).toBe(0), 5_000);
});

test('ends every connection when it is closed', async () => {
  const servers = await startServers(2);
  const database = open(servers);
  await database.read(soon());
  await database.survey(soon());
  database.close();
  await vi.waitFor(() => expect(servers.map(({ connections }) => connections)).toEqual([0, 0]), 10_000);
  await expect(database.read(soon())).rejects.toMatchObject({ code: 'closed' });
});
