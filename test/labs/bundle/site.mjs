// site.mjs FOLDER: what the bundle finds around itself, in the network of this process: the simulated cluster, for which FOLDER
// gets a configuration of rackwatch, and at 127.0.0.1:8080 whoever is told of alerts. It counts pings, keeps what it is told,
// and shows both at GET /. PUT and DELETE /transit bring back and cut the providers' sessions.
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { systemClock } from '../../../dist/core/clock.js';
import { startDemoRack } from '../../../dist/demo/index.js';

const [folder = ''] = process.argv.slice(2);
const inContainer = '/etc/rackwatch';
process.env.TMPDIR = folder;

const rack = await startDemoRack(systemClock, 1);
// A router and a fleet are enough to see the bundle at work, and light enough to be read by two beside all that is started.
const { defaults, targets } = rack.sources.bmc;
const { address, member, port } = targets.find(({ protocol = 'ipmi' }) => protocol === 'ipmi');
const fleet = { modules: { default: { ...defaults, port } }, members: [{ member, address }] };
const config = { sources: { frr: rack.sources.frr, bmc: { fleet } } };
writeFileSync(join(folder, 'rackwatch.yaml'), JSON.stringify(config).replaceAll(folder, inContainer));
// The user of the container owns none of it.
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
  chmodSync(join(entry.parentPath, entry.name), 0o777);
chmodSync(folder, 0o777);

const told = [];
let pings = 0;
const faults = rack.state.faults;
const peers = ['192.0.2.1', '192.0.2.2'];
const routes = {
  'GET /': () => JSON.stringify({ pings, told }),
  'POST /ping': () => void pings++,
  'POST /alerts': (body) => void told.push(JSON.parse(body)),
  'DELETE /transit': () => peers.forEach((peer) => void faults.downPeers.add(peer)),
  'PUT /transit': () => faults.downPeers.clear(),
};
createServer(async (request, response) => {
  const chunks = await request.toArray();
  response.end(routes[`${request.method} ${request.url}`]?.(Buffer.concat(chunks).toString()) ?? '');
}).listen(8080, '127.0.0.1', () => process.stdout.write('ready\n'));
