import { afterAll, beforeAll, expect, test } from 'vitest';
import { simConsole } from '../labs/bmc.ts';
import { killDaemon, startDaemon } from '../labs/ceph.ts';
import { vtysh } from '../labs/frr.ts';
import { describeLab } from '../labs/lab.ts';
import { clusterMembers, killServer, moveInstances, startCluster } from '../labs/lxd.ts';
import { kill, serverPid, startOne } from '../labs/ovn.ts';
import type { Page } from '../labs/page.ts';
import { FRR, startRack, stopRack } from '../labs/rack.ts';
import { type Rackwatch, startRackwatch } from '../labs/rackwatch.ts';

/** Bits of a power supply's sensor in the simulator: `sensor_set_bit ADDRESS LUN NUMBER BIT VALUE EVENT`. */
const setSupply = (number: number, bit: number, value: 0 | 1) => `sensor_set_bit 0x20 0 ${number} ${bit} ${value} 0`;
const PS1 = 0xc8;
const PS2 = 0xc9;
const PRESENT = 0;
const FAILED = 1;
const INPUT_LOST = 3;

const tolerated = (page: Page, component: string, labels: Readonly<Record<string, string>> = {}) =>
  page.value('rackwatch_redundancy_faults_tolerated', { component, ...labels });

/** Five real systems at once, watched by one rackwatch: what no lab of one source can show. */
describeLab(['lxd', 'ceph', 'ovn', 'frr', 'bmc'], () => {
  let rackwatch: Rackwatch;
  const ledger = async (component: string, labels: Readonly<Record<string, string>>, expected: number) => {
    const what = `${component} ${JSON.stringify(labels)} tolerates ${expected}`;
    await rackwatch.scrapeUntil(what, (page) => tolerated(page, component, labels) === expected, 90_000);
  };

  beforeAll(async () => {
    rackwatch = await startRackwatch(await startRack());
  }, 420_000);

  afterAll(async () => {
    await rackwatch?.stop();
    await stopRack();
  }, 300_000);

  test('all five are read, and the ledger knows each of them', async () => {
    const page = await rackwatch.scrapeUntil(
      'every source answers',
      (one) =>
        one.find('rackwatch_target_up').length > 0 && one.find('rackwatch_target_up').every(({ value }) => value === 1),
      120_000,
    );
    expect(page.labelValues('rackwatch_target_up', 'source')).toEqual(['bmc', 'ceph', 'frr', 'lxd', 'ovn']);
    const components = page.labelValues('rackwatch_redundancy_current', 'component');
    for (const name of ['bgp_transit', 'ceph_mgr', 'ceph_mon', 'lxd_voter', 'ovn_nb', 'ovn_sb', 'psu'])
      expect(components).toContain(name);
    expect(tolerated(page, 'lxd_voter')).toBe(1);
    expect(tolerated(page, 'ceph_mon')).toBe(1);
    expect(tolerated(page, 'ovn_nb')).toBe(1);
    expect(tolerated(page, 'bgp_transit', { name: 'ipv4' })).toBe(1);
    expect(page.find('rackwatch_member_info')).toHaveLength(clusterMembers.length);
    expect(page.value('rackwatch_join_coverage_ratio', { join: 'osd_member' })).toBe(1);
    expect(page.value('rackwatch_join_coverage_ratio', { join: 'bmc_member' })).toBe(1);
    expect(page.value('rackwatch_survives_member_loss', { member: 'm1', resource: 'lxd_quorum' })).toBe(1);
    expect(page.value('rackwatch_survives_member_loss', { member: 'm1', resource: 'ceph_quorum' })).toBe(1);
  });

  test('a power supply is pulled, and put back', async () => {
    await simConsole(1, setSupply(PS2, FAILED, 0), setSupply(PS2, INPUT_LOST, 0));
    await ledger('psu', { member: 'm1' }, 1);
    await simConsole(1, setSupply(PS1, PRESENT, 0));
    await ledger('psu', { member: 'm1' }, 0);
    await simConsole(1, setSupply(PS1, PRESENT, 1));
    await ledger('psu', { member: 'm1' }, 1);
  });

  test('a monitor dies, and comes back', async () => {
    await killDaemon('mon.c', 'SIGKILL');
    await ledger('ceph_mon', {}, 0);
    const page = await rackwatch.scrape();
    expect(page.value('rackwatch_survives_member_loss', { member: 'm1', resource: 'ceph_quorum' })).toBe(0);
    await startDaemon('mon.c');
    await ledger('ceph_mon', {}, 1);
  });

  test('a server of the northbound database dies, and comes back', async () => {
    await kill(serverPid(3, 'nb'));
    await ledger('ovn_nb', {}, 0);
    await startOne(3, 'nb');
    await ledger('ovn_nb', {}, 1);
  });

  test('a provider ends its sessions, and takes them up again', async () => {
    const provider = (line: string) => vtysh(FRR, 'p1', 'configure terminal', 'router bgp 64500', line);
    await provider('neighbor C4 shutdown');
    await ledger('bgp_transit', { name: 'ipv4' }, 0);
    await provider('no neighbor C4 shutdown');
    await ledger('bgp_transit', { name: 'ipv4' }, 1);
  });

  test('a member is evacuated, dies meanwhile, comes back and is restored', async () => {
    const maintenance = (page: Page) => page.value('rackwatch_member_maintenance', { member: 'm3' });
    const reachable = (page: Page) => page.value('rackwatch_member_reachable', { member: 'm3' });
    expect(maintenance(await rackwatch.scrape())).toBe(0);
    await moveInstances('m3', 'evacuate');
    await rackwatch.scrapeUntil('m3 is in maintenance', (page) => maintenance(page) === 1);
    await killServer('m3');
    await rackwatch.scrapeUntil('m3 is evacuated and dead', (page) => maintenance(page) === 1 && reachable(page) === 0);
    await ledger('lxd_voter', {}, 0);
    await startCluster();
    await rackwatch.scrapeUntil('m3 is back', (page) => reachable(page) === 1);
    await moveInstances('m3', 'restore');
    await rackwatch.scrapeUntil('m3 is as before', (page) => maintenance(page) === 0);
    await ledger('lxd_voter', {}, 1);
  }, 240_000);
});
