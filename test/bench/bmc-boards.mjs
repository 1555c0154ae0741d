// A process of its own with COUNT simulated BMCs on loopback, whose readings never stand still; prints their ports as JSON
// and ends with its stdin.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createBoard } from '../../dist/demo/bmc/board.js';
import { createCommands } from '../../dist/demo/bmc/commands.js';
import { RmcpServer } from '../../dist/demo/bmc/rmcp-server.js';

const SENSOR = 0x04;
const GET_READING = 0x2d;

/** Commands of a board, each reading of which is up to 2 % above or below the usual. */
function unsteady(board) {
  const run = createCommands(board);
  const analogue = board.sensors.filter(({ scale, value }) => scale && value !== undefined);
  const usual = new Map(analogue.map((sensor) => [sensor.number, { sensor, value: sensor.value }]));
  return (netFn, command, data, privilege) => {
    const known = netFn === SENSOR && command === GET_READING ? usual.get(data[0]) : undefined;
    if (known) known.sensor.value = known.value * (0.98 + 0.04 * Math.random());
    return run(netFn, command, data, privilege);
  };
}

const ports = [];
for (let i = 0; i < Number(process.argv[2]); i++) {
  const server = new RmcpServer({
    users: [{ name: 'monitor', password: 'bench', privilege: 2 }],
    run: unsteady(createBoard(`bmc${i}`)),
    guid: Buffer.alloc(16, i),
    algorithms: [3],
  });
  const socket = createSocket('udp4');
  socket.on('message', (datagram, { address, port }) => {
    const answer = server.answer(datagram);
    if (answer) socket.send(answer, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  ports.push(socket.address().port);
}
process.stdout.write(`${JSON.stringify(ports)}\n`);
process.stdin.on('end', () => process.exit()).resume();
