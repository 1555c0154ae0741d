import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { App } from '../../src/app.ts';
import { parseConfig } from '../../src/config/problems.ts';
import { configSchema } from '../../src/config/schema.ts';
import { type DemoRack, startDemoRack } from '../../src/demo/index.ts';
import { redundancy } from '../../src/insights/redundancy.ts';
import { survival } from '../../src/insights/survival.ts';
import { sources } from '../../src/sources/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';

let rack: DemoRack;
let app: App;

beforeAll(async () => {
  rack = await startDemoRack();
  // Time enough on a machine that has much else to do.
  const settings = { timeout: '30s', min_age: '0s' };
  const eager = Object.entries(rack.sources).map(([name, source]) => [name, { ...source, ...settings }]);
  const text = stringify({ sources: Object.fromEntries(eager), insights: rack.insights, scrape_timeout: '60s' });
  const insights = [redundancy, survival];
  const config = parseConfig(configSchema(sources, insights), text, 'demo');
  app = new App({ config, sources, insights, log: createLogger('silent') });
}, 90_000);

afterAll(async () => {
  await app?.close();
  await rack?.close();
});

/** The samples of one scrape of a family: the values of their labels, and their own. */
async function scrape(family: string): Promise<Record<string, number>> {
  const page = Buffer.concat(await app.scrape(app.deadline())).toString('utf8');
  const samples = [...page.matchAll(new RegExp(`^${family}\\{(.*)\\} (\\S+)$`, 'gm'))];
  return Object.fromEntries(
    samples.map(([, labels = '', value]) => [
      labels.replaceAll(/\w+="([^"]*)"/g, '$1').replaceAll(',', ' '),
      Number(value),
    ]),
  );
}

const tolerated = 'rackwatch_redundancy_faults_tolerated';
const survives = 'rackwatch_survives_member_loss';

const pools = ['.mgr', 'lxd-hdd', 'lxd-ssd', 'lxd-cephfs_meta', 'lxd-cephfs_data'];
const networkIds = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const anycast = ['203.0.113.53/32', '203.0.113.123/32', '203.0.113.80/32'];
const each = (component: string, names: readonly (string | number)[], value: number) =>
  Object.fromEntries(names.map((name) => [`${component}${name}`, value]));

/** What every component stands, whether a member is there or away. */
const shared = (isWhole: boolean) => ({
  ...{ ceph_mon: isWhole ? 1 : 0, ceph_mgr: isWhole ? 2 : 1, 'ceph_mds lxd-cephfs': isWhole ? 2 : 1 },
  ...{ ovn_nb: isWhole ? 1 : 0, ovn_sb: isWhole ? 1 : 0, lxd_voter: isWhole ? 1 : 0 },
  ...each('ceph_osd_host ', pools, isWhole ? 1 : 0),
  ...each('ovn_gateway lxd-net', networkIds, isWhole ? 2 : 1),
  ...each('vrrp_backup 10/', ['ipv4', 'ipv6'], isWhole ? 2 : 1),
  ...each('bgp_transit ', ['ipv4', 'ipv6'], 1),
  ...each('anycast_origin ', anycast, isWhole ? 2 : 1),
});

const healthy = {
  ...shared(true),
  ...each('psu ', ['abydos', 'langara', 'orilla'], 1),
  ...each('fan ', ['abydos', 'langara', 'orilla'], 1),
  ...each('mesh_link ', ['abydos', 'langara', 'orilla'], 1),
  ...each('bond_leg abydos ', ['bond-sw01', 'bond-mesh01', 'bond-mesh02'], 1),
  ...each('bond_leg langara ', ['bond-sw01', 'bond-mesh01', 'bond-mesh02'], 1),
  ...each('bond_leg orilla ', ['bond-sw01', 'bond-mesh01', 'bond-mesh02'], 1),
};

/** Each of the others has lost the bond that led to it; its own links are unknown, and its BMC lives on. */
const withoutOrilla = {
  ...shared(false),
  ...each('psu ', ['abydos', 'langara', 'orilla'], 1),
  ...each('fan ', ['abydos', 'langara'], 1),
  ...each('mesh_link ', ['abydos', 'langara'], 0),
  ...{ 'bond_leg abydos bond-sw01': 1, 'bond_leg abydos bond-mesh01': 1, 'bond_leg abydos bond-mesh02': -1 },
  ...{ 'bond_leg langara bond-sw01': 1, 'bond_leg langara bond-mesh01': -1, 'bond_leg langara bond-mesh02': 1 },
};

const resources = ['memory', 'gateways', 'lxd_quorum', 'ceph_quorum', 'ovn_nb_quorum', 'ovn_sb_quorum'];
const availability = pools.map((pool) => `storage_availability ${pool}`);
const recovery = ['storage_recovery hdd', 'storage_recovery ssd'];

test('a member that dies shows in the whole ledger at the next scrape, and its return as well', {
  timeout: 180_000,
}, async () => {
  expect(await scrape(tolerated)).toEqual(healthy);
  expect(await scrape(survives)).toEqual({
    ...each('abydos ', [...resources, ...availability], 1),
    ...each('langara ', [...resources, ...availability], 1),
    ...each('orilla ', [...resources, ...availability], 1),
    // Three hosts have no place for a third copy of what one of them held.
    ...each('abydos ', recovery, 0),
    ...each('langara ', recovery, 0),
    ...each('orilla ', recovery, 0),
  });

  rack.state.kill('orilla');
  // Its fans stop when its BMC has noticed, a second later.
  const { 'fan orilla': _, ...now } = await scrape(tolerated);
  expect(now).toEqual(withoutOrilla);
  const loss = await scrape(survives);
  const fragile = ['lxd_quorum', 'ceph_quorum', 'ovn_nb_quorum', 'ovn_sb_quorum', ...availability, ...recovery];
  expect(loss).toEqual({
    ...each('abydos ', ['memory', 'gateways'], 1),
    ...each('langara ', ['memory', 'gateways'], 1),
    ...each('abydos ', fragile, 0),
    ...each('langara ', fragile, 0),
    // What is lost already is not lost once more; of the memory of a member that is away nothing is known.
    ...each('orilla ', [...resources.filter((resource) => resource !== 'memory'), ...availability], 1),
  });

  rack.state.revive('orilla');
  // A connection to its databases has to be made anew first, and its BMC to notice.
  await vi.waitUntil(async () => isDeepStrictEqual(await scrape(tolerated), healthy), { timeout: 90_000 });
});
