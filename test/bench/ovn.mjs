import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { northboundTables } from '../../dist/sources/ovn/client/northbound.js';
import { Session } from '../../dist/sources/ovn/client/session.js';
import { southboundTables } from '../../dist/sources/ovn/client/southbound.js';
import { median } from './cost.mjs';

const PORTS = 10_000;
const NETWORKS = 12;
const FLAPS = 1_000;
/** The first one is also what V8 takes to compile, and to look through the new replica for what is dead. */
const ROUNDS = 7;

/** Ten thousand ports on real ovsdb-servers, against the OVSDB project's own client, which is written in C. */
export async function run(report) {
  const folder = mkdtempSync(join(tmpdir(), 'rackwatch-bench-'));
  const servers = ['nb', 'sb'].map((name) => startServer(folder, name));
  try {
    const sessions = await Promise.all(servers.map(({ socket }) => openSession(socket)));
    const bindings = await fill(...sessions);
    await measure(report, servers, sessions[1], bindings);
    for (const session of sessions) session.close();
  } finally {
    for (const { child } of servers) child.kill();
    await Promise.all(servers.map(({ ended }) => ended));
    rmSync(folder, { recursive: true });
  }
}

async function measure(report, servers, session, bindings) {
  const same = dump(servers, [northboundTables, southboundTables]);
  const whole = dump(servers, []);
  const script = fileURLToPath(new URL('ovn-client.mjs', import.meta.url));
  const sockets = servers.map(({ socket }) => socket);
  const child = spawn(process.execPath, ['--expose-gc', script, ...sockets], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const ask = (word) => {
    child.stdin.write(`${word}\n`);
    return next();
  };
  const ready = await next();
  if (ready.ports !== PORTS) throw new Error(`${ready.ports} ports instead of ${PORTS}`);
  report(
    `ovn: first replica of ${PORTS} ports, against ovsdb-client dump of the same columns`,
    ready.readyMs / same.wallMs,
    'times',
    `${ready.readyMs.toFixed(0)} ms against ${same.wallMs.toFixed(0)} ms; CPU ${ready.cpuMs.toFixed(0)} ms`,
    2,
  );
  report('ovn: peak of memory above empty', ready.grownBytes / 2 ** 20, 'MiB', `${PORTS} ports`, 120);
  const costs = [];
  for (let round = 0; round < ROUNDS; round++) {
    await ask('watch');
    await flap(session, bindings, round % 2 === 1);
    costs.push((await ask('flapped')).cpuMs);
  }
  const flaps = median(costs);
  report(
    `ovn: ${FLAPS} ports that flap, one transaction each, against one dump of the databases`,
    flaps / whole.cpuMs,
    'times',
    `${flaps.toFixed(0)} ms against ${whole.cpuMs.toFixed(0)} ms CPU; the first time ${costs[0].toFixed(0)}`,
    1 / 20,
  );
  const scrape = await ask('scrape');
  report(`ovn: a scrape in which nothing has changed, ${PORTS} ports`, scrape.cpuMs, 'ms CPU', '', 3);
  child.stdin.end();
  await once(child, 'exit');
}

function startServer(folder, name) {
  const schema = `/usr/share/ovn/ovn-${name}.ovsschema`;
  const [file, socket] = ['db', 'sock'].map((end) => join(folder, `${name}.${end}`));
  execFileSync('ovsdb-tool', ['-vconsole:off', 'create', file, schema]);
  const args = [
    '-vconsole:off',
    '--no-chdir',
    `--remote=punix:${socket}`,
    `--unixctl=${join(folder, `${name}.ctl`)}`,
    file,
  ];
  const child = spawn('ovsdb-server', args, { stdio: 'ignore' });
  return { socket, child, ended: once(child, 'exit'), database: name === 'nb' ? 'OVN_Northbound' : 'OVN_Southbound' };
}

async function openSession(path) {
  for (let attempt = 0; ; attempt++) {
    const stream = connect(path);
    try {
      await once(stream, 'connect');
      const options = { answerTimeoutMs: 60_000, idleMs: 60_000, maxMessageBytes: 2 ** 28, onNotification: () => {} };
      return new Session(stream, options);
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const portName = (port) => {
  const hex = port.toString(16).padStart(12, '0');
  return `lxd-net${2 + (port % NETWORKS)}-instance-a0020001-0002-4001-8000-${hex}-eth0`;
};
const map = (pairs) => ['map', Object.entries(pairs)];
const insert = (table, row, name) => ({ op: 'insert', table, row, 'uuid-name': name });

/** What LXD and northd would have written; returns the UUIDs of the port bindings. */
async function fill(northbound, southbound) {
  const networks = Array.from({ length: NETWORKS }, (_, index) => `lxd-net${2 + index}`);
  const ports = Array.from({ length: PORTS }, (_, port) => port);
  const external_ids = (port) =>
    map({ lxd_location: `host${port % 3}`, lxd_switch: `lxd-net${2 + (port % NETWORKS)}-ls-int` });
  await transact(northbound, 'OVN_Northbound', [
    insert('NB_Global', {}),
    ...ports.map((port) =>
      insert('Logical_Switch_Port', { name: portName(port), up: true, external_ids: external_ids(port) }, `p${port}`),
    ),
    ...networks.map((name, index) => {
      const own = ports.filter((port) => port % NETWORKS === index).map((port) => ['named-uuid', `p${port}`]);
      return insert('Logical_Switch', { name: `${name}-ls-int`, ports: ['set', own] });
    }),
    ...networks.map((name) => insert('Logical_Router', { name: `${name}-lr` })),
  ]);
  const chassis = [0, 1, 2].flatMap((host) => [
    insert('Encap', { type: 'geneve', ip: `10.0.0.${host}`, chassis_name: `sys${host}` }, `e${host}`),
    insert('Chassis', { name: `sys${host}`, hostname: `host${host}`, encaps: ['named-uuid', `e${host}`] }, `c${host}`),
  ]);
  const datapaths = networks.map((name, index) =>
    insert('Datapath_Binding', { tunnel_key: index + 1, external_ids: map({ name: `${name}-ls-int` }) }, `d${index}`),
  );
  const bindings = ports.map((port) =>
    insert('Port_Binding', {
      logical_port: portName(port),
      tunnel_key: 1 + Math.floor(port / NETWORKS),
      datapath: ['named-uuid', `d${port % NETWORKS}`],
      chassis: ['named-uuid', `c${port % 3}`],
      up: true,
      external_ids: external_ids(port),
    }),
  );
  const head = [insert('SB_Global', {}), ...chassis, ...datapaths];
  const result = await transact(southbound, 'OVN_Southbound', [...head, ...bindings]);
  return result.slice(head.length).map(({ uuid }) => uuid);
}

async function transact(session, database, operations) {
  const result = await session.request('transact', [database, ...operations]);
  const failed = result.find((one) => one?.error);
  if (failed) throw new Error(JSON.stringify(failed));
  return result;
}

async function flap(session, bindings, up) {
  for (let flap = 0; flap < FLAPS; flap++) {
    const where = [['_uuid', '==', bindings[(flap * 7) % PORTS]]];
    await transact(session, 'OVN_Southbound', [{ op: 'update', table: 'Port_Binding', where, row: { up } }]);
  }
}

/** Without a selection it is everything, as whoever polls the database reads it. */
function dump(servers, selections) {
  const commands = servers.flatMap(({ database, socket }, index) => {
    const base = `ovsdb-client -t 60 dump unix:${socket} ${database}`;
    const tables = selections[index] && Object.entries(selections[index]);
    return tables ? tables.map(([table, { columns }]) => `${base} ${table} ${Object.keys(columns).join(' ')}`) : [base];
  });
  const script = `${commands.map((command) => `${command} >/dev/null || exit 1`).join('\n')}\ntimes`;
  const started = performance.now();
  const output = execFileSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const wallMs = performance.now() - started;
  const [user, system] = output.trim().split('\n')[1].split(' ').map(toMs);
  return { wallMs, cpuMs: user + system };
}

/** `0m1.234s`, as bash writes it. */
function toMs(text) {
  const [, minutes, seconds] = /^(\d+)m([\d.]+)s$/.exec(text);
  return (Number(minutes) * 60 + Number(seconds)) * 1000;
}
