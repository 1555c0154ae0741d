import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noFaults } from '../faults.ts';
import type { DemoPart } from '../part.ts';
import { members, osds } from '../rack.ts';
import { type Board, createBoard } from './board.ts';
import { type BoardFaults, createFaultsOf } from './board-faults.ts';
import { createCommands } from './commands.ts';
import { buildResources } from './redfish-resources.ts';
import { createRedfishServer } from './redfish-server.ts';
import { RmcpServer } from './rmcp-server.ts';

export interface BmcPart extends DemoPart {
  /** By member; what is changed here is seen by whoever reads the BMC. */
  readonly boards: ReadonlyMap<string, Board>;
}

interface BmcDemoOptions {
  /** Whether a member's server has power; asked whenever its BMC is. The BMC itself lives on standby power. */
  readonly isPowered?: (member: string) => boolean;
  readonly faults?: BoardFaults;
}

interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

const USER = 'monitor';
const PASSWORD = 'demo';

/** The BMCs of the three members: all speak IPMI, and the last one is read over Redfish. */
export async function startBmcs({
  isPowered = () => true,
  faults = noFaults(),
}: BmcDemoOptions = {}): Promise<BmcPart> {
  const folder = mkdtempSync(join(tmpdir(), 'rackwatch-demo-bmc-'));
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
  const boards = new Map(members.map(({ name }) => [name, createBoard(name)]));
  const listeners: Listener[] = [];
  const targets: object[] = [];
  for (const [index, { name: member }] of members.entries()) {
    const board = boards.get(member) as Board;
    const isSilent = () => faults.silentBmcs.has(member);
    const showFaults = createFaultsOf(board, faults);
    // As it is when it is asked, so that nobody reads what was before a fault that has begun.
    const refresh = () => {
      setPower(board, isPowered(member));
      showFaults();
    };
    const ipmi = await listenIpmi(board, isSilent, refresh);
    listeners.push(ipmi);
    if (index < members.length - 1) {
      targets.push({ member, address: '127.0.0.1', port: ipmi.port, protocol: 'ipmi' });
      continue;
    }
    for (const [slot] of osds.filter((osd) => osd.member === member).entries())
      board.drives.push({ name: `Disk.Bay.${slot}`, isFailing: false });
    const redfish = await listenRedfish(board, isSilent, refresh);
    listeners.push(redfish);
    targets.push({ member, address: '127.0.0.1', port: redfish.port, protocol: 'redfish', plain_http: true });
  }
  const close = async () => {
    await Promise.all(listeners.map((listener) => listener.close()));
    rmSync(folder, { recursive: true, force: true });
  };
  return { boards, config: { defaults: { user: USER, password_file: passwordFile }, targets }, close };
}

async function listenIpmi(board: Board, isSilent: () => boolean, refresh: () => void): Promise<Listener> {
  const server = new RmcpServer({
    users: [{ name: USER, password: PASSWORD, privilege: 4 }],
    run: createCommands(board),
    guid: Buffer.from(board.name.padEnd(16, '.')),
    algorithms: [1, 3],
  });
  const socket = createSocket('udp4');
  socket.on('message', (datagram, { address, port }) => {
    if (isSilent()) return;
    refresh();
    const answer = server.answer(datagram);
    if (answer) socket.send(answer, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

async function listenRedfish(board: Board, isSilent: () => boolean, refresh: () => void): Promise<Listener> {
  const resources = () => {
    refresh();
    return buildResources(board);
  };
  const server = createRedfishServer({ user: USER, password: PASSWORD, resources });
  server.prependListener('request', ({ socket }) => void (isSilent() && socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A server without power has cold processors and still fans, and draws what its BMC needs. */
function setPower(board: Board, isPowered: boolean): void {
  if (board.powerOn === isPowered) return;
  board.powerOn = isPowered;
  board.watts = isPowered ? 212 : 9;
  const nominal = createBoard(board.name);
  for (const [index, sensor] of board.sensors.entries()) {
    const value = nominal.sensors[index]?.value;
    if (sensor.type === 1 || sensor.type === 4) sensor.value = isPowered ? value : undefined;
  }
}
