import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { OvnClient, type OvnClientOptions } from '../../../../src/sources/ovn/client/client.ts';
import { type Northbound, northboundTables } from '../../../../src/sources/ovn/client/northbound.ts';
import type { Replica } from '../../../../src/sources/ovn/client/replica.ts';
import { type Southbound, southboundTables } from '../../../../src/sources/ovn/client/southbound.ts';
import type { TableSpecs } from '../../../../src/sources/ovn/client/tables.ts';
import type { TlsFiles } from '../../../../src/sources/ovn/client/transport.ts';
import { freePort } from '../../../free-port.ts';
import { describeLab, run, until } from '../../../labs/lab.ts';
import {
  appctl,
  type Db,
  dump,
  hosts,
  nbctl,
  ovnSource,
  remote,
  sbctl,
  schemas,
  serverName,
  socketPath,
  startDatabases,
  stopOvn,
  tlsFile,
  tlsKeys,
  tlsRemote,
} from '../../../labs/ovn.ts';
import { type Running, start } from '../../../labs/process.ts';
import { createChanges } from './random-changes.ts';

const clients: OvnClient[] = [];
const soon = () => AbortSignal.timeout(60_000);

function open(options: Partial<OvnClientOptions>): OvnClient {
  const client = new OvnClient({
    northbound: [],
    southbound: [],
    tls: undefined,
    answerTimeoutMs: 20_000,
    maxMessageBytes: 2 ** 28,
    unixctl: {},
    ...options,
  });
  clients.push(client);
  return client;
}

const tlsFiles = (keys: 'client' | 'expired' | 'foreign' | undefined, change: Partial<TlsFiles> = {}): TlsFiles => ({
  authority: tlsFile('switchca-cert.pem'),
  own: keys && { certificate: tlsKeys(keys).certificate, key: tlsKeys(keys).key_file },
  serverNames: [],
  ...change,
});

describeLab('ovn', () => {
  beforeAll(() => startDatabases({ TLS: '1' }));
  afterAll(stopOvn);
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  test('the replicas are what the servers have, after ten thousand random changes', { timeout: 240_000 }, async () => {
    const client = open(ovnSource());
    await client.readNorthbound(soon());
    const changes = createChanges(20_221_124);
    for (let batch = 0; batch < 50; batch++) {
      await nbctl(...changes.take(200).flatMap((command) => ['--', ...command]));
      if (batch % 10 === 0) await client.readNorthbound(soon());
    }
    await nbctl('--wait=sb', 'sync');
    const northbound = (await client.readNorthbound(soon())) as Northbound;
    const southbound = (await client.readSouthbound(soon())) as Southbound;
    expect(northbound.table('ACL').rows.size).toBeGreaterThan(5);
    expect(southbound.table('Port_Binding').rows.size).toBeGreaterThan(50);
    // northd still writes a timestamp or two after the sync.
    await vi.waitFor(() => expectSame('nb', northboundTables, northbound), { timeout: 60_000, interval: 500 });
    await vi.waitFor(() => expectSame('sb', southboundTables, southbound), { timeout: 60_000, interval: 500 });
    expect(client.northbound).toMatchObject({ fullReads: 1, strays: 0 });
  });

  test('an index and a leader are told for every server', async () => {
    const client = open(ovnSource());
    for (const [, database] of client.databases) {
      const views = await database.survey(soon());
      expect(views.map(({ answer }) => answer?.state.connected)).toEqual([true, true, true]);
      expect(views.filter(({ answer }) => answer?.state.leader)).toHaveLength(1);
      expect(views.every(({ answer }) => (answer?.index ?? 0) > 1)).toBe(true);
    }
  });

  test('a unix socket serves as well', async () => {
    const client = open({ northbound: [`unix:${socketPath(2, 'nb.sock')}`] });
    expect((await client.readNorthbound(soon()))?.table('NB_Global').rows.size).toBe(1);
    expect(client.northbound?.members[0]?.server).toBe(socketPath(2, 'nb.sock'));
  });

  test('a relay is read like a server', async () => {
    const relay = await startRelay();
    try {
      const client = open({ southbound: [`tcp:127.0.0.1:${relay.port}`] });
      await until(async () => (await client.readSouthbound(soon()))?.table('SB_Global').rows.size === 1, {
        what: 'the relay has the database',
      });
      const [view] = (await client.southbound?.survey(soon())) ?? [];
      expect(view?.answer?.state).toMatchObject({ model: 'relay', connected: true });
    } finally {
      await relay.running.stop();
    }
  });

  test('a read-only listener of the southbound database is enough', async () => {
    const port = await freePort();
    await sbctl(
      '--',
      '--id=@c',
      'create',
      'connection',
      `target="ptcp:${port}:127.0.0.1"`,
      'read_only=true',
      '--',
      'set',
      'SB_Global',
      '.',
      'connections=@c',
    );
    await appctl(socketPath(1, 'sb.ctl'), 'ovsdb-server/add-remote', 'db:OVN_Southbound,SB_Global,connections');
    const readOnly = `tcp:127.0.0.1:${port}`;
    const client = open({ southbound: [readOnly] });
    await until(async () => (await client.readSouthbound(soon()))?.table('SB_Global').rows.size === 1, {
      what: 'the read-only listener answers',
    });
    await expect(
      run('ovn-sbctl', [`--db=${readOnly}`, '--no-leader-only', '-t', '10', 'chassis-add', 'x', 'geneve', '192.0.2.9']),
    ).rejects.toThrow(/read only/);
    await appctl(socketPath(1, 'sb.ctl'), 'ovsdb-server/remove-remote', 'db:OVN_Southbound,SB_Global,connections');
  });

  test('TLS: a good certificate', async () => {
    const client = open({
      northbound: hosts.map((host) => tlsRemote('nb', host)),
      tls: tlsFiles('client', { serverNames: ['h1', 'h2', 'h3'] }),
    });
    expect((await client.readNorthbound(soon()))?.table('NB_Global').rows.size).toBe(1);
  });

  test.each([
    ['no certificate of our own', tlsFiles(undefined), 'auth'],
    ['an expired one', tlsFiles('expired'), 'auth'],
    ['one of a foreign authority', tlsFiles('foreign'), 'auth'],
    ['a server of a foreign authority', tlsFiles('client', { authority: tlsFile('foreignca-cert.pem') }), 'tls'],
    ['a server of another name', tlsFiles('client', { serverNames: ['h2'] }), 'tls'],
    ['a file that is not there', tlsFiles('client', { authority: tlsFile('nothing.pem') }), 'tls'],
  ])('TLS: %s', async (_what, tls, code) => {
    const client = open({ northbound: [tlsRemote('nb', 1)], tls });
    await expect(client.readNorthbound(soon())).rejects.toMatchObject({ code });
  });

  test('TLS: the wrong kind of port', async () => {
    const plain = open({ northbound: [`tcp:${serverName('nb', 1).replace(':', ':1')}`] });
    await expect(plain.readNorthbound(soon())).rejects.toMatchObject({ code: 'connect' });
    const secure = open({ northbound: [remote('nb', 1).replace('tcp', 'ssl')], tls: tlsFiles('client') });
    await expect(secure.readNorthbound(soon())).rejects.toMatchObject({ code: 'connect' });
  });
});

