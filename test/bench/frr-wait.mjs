import { connect } from 'node:net';

/*
 * Another client of a daemon, in a process of its own: asks something trivial every other millisecond and says, when
 * told to, how long it waited since it was asked last. A daemon of FRR has one thread, so that is how long it is busy.
 */

function watch(path) {
  const socket = connect(path);
  let waits = [];
  let tail = Buffer.alloc(0);
  let startedAt = 0;
  const ask = () => {
    startedAt = performance.now();
    socket.write('show bgp vrfs json\0');
  };
  socket.on('connect', () => {
    process.send('ready');
    ask();
  });
  socket.on('data', (chunk) => {
    tail = Buffer.concat([tail, chunk]);
    const end = tail.indexOf(0);
    if (end < 0 || tail.length < end + 4) return;
    tail = Buffer.alloc(0);
    waits.push(performance.now() - startedAt);
    setTimeout(ask, 2);
  });
  process.on('message', () => {
    process.send(waits);
    waits = [];
  });
  process.on('disconnect', () => socket.destroy());
}

if (process.send) watch(process.argv[2]);
