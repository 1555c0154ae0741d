// A process of its own with COUNT simulated BMCs on loopback; prints their ports as JSON and ends with its stdin.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createBoard } from '../../dist/demo/bmc/board.js';
import { createCommands } from '../../dist/demo/bmc/commands.js';
import { RmcpServer } from '../../dist/demo/bmc/rmcp-server.js';

const ports = [];
for (let i = 0; i < Number(process.argv[2]); i++) {
  const server = new RmcpServer({
    users: [{ name: 'monitor', password: 'bench', privilege: 2 }],
    run: createCommands(createBoard(`bmc${i}`)),
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