async function startRelay(): Promise<{ port: number; running: Running }> {
  const port = await freePort();
  const running = start('ovsdb-relay', 'ovsdb-server', [
    '-vconsole:off',
    `--remote=ptcp:${port}:127.0.0.1`,
    '--no-chdir',
    `--unixctl=${socketPath(1, 'relay.ctl')}`,
    `relay:${schemas.sb}:${remote('sb', 1)},${remote('sb', 2)}`,
  ]);
  return { port, running };
}

/** Compares every row and column with what the OVSDB project's own client reads of each server. */
async function expectSame<S extends TableSpecs>(db: Db, specs: S, replica: Replica<S>): Promise<void> {
  for (const [table, { columns, where }] of Object.entries(specs)) {
    const names = Object.keys(columns);
    const rows = (await dump(db, 1, table, names)).map(({ _uuid, ...row }) => [
      plain(_uuid),
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])),
    ]);
    const wanted = where ? rows.filter(([, row]) => (row as { enabled: unknown }).enabled === false) : rows;
    const held = [...replica.table(table).rows].map(([uuid, row]) => [
      uuid,
      Object.fromEntries(Object.entries(row as object).map(([name, value]) => [name, flat(value)])),
    ]);
    expect(Object.fromEntries(held), `${db} ${table}`).toEqual(Object.fromEntries(wanted));
  }
}

/** A value as it goes over the wire, made comparable: one element is the same as a set of it. */
function plain(value: unknown): unknown {
  const [kind, content] = Array.isArray(value) ? value : ['', undefined];
  if (kind === 'uuid') return content;
  if (kind === 'map') return content.map((pair: [string, string]) => pair.join('=')).sort();
  if (kind !== 'set') return value;
  const elements = content.map(plain).sort();
  return elements.length === 1 ? elements[0] : elements;
}

function flat(value: unknown): unknown {
  if (value === undefined) return [];
  if (value instanceof Map) return [...value].map((pair) => pair.join('=')).sort();
  if (!(value instanceof Set)) return value;
  const elements = [...value].sort();
  return elements.length === 1 ? elements[0] : elements;
}
