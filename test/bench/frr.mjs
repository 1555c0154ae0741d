import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuMsOf, freePort } from './process.mjs';

/*
 * rackwatch against Debian's prometheus-frr-exporter, both as servers of their own, on the same real router in the same
 * run: CPU time of the processes from /proc, over many scrapes. Needs root, the packages of the lab, and its chroot.
 */

const root = join(import.meta.dirname, '../..');
const labs = join(process.env.TMPDIR ?? tmpdir(), 'rackwatch-lab/frr');
const script = (name, ...args) =>
  execFileSync('bash', [join(root, 'test/labs/frr', name), ...args], { stdio: 'ignore' });

async function serve(command, args, port) {
  const child = spawn(command, args, { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/metrics`;
  for (let tries = 0; tries < 300; tries++) {
    const text = await fetch(url).then(
      (response) => response.text(),
      () => '',
    );
    if (text.includes('frr_bgp_peer_state{')) return { pid: child.pid, url, stop: () => child.kill('SIGKILL') };
    await delay(200);
  }
  child.kill('SIGKILL');
  throw new Error(`${command} shows no peers`);
}

/**
 * Debian 13's. Debian 12's 1.1.4 runs vtysh for BFD, which finds the router at the default path only: that is bound to
 * the router's folder in a mount namespace of the exporter's own.
 */
async function serveExporter(release, folder, ...flags) {
  const port = await freePort();
  const all = [`--web.listen-address=127.0.0.1:${port}`, '--collector.bgp6', '--no-collector.ospf', ...flags];
  if (release === '1.4') {
    const program = join(labs, '../frr-trixie/usr/bin/prometheus-frr-exporter');
    return serve(program, [...all, `--frr.socket.dir-path=${folder}`], port);
  }
  const mount = 'mkdir -p /run/frr; mount --bind "$0" /run/frr; exec prometheus-frr-exporter "$@"';
  return serve('unshare', ['-m', 'bash', '-c', mount, folder, ...all], port);
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

const agent = new Agent({ keepAlive: true });

/** What Prometheus 2.53 asks for: compressed, in a text format. */
const headers = {
  accept: 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
  'accept-encoding': 'gzip',
  'user-agent': 'Prometheus/2.53.0',
  'x-prometheus-scrape-timeout-seconds': '10',
};

/** As Prometheus does it: over a connection that is kept. */
const scrape = ({ url }) =>
  new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => response.resume().on('end', resolve)).on('error', reject);
  });

/**
 * CPU and wall milliseconds of one scrape, in turns so that all sides meet the same machine, once the code is compiled.
 * @param daemon the pid of the daemon whose CPU time is told apart
 */
async function compare(servers, { daemon, rounds, warmUp }) {
  for (let i = 0; i < warmUp; i++) for (const server of servers) await scrape(server);
  const results = servers.map(({ pid }) => ({ cpu: -cpuMsOf(pid), daemon: 0, walls: [] }));
  for (let i = 0; i < rounds; i++) {
    for (const [index, server] of servers.entries()) {
      const before = cpuMsOf(daemon);
      const started = performance.now();
      await scrape(server);
      results[index].walls.push(performance.now() - started);
      results[index].daemon += cpuMsOf(daemon) - before;
    }
  }
  return results.map((result, index) => ({
    cpu: (result.cpu + cpuMsOf(servers[index].pid)) / rounds,
    daemon: result.daemon / rounds,
    wall: result.walls.sort((a, b) => a - b)[Math.floor(rounds / 2)],
  }));
}

const lean = { neighbors: false, prefixes: false, daemons: false };
const all = ['watchfrr', 'zebra', 'bgpd', 'bfdd', 'vrrpd'];
const details = ['peer-descriptions', 'peer-descriptions.plain-text', 'peer-groups', 'peer-hostnames'];
const detailFlags = details.map((name) => `--collector.bgp.${name}`);

const pidOf = (folder, daemon) => Number(readFileSync(join(folder, `${daemon}.pid`), 'utf8'));
const stopAll = (servers) => {
  for (const server of servers) server.stop();
};

async function twelvePeers(report) {
  script('chroot.sh');
  script('up.sh', '8');
  const folder = join(labs, '8/run/r1');
  const daemon = pidOf(folder, 'bgpd');
  const same = await serveRackwatch(folder, ['bgpd', 'bfdd', 'vrrpd'], lean);
  const servers = [
    await serveExporter('1.4', folder, '--collector.vrrp'),
    same,
    await serveExporter('1.4', folder, '--collector.vrrp', ...detailFlags),
    await serveRackwatch(folder, all, {}),
  ];
  // V8 goes on compiling what a scrape of 5 ms runs for more than a thousand of them, which is six hours of a real one.
  const [theirs, ours, theirDetails, everything] = await compare(servers, { daemon, rounds: 400, warmUp: 1500 });
  const old = await serveExporter('1.1', folder, '--collector.vrrp');
  const [withVtysh, beside] = await compare([old, same], { daemon, rounds: 30, warmUp: 10 });
  stopAll([...servers, old]);
  const note = ({ daemon: spent }) => `and ${spent.toFixed(1)} ms of bgpd`;
  report(
    '12 peers: frr_exporter 1.1.4, bgp bgp6 bfd vrrp',
    withVtysh.cpu,
    'ms CPU',
    `${note(withVtysh)}, with its vtysh`,
  );
  report('12 peers: frr_exporter 1.4.0, bgp bgp6 bfd vrrp', theirs.cpu, 'ms CPU', note(theirs));
  report('12 peers: rackwatch, the same', ours.cpu, 'ms CPU', note(ours));
  report('12 peers: the same, rackwatch / frr_exporter 1.1.4', beside.cpu / withVtysh.cpu, 'of CPU', '', 1);
  report('12 peers: the same, rackwatch / frr_exporter 1.4.0', ours.cpu / theirs.cpu, 'of CPU', '', 1);
  report('12 peers: frr_exporter 1.4.0 with the details it has', theirDetails.cpu, 'ms CPU', note(theirDetails));
  report(
    '12 peers: rackwatch, everything',
    everything.cpu,
    'ms CPU',
    `${note(everything)}; details, routes, daemons, table`,
  );
  script('down.sh', '8');
}

async function twoHundredPeers(report) {
  script('scale.sh', '8');
  const folder = join(labs, '8/run/s');
  const daemon = pidOf(folder, 'bgpd');
  const servers = [
    await serveExporter('1.4', folder, '--no-collector.bfd'),
    await serveRackwatch(folder, ['bgpd'], lean),
    await serveExporter('1.4', folder, '--no-collector.bfd', ...detailFlags),
    await serveRackwatch(folder, ['bgpd', 'zebra'], {}),
  ];
  const [theirs, same, theirDetails, ours] = await compare(servers, { daemon, rounds: 100, warmUp: 150 });
  const note = ({ daemon: spent, wall }) => `${wall.toFixed(0)} ms wall, and ${spent.toFixed(1)} ms of bgpd`;
  report('200 peers, 50k routes: frr_exporter 1.4.0, bgp bgp6', theirs.cpu, 'ms CPU', note(theirs));
  report('200 peers, 50k routes: rackwatch, the same', same.cpu, 'ms CPU', note(same));
  report('200 peers, 50k routes: the same, CPU ratio', same.cpu / theirs.cpu, 'of CPU', '', 1);
  report('200 peers, 50k routes: the same, wall ratio', same.wall / theirs.wall, 'of time', '', 1);
  report('200 peers: frr_exporter with the details it has', theirDetails.cpu, 'ms CPU', note(theirDetails));
  report('200 peers: rackwatch, everything', ours.cpu, 'ms CPU', note(ours));
  await reportWaits(report, folder, { 'nobody scrapes': undefined, frr_exporter: servers[0], rackwatch: servers[3] });
  stopAll(servers);
  script('down.sh', '8');
}

/**
 * How long bgpd is blocked: as another client of it sees it, on a machine that is busy itself, so against what that client
 * sees when nobody scrapes; and by bgpd's own count of the CPU time of a command, which knows no machine.
 */
async function reportWaits(report, folder, cases) {
  const other = fork(join(import.meta.dirname, 'frr-wait.mjs'), [join(folder, 'bgpd.vty')]);
  await once(other, 'message');
  const waits = new Map(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < 6; round++) {
    for (const [name, server] of Object.entries(cases)) {
      other.send('forget');
      await once(other, 'message');
      const until = performance.now() + 1500;
      while (performance.now() < until) await (server ? scrape(server) : delay(100));
      other.send('tell');
      waits.get(name).push(...(await once(other, 'message'))[0]);
    }
  }
  other.disconnect();
  const of = (name, quantile) => waits.get(name).sort((a, b) => a - b)[Math.floor(waits.get(name).length * quantile)];
  for (const name of waits.keys())
    report(
      `200 peers: another client waits, ${name}`,
      of(name, 0.999),
      'ms',
      `99.9 %; half ${of(name, 0.5).toFixed(1)} ms`,
    );
  const ask = (command) =>
    execFileSync('vtysh', ['--vty_socket', folder, '-d', 'bgpd', '-c', command], { encoding: 'utf8' });
  ask('clear thread cpu');
  for (let i = 0; i < 20; i++) await scrape(cases.rackwatch);
  // Active, runtime, invoked, CPU microseconds on average and at most, …
  const line = ask('show thread cpu')
    .split('\n')
    .find((text) => text.endsWith('vtysh_read'));
  const longest = Number(line.trim().split(/\s+/)[4]) / 1000;
  report('200 peers: longest command of rackwatch, by bgpd', longest, 'ms CPU', 'of bgpd', 50);
}

export async function run(report) {
  await twelvePeers(report);
  await twoHundredPeers(report);
}
