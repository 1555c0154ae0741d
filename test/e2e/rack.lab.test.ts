import { afterAll, beforeAll, expect, test } from 'vitest';
import { mendSupply, setSensorBit, simConsole, supplies, supplyBits } from '../labs/bmc.ts';
import { killDaemon, startDaemon } from '../labs/ceph.ts';
import { ask, setLink, vtysh } from '../labs/frr.ts';
import { describeLab, until } from '../labs/lab.ts';
import { clusterMembers, killServer, ask as lxd, moveInstances, startCluster } from '../labs/lxd.ts';
import { kill, serverPid, startOne } from '../labs/ovn.ts';
import type { Page } from '../labs/page.ts';
import { rackConfig, rackFrr, startRack, stopRack } from '../labs/rack.ts';
import { type Rackwatch, startRackwatch } from '../labs/rackwatch.ts';
import { testMovedInstance } from './moved-instance.ts';

/** Of a fan, in hundreds of revolutions per minute. */
const setFan = (number: number, hundreds: number) => `sensor_set_value 0x20 0 ${number} ${hundreds} 0`;
const FAN1 = 0x41;
const FAN5 = 0x45;

const kinds = ['current', 'expected', 'minimum', 'faults_tolerated'];

/** Five real systems at once, watched by one rackwatch: what no lab of one source can show. */
describeLab(['lxd', 'ceph', 'ovn', 'frr', 'bmc'], () => {
  let rackwatch: Rackwatch;
  const line = (page: Page, component: string, labels: Readonly<Record<string, string>> = {}) =>
    kinds.map((kind) => page.value(`rackwatch_redundancy_${kind}`, { component, ...labels }));
  /** What the ledger has at the very next scrape. */
  const next = async (component: string, labels: Readonly<Record<string, string>> = {}) =>
    line(await rackwatch.scrape(), component, labels);

  beforeAll(async () => {
    await startRack();
    rackwatch = await startRackwatch(rackConfig());
  }, 420_000);

  afterAll(async () => {
    await rackwatch?.stop();
    await stopRack();
  }, 300_000);

  test('all five are read, and the ledger knows each of them', async () => {
    // The simulators begin with a supply and a fan that have failed.
    const repairs = [...mendSupply, setFan(FAN5, 52)];
    for (const [index] of clusterMembers.entries()) await simConsole(index + 1, ...repairs);
    const page = await rackwatch.scrapeUntil(
      'every source answers',
      (one) =>
        one.find('rackwatch_target_up').length > 0 && one.find('rackwatch_target_up').every(({ value }) => value === 1),
      120_000,
    );
    expect(page.labelValues('rackwatch_target_up', 'source')).toEqual(['bmc', 'ceph', 'frr', 'lxd', 'ovn']);
    for (const component of ['lxd_voter', 'ceph_mon', 'ovn_nb', 'ovn_sb'])
      expect(line(page, component)).toEqual([3, 3, 2, 1]);
    expect(line(page, 'ceph_mgr')).toEqual([2, 2, 1, 1]);
    for (const name of ['10/ipv4', '10/ipv6']) expect(line(page, 'vrrp_backup', { name })).toEqual([3, 3, 1, 2]);
    // The sessions over IPv6 are configured for IPv4 as well, which the providers do not take up.
    expect(line(page, 'bgp_transit', { name: 'ipv4' })).toEqual([2, 4, 1, 1]);
    expect(line(page, 'ovn_gateway', { name: 'lxd-net2' })).toEqual([3, 3, 1, 2]);
    for (const member of clusterMembers) {
      expect(line(page, 'psu', { member })).toEqual([2, 2, 1, 1]);
      expect(line(page, 'fan', { member })).toEqual([5, 5, 4, 1]);
    }
    expect(page.find('rackwatch_member_info')).toHaveLength(clusterMembers.length);
    expect(page.value('rackwatch_join_coverage_ratio', { join: 'osd_member' })).toBe(1);
    expect(page.value('rackwatch_join_coverage_ratio', { join: 'bmc_member' })).toBe(1);
    expect(page.value('rackwatch_survives_member_loss', { member: 'm1', resource: 'lxd_quorum' })).toBe(1);
    expect(page.value('rackwatch_survives_member_loss', { member: 'm1', resource: 'ceph_quorum' })).toBe(1);
  });

  testMovedInstance(() => rackwatch);

  test('a power supply is pulled, and put back', async () => {
    await simConsole(1, setSensorBit(supplies.PS1, supplyBits.present, 0));
    expect(await next('psu', { member: 'm1' })).toEqual([1, 2, 1, 0]);
    expect(await next('psu', { member: 'm2' })).toEqual([2, 2, 1, 1]);
    await simConsole(1, setSensorBit(supplies.PS1, supplyBits.present, 1));
    expect(await next('psu', { member: 'm1' })).toEqual([2, 2, 1, 1]);
  });

  test('fans stop, and turn again', async () => {
    await simConsole(2, setFan(FAN1, 0));
    expect(await next('fan', { member: 'm2' })).toEqual([4, 5, 4, 0]);
    await simConsole(2, setFan(FAN5, 0));
    expect(await next('fan', { member: 'm2' })).toEqual([3, 5, 4, -1]);
    await simConsole(2, setFan(FAN1, 53), setFan(FAN5, 52));
    expect(await next('fan', { member: 'm2' })).toEqual([5, 5, 4, 1]);
  });

  test('a monitor dies, and comes back', async () => {
    await killDaemon('mon.c', 'SIGKILL');
    const page = await rackwatch.scrape();
    expect(line(page, 'ceph_mon')).toEqual([2, 3, 2, 0]);
    expect(page.value('rackwatch_survives_member_loss', { member: 'm1', resource: 'ceph_quorum' })).toBe(0);
    await startDaemon('mon.c');
    const isWhole = (one: Page) => line(one, 'ceph_mon').join() === '3,3,2,1';
    await rackwatch.scrapeUntil('the manager says that all monitors are in the quorum', isWhole, 90_000);
  });

  test('a server of the northbound database dies, and comes back', async () => {
    await kill(serverPid(3, 'nb'));
    expect(await next('ovn_nb')).toEqual([2, 3, 2, 0]);
    await startOne(3, 'nb');
    // It is connected to anew in the background, not by the scrape.
    await rackwatch.scrapeUntil('it is there', (page) => line(page, 'ovn_nb').join() === '3,3,2,1');
  });

  test('a provider ends its sessions, and takes them up again', async () => {
    const provider = (command: string) => vtysh(rackFrr, 'p1', 'configure terminal', 'router bgp 64500', command);
    const untilSessions = (what: string, isSo: (states: readonly (string | undefined)[]) => boolean) =>
      until(async () => isSo(await Promise.all(['r1', 'r2', 'r3'].map(transitState))), { what });
    await provider('neighbor C4 shutdown');
    await untilSessions('no router has a session', (states) => !states.includes('Established'));
    expect(await next('bgp_transit', { name: 'ipv4' })).toEqual([1, 4, 1, 0]);
    await provider('no neighbor C4 shutdown');
    await untilSessions('a router has a session', (states) => states.includes('Established'));
    expect(await next('bgp_transit', { name: 'ipv4' })).toEqual([2, 4, 1, 1]);
  });

  test('a router loses its link to the uplink, and gets it back', async () => {
    const untilState = (status: string) =>
      until(async () => (await vrrpState('r3')) === status, { what: `r3 says ${status}` });
    await untilState('Backup');
    await setLink(rackFrr, 'uplink', 'r3', 'down');
    // It hears no master any more and takes itself for one, without carrier.
    await untilState('Master');
    expect(await next('vrrp_backup', { name: '10/ipv4' })).toEqual([2, 3, 1, 1]);
    await setLink(rackFrr, 'uplink', 'r3', 'up');
    await untilState('Backup');
    expect(await next('vrrp_backup', { name: '10/ipv4' })).toEqual([3, 3, 1, 2]);
  });

  test('a member is evacuated, dies meanwhile, comes back and is restored', async () => {
    const maintenance = (page: Page) => page.value('rackwatch_member_maintenance', { member: 'm3' });
    const reachable = (page: Page) => page.value('rackwatch_member_reachable', { member: 'm3' });
    expect(maintenance(await rackwatch.scrape())).toBe(0);
    await moveInstances('m3', 'evacuate');
    await rackwatch.scrapeUntil('m3 is in maintenance', (page) => maintenance(page) === 1);
    await untilMembers('m3 is evacuated', { m3: 'Evacuated' });
    await killServer('m3');
    const dead = await rackwatch.scrape();
    expect([maintenance(dead), reachable(dead)]).toEqual([1, 0]);
    expect(line(dead, 'lxd_voter')).toEqual([2, 3, 2, 0]);
    // OVN cannot know: the hypervisor of that member lives on.
    expect(line(dead, 'ovn_gateway', { name: 'lxd-net2' })).toEqual([2, 3, 1, 1]);
    await startCluster();
    await rackwatch.scrapeUntil('m3 is back', (page) => reachable(page) === 1);
    await moveInstances('m3', 'restore');
    await rackwatch.scrapeUntil('m3 is as before', (page) => maintenance(page) === 0);
    await untilMembers('all are online', { m1: 'Online', m2: 'Online', m3: 'Online' });
    const whole = await rackwatch.scrape();
    expect(line(whole, 'lxd_voter')).toEqual([3, 3, 2, 1]);
    expect(line(whole, 'ovn_gateway', { name: 'lxd-net2' })).toEqual([3, 3, 1, 2]);
  }, 240_000);
});

interface Member {
  readonly server_name: string;
  readonly status: string;
}

/** By LXD's own word. */
async function untilMembers(what: string, statuses: Readonly<Record<string, string>>): Promise<void> {
  const areSo = async () => {
    const members = await lxd<Member[]>('m1', '/1.0/cluster/members?recursion=1');
    return members.every(({ server_name: name, status }) => (statuses[name] ?? status) === status);
  };
  await until(areSo, { what, everyMs: 500, timeoutMs: 120_000 });
}

async function transitState(router: string): Promise<string | undefined> {
  const peers = await ask<Record<string, { bgpState?: string }>>(rackFrr, router, 'show bgp neighbors 192.0.2.1 json');
  return peers['192.0.2.1']?.bgpState;
}

async function vrrpState(router: string): Promise<string | undefined> {
  const [group] = await ask<{ v4: { status: string } }[]>(rackFrr, router, 'show vrrp json');
  return group?.v4.status;
}
