// A process of its own that passes datagrams on to ADDRESS PORT; any message from its parent is answered with the number
// of requests since the last one.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [address, port] = process.argv.slice(2);
const front = createSocket('udp4');
const backs = new Map();
let count = 0;

front.on('message', (bytes, client) => {
  count++;
  let back = backs.get(client.port);
  if (!back) {
    back = createSocket('udp4');
    back.on('message', (answer) => front.send(answer, client.port, client.address));
    backs.set(client.port, back);
  }
  back.send(bytes, Number(port), address);
});
process.on('message', () => {
  process.send({ count });
  count = 0;
});
process.on('disconnect', () => process.exit());
front.bind(0, '127.0.0.1');
await once(front, 'listening');
process.send({ port: front.address().port });
