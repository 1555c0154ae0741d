import { expect, test } from 'vitest';
import { until } from '../labs/lab.ts';
import { ask, lxc } from '../labs/lxd.ts';
import { type Host, nbctl, sbctl, vsctl } from '../labs/ovn.ts';
import type { Page } from '../labs/page.ts';
import { rackRouters, untilAnnounced, uplinkAddresses } from '../labs/rack.ts';
import type { Rackwatch } from '../labs/rackwatch.ts';

const route = '10.20.9.53/32';
const instance = { project: 'default', name: 'a1' };

/** By every router, from one member. */
const announced = { expected: [1], missing: [0, 0, 0], origins: [1], received: [1, 1, 1], unexpected: 0 };

/**
 * An instance is moved, and its route and its port follow. Real are the instance, its move by LXD from one member of a
 * cluster to another, the sessions of both members' own BGP servers with three FRR routers, what these announce and
 * withdraw, OVN's databases, its northd, and the two hypervisors whose ovn-controllers bind the port.
 *
 * The test's own doing is what LXD does where it has OVN networks, and cannot here, because the kernel has no Open vSwitch:
 * it makes the port in the northbound database, under LXD's name for it and with the instance's real `volatile.uuid`,
 * and plugs its interface in on the hypervisor of the instance's member.
 */
export function testMovedInstance(read: () => Rackwatch): void {
  let port: string;

  test('a route is handed to an instance, and a port', async () => {
    const { config } = await ask<{ config: Record<string, string> }>('m1', '/1.0/instances/a1');
    port = `lxd-net2-instance-${config['volatile.uuid']}-eth0`;
    await lxc('m1', 'config', 'device', 'override', 'a1', 'eth0', `ipv4.routes.external=${route}`);
    await makePort(port);
    await plugIn(port, 1);
    await untilAnnounced(route, [uplinkAddresses.m1]);
    const page = await read().scrape();
    expect(audit(page)).toEqual(announced);
    expect(bindings(page)).toEqual({ m1: 0 });
    expect(page.labelValues('rackwatch_instance_placement_info', 'member', instance)).toEqual(['m1']);
    // The database calls it lxd-net2; the port tells what LXD calls it.
    expect(page.value('ovn_network_info', { network: 'lxd-net2', lxd_network: 'lxdbr8', project: 'default' })).toBe(1);
  });

  test('it is stopped, and takes its route with it', async () => {
    await lxc('m1', 'stop', '--force', 'a1');
    await untilAnnounced(route, []);
    expect(audit(await read().scrape())).toEqual({
      expected: [],
      missing: [],
      origins: [],
      received: [],
      unexpected: 0,
    });
  });

  test('it runs on another member: its route has followed, its port has not', async () => {
    await lxc('m1', 'move', 'a1', '--target', 'm2');
    await lxc('m1', 'start', 'a1');
    await untilAnnounced(route, [uplinkAddresses.m2]);
    const page = await read().scrape();
    expect(audit(page)).toEqual(announced);
    expect(page.labelValues('rackwatch_instance_placement_info', 'member', instance)).toEqual(['m2']);
    expect(bindings(page)).toEqual({ m1: 1 });
  });

  test('its port follows', async () => {
    await vsctl(1, 'del-port', 'br-int', 'moved');
    await plugIn(port, 2);
    expect(bindings(await read().scrape())).toEqual({ m2: 0 });
  });
}

/** As LXD makes it. */
const makePort = (port: string): Promise<string> => {
  const names = ['external_ids:lxd_switch=lxd-net2-ls-int', 'external_ids:lxd_location=m1'];
  const make = ['lsp-add', 'lxd-net2-ls-int', port, '--', 'lsp-set-addresses', port, '00:16:3e:02:99:01 10.2.0.99'];
  return nbctl(...make, '--', 'set', 'logical_switch_port', port, ...names);
};

/** As LXD does on the member that starts an instance; waits until that hypervisor has bound the port. */
async function plugIn(port: string, host: Host): Promise<void> {
  await nbctl('set', 'logical_switch_port', port, `external_ids:lxd_location=m${host}`);
  const plug = ['add-port', 'br-int', 'moved', '--', 'set', 'interface', 'moved', 'type=internal'];
  await vsctl(host, ...plug, `external_ids:iface-id=${port}`);
  const bare = ['--bare', '--no-headings'];
  const [chassis] = [await sbctl(...bare, '--columns=_uuid', 'find', 'chassis', `hostname=lab-h${host}`)];
  const boundTo = () => sbctl(...bare, '--columns=chassis', 'find', 'port_binding', `logical_port=${port}`);
  await until(async () => (await boundTo()).trim() === chassis.trim(), { what: `${port} is bound on lab-h${host}` });
}

/** What the audit says of the route, on all routers, and of anything that should not be there. */
const audit = (page: Page) => ({
  expected: page.find('rackwatch_route_expected', { prefix: route }).map(({ value }) => value),
  missing: verdicts(page, 'missing'),
  origins: page.find('rackwatch_route_origins', { prefix: route }).map(({ value }) => value),
  received: verdicts(page, 'received'),
  unexpected: page.find('rackwatch_route_unexpected').length,
});

const verdicts = (page: Page, kind: string) =>
  rackRouters.flatMap((router) =>
    page.find(`rackwatch_route_${kind}`, { prefix: route, router }).map(({ value }) => value),
  );

/** Where the instance's port is bound, and whether that is elsewhere than LXD says. */
const bindings = (page: Page) =>
  Object.fromEntries(
    page
      .find('ovn_port_location_mismatch', { ...instance, device: 'eth0', network: 'lxdbr8' })
      .map(({ labels, value }) => [labels.member, value]),
  );
