import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/*
 * rackwatch against Debian's prometheus-frr-exporter, both as servers of their own, on the same real router in the same
 * run: CPU time of the processes from /proc, over many scrapes. Needs root and the packages of the lab.
 */

const root = join(import.meta.dirname, '../..');
const labs = join(process.env.TMPDIR ?? tmpdir(), 'rackwatch-lab/frr');
const script = (name, ...args) =>
  execFileSync('bash', [join(root, 'test/labs/frr', name), ...args], { stdio: 'ignore' });

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Jiffies of 10 ms, user and system. */
function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function serve(command, args, port) {
  const child = spawn(command, args, { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/metrics`;
  for (let tries = 0; tries < 300; tries++) {
    const text = await fetch(url).then(
      (response) => response.text(),
      () => '',
    );
    if (text.includes('frr_bgp_peer_state{')) return { pid: child.pid, url, stop: () => child.kill('SIGKILL') };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  child.kill('SIGKILL');
  throw new Error(`${command} shows no peers`);
}

async function serveExporter(folder) {
  const port = await freePort();
  return serve(
    'prometheus-frr-exporter',
    [
      ...[`--web.listen-address=127.0.0.1:${port}`, `--frr.socket.dir-path=${folder}`],
      ...['--collector.bgp6', '--no-collector.bfd', '--no-collector.ospf'],
    ],
    port,
  );
}

async function serveRackwatch(folder, daemons, collectors) {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'rackwatch-bench-'));
  const sockets = Object.fromEntries(daemons.map((daemon) => [daemon, `${folder}/${daemon}.vty`]));
  const frr = { min_age: '0s', routers: [{ name: 'r1', sockets }], collectors };
  writeFileSync(join(directory, 'rackwatch.yaml'), JSON.stringify({ sources: { frr } }));
  const main = [join(root, 'dist/main.js'), 'serve', '--config', join(directory, 'rackwatch.yaml')];
  const server = await serve(process.execPath, [...main, '--listen', `127.0.0.1:${port}`], port);
  return {
    ...server,
    stop: () => {
      server.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

/** CPU and wall milliseconds of one scrape, in turns so that both sides meet the same machine. */
async function compare(servers, rounds) {
  const scrape = async ({ url }) => (await fetch(url, { headers: { 'accept-encoding': 'identity' } })).arrayBuffer();
  for (let i = 0; i < rounds / 2; i++) for (const server of servers) await scrape(server);
  const before = servers.map(({ pid }) => cpuMs(pid));
  const walls = servers.map(() => []);
  for (let i = 0; i < rounds; i++) {
    for (const [index, server] of servers.entries()) {
      const started = performance.now();
      await scrape(server);
      walls[index].push(performance.now() - started);
    }
  }
  return servers.map(({ pid }, index) => ({
    cpu: (cpuMs(pid) - before[index]) / rounds,
    wall: walls[index].sort((a, b) => a - b)[Math.floor(rounds / 2)],
  }));
}

/** How long a second client of bgpd waits at most for a trivial answer while `work` goes on. */
async function longestWait(path, work) {
  const socket = connect(path);
  const ask = () =>
    new Promise((resolve) => {
      const started = performance.now();
      let tail = Buffer.alloc(0);
      const onData = (chunk) => {
        tail = Buffer.concat([tail, chunk]);
        const end = tail.indexOf(0);
        if (end < 0 || tail.length < end + 4) return;
        socket.off('data', onData);
        resolve(performance.now() - started);
      };
      socket.on('data', onData);
      socket.write('show bgp vrfs json\0');
    });
  let isOver = false;
  const worked = work().finally(() => {
    isOver = true;
  });
  const waits = [];
  while (!isOver) waits.push(await ask());
  await worked;
  socket.destroy();
  // A busy machine makes everybody wait now and then; what a command costs shows in nearly every scrape.
  waits.sort((a, b) => a - b);
  return { longest: waits.at(-1), usual: waits[Math.floor(waits.length * 0.999)] };
}

const lean = { neighbors: false, prefixes: false, daemons: false };
const all = ['watchfrr', 'zebra', 'bgpd', 'bfdd', 'vrrpd'];

async function twelvePeers(report) {
  script('up.sh', '8');
  const folder = join(labs, '8/run/r1');
  const servers = [
    await serveExporter(folder),
    await serveRackwatch(folder, ['bgpd'], lean),
    await serveRackwatch(folder, all, {}),
  ];
  const [theirs, same, ours] = await compare(servers, 100);
  for (const server of servers) server.stop();
  report('12 peers: frr_exporter, bgp and bgp6', theirs.cpu, 'ms CPU');
  report('12 peers: rackwatch, the same', same.cpu, 'ms CPU');
  report('12 peers: the same, rackwatch / frr_exporter', same.cpu / theirs.cpu, 'of CPU', '', 1);
  report('12 peers: rackwatch, everything', ours.cpu, 'ms CPU', 'details, BFD, VRRP, routes, daemons, table');
  script('down.sh', '8');
}

async function twoHundredPeers(report) {
  script('scale.sh', '8');
  const folder = join(labs, '8/run/s');
  const servers = [
    await serveExporter(folder),
    await serveRackwatch(folder, ['bgpd'], lean),
    await serveRackwatch(folder, ['bgpd', 'zebra'], {}),
  ];
  const [theirs, same, ours] = await compare(servers, 40);
  report('200 peers, 50k routes: frr_exporter, bgp and bgp6', theirs.cpu, 'ms CPU');
  report('200 peers, 50k routes: rackwatch, the same', same.cpu, 'ms CPU');
  report('200 peers, 50k routes: the same, CPU ratio', same.cpu / theirs.cpu, 'of CPU', '', 1);
  report('200 peers, 50k routes: the same, wall ratio', same.wall / theirs.wall, 'of time', '', 1);
  report('200 peers, 50k routes: rackwatch, everything', ours.cpu, 'ms CPU');
  const wait = await longestWait(join(folder, 'bgpd.vty'), () => compare([servers[2]], 20));
  report('200 peers: another client of bgpd waits', wait.usual, 'ms', `at most ${wait.longest.toFixed(0)} ms`, 50);
  for (const server of servers) server.stop();
  script('down.sh', '8');
}

export async function run(report) {
  await twelvePeers(report);
  await twoHundredPeers(report);
}
