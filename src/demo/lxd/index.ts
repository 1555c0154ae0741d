import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { createIdentity } from '../certificate.ts';
import type { DemoPart } from '../part.ts';
import { members } from '../rack.ts';
import type { RackState } from '../state.ts';
import { EventServer } from './events.ts';
import { createMemberServer } from './server.ts';

/** What the real LXD waits for a member that is away. */
const EVENT_WAIT_MS = 10_000;

const links = [
  { device: 'bond-sw01.50', role: 'wan' },
  { device: 'bond-sw01.51', role: 'uplink' },
  { device: 'bond-sw01.52', role: 'hosts' },
  { device: 'bond-sw01.53', role: 'bmc' },
  { device: 'bond-sw01', role: 'switch' },
  { device: 'bond-mesh*', role: 'mesh' },
];

/** Starts the API of every member, with one certificate for the whole cluster, and one client certificate that may all. */
export async function startLxd(state: RackState, eventWaitMs = EVENT_WAIT_MS): Promise<DemoPart> {
  const hosts = [members[0]?.name as string, '127.0.0.1', '::1'];
  const identity = createIdentity({ commonName: `root@${hosts[0]}`, usage: 'server', hosts });
  const client = createIdentity({ commonName: 'rackwatch', usage: 'client' });
  const addresses = new Map<string, string>();
  const events = new EventServer(state);
  const servers = members.map(({ name: member }) =>
    createMemberServer({ state, member, events, identity, trusted: client.fingerprint, addresses, eventWaitMs }),
  );
  const sockets = new Set<Duplex>();
  for (const [index, server] of servers.entries())
    addresses.set(members[index]?.name as string, await listen(server, sockets));
  const directory = await mkdtemp(join(tmpdir(), 'rackwatch-demo-'));
  const files = { certificate: 'client.crt', key_file: 'client.key', server_certificate: 'cluster.crt' };
  const write = (name: string, text: string) => writeFile(join(directory, name), text, { mode: 0o600 });
  await write(files.certificate, client.certificate);
  await write(files.key_file, client.key);
  await write(files.server_certificate, identity.certificate);
  return {
    config: {
      endpoints: [...addresses.values()],
      ...Object.fromEntries(Object.entries(files).map(([key, name]) => [key, join(directory, name)])),
      links,
    },
    close: async () => {
      const closed = servers.map((server) => promisify(server.close.bind(server))());
      // Also those in the midst of a handshake, which the HTTP server does not count as its own.
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server, sockets: Set<Duplex>): Promise<string> {
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
