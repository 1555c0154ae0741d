import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { DemoPart } from '../part.ts';
import { members } from '../rack.ts';
import type { RackState } from '../state.ts';
import { CephCluster } from './cluster.ts';
import { renderMetrics } from './metrics.ts';

/** What a monitor says to whoever connects to its v2 port: the greeting, and the features that it has. */
const greeting = Buffer.from('ceph v2\n\x10\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0', 'latin1');

/** Starts the manager and the monitor of every member. Those of a dead member hang up at once. */
export async function startCeph(state: RackState): Promise<DemoPart> {
  const cluster = new CephCluster(state);
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const start = async (server: Server) => {
    servers.push(server);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const managers: string[] = [];
  const monitors: { name: string; addresses: string[] }[] = [];
  const pageOf = createPages(cluster);
  for (const { name } of members) {
    managers.push(`http://127.0.0.1:${await start(createManager(state, name, pageOf))}`);
    monitors.push({ name, addresses: [`v2:127.0.0.1:${await start(createMonitor(cluster, name))}`] });
  }
  return {
    config: { managers, monitors },
    close: async () => {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

/** The page of a manager, empty unless it is the active one. Without a quorum it serves the last one for ever. */
function createPages(cluster: CephCluster): (member: string) => string {
  let last = '';
  return (member) => {
    if (cluster.activeManager !== member) return '';
    if (cluster.hasQuorum || last === '') last = renderMetrics(cluster, member);
    return last;
  };
}

const createManager = (state: RackState, member: string, pageOf: (member: string) => string): Server =>
  createHttpServer(({ socket, url }, response) => {
    if (!state.isReachable(member)) socket.destroy();
    else if (url !== '/metrics') response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/plain;charset=utf-8' }).end(pageOf(member));
  });

const createMonitor = (cluster: CephCluster, member: string): Server =>
  createServer((socket) => {
    socket.on('error', () => {});
    if (cluster.monitors.includes(member)) socket.write(greeting);
    else socket.destroy();
  });
