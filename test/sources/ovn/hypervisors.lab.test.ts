import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeLab, run, until } from '../../labs/lab.ts';
import {
  appctl,
  type Host,
  hypervisorPid,
  hypervisorSocket,
  kill,
  nbctl,
  ovnSource,
  populate,
  sbctl,
  startDatabases,
  startHypervisors,
  stopOvn,
  vsctl,
} from '../../labs/ovn.ts';
import type { Page } from '../../labs/page.ts';
import { start } from '../../labs/process.ts';
import { type Rackwatch, startRackwatch } from '../../labs/rackwatch.ts';

const hostOf = (member: string): Host => Number(member.slice(-1)) as Host;
const activeMember = (page: Page, network: string) =>
  page.find('ovn_gateway_active', { network }).find(({ value }) => value === 1)?.labels.member;
const isFailedOver = (page: Page, network: string, from: string) => {
  const member = activeMember(page, network);
  return member !== undefined && member !== from;
};

describeLab('ovn', () => {
  let rackwatch: Rackwatch;

  beforeAll(async () => {
    await startDatabases();
    await startHypervisors();
    await populate();
    await nbctl('--wait=hv', 'sync');
    rackwatch = await startRackwatch({ sources: { ovn: { ...ovnSource(), min_age: '0s' } } });
    await rackwatch.scrapeUntil('every port and gateway is bound', (page) =>
      ['lxd-net2', 'lxd-net3', 'lxd-net5'].every(
        (network) =>
          page.value('ovn_network_ports', { network, state: 'up' }) === 12 && activeMember(page, network) !== undefined,
      ),
    );
  });
  afterAll(async () => {
    await rackwatch?.stop();
    await stopOvn();
  });

  test('the networks are counted as they were made', async () => {
    const page = await rackwatch.scrape();
    const network = 'lxd-net2';
    const families = page.samples.filter(
      ({ labels, name }) => name.startsWith('ovn_network_') && labels.network === network,
    );
    expect(
      Object.fromEntries(
        families.map(({ labels, name, value }) => [
          [name.slice('ovn_network_'.length), labels.state ?? labels.action ?? labels.kind].filter(Boolean).join(' '),
          value,
        ]),
      ),
    ).toMatchObject({
      'ports up': 12,
      'ports down': 8,
      'ports disabled': 0,
      ports_misplaced: 0,
      'acls allow': 8,
      'acls allow-related': 1,
      'acls drop': 1,
      'acls reject': 2,
      'nat_rules snat': 1,
      'nat_rules dnat_and_snat': 1,
      load_balancers: 2,
      load_balancer_vips: 2,
      static_routes: 4,
      policies: 2,
      dhcp_options: 2,
      qos_rules: 1,
      dns_records: 20,
      address_sets: 2,
      port_groups: 2,
      routers: 1,
      switches: 2,
    });
    expect(page.value('ovn_network_ports', { network: 'lxd-net5', state: 'disabled' })).toBe(1);
    expect(
      page
        .find('ovn_chassis_info')
        .map(({ labels }) => [labels.member, labels.encap, labels.ip])
        .sort(),
    ).toEqual([
      ['lab-h1', 'geneve', '10.99.0.1'],
      ['lab-h2', 'geneve', '10.99.0.2'],
      ['lab-h3', 'geneve', '10.99.0.3'],
    ]);
  });

  test('a port that goes down and up is there in the next scrape', async () => {
    const labels = { network: 'lxd-net2' };
    const iface = 'external_ids:iface-id=lxd-net2-instance-a0020002-0002-4002-8000-0000000007d2-eth0';
    const port = iface.slice(iface.indexOf('=') + 1);
    await vsctl(3, 'del-port', 'br-int', 'v2p2');
    await sbctl('wait-until', 'port_binding', port, 'up=false');
    const down = await rackwatch.scrape();
    expect(down.value('ovn_network_ports', { ...labels, state: 'up' })).toBe(11);
    expect(down.value('ovn_network_ports', { ...labels, state: 'down' })).toBe(9);
    await vsctl(3, 'add-port', 'br-int', 'v2p2', '--', 'set', 'interface', 'v2p2', 'type=internal', iface);
    await sbctl('wait-until', 'port_binding', port, 'up=true');
    expect((await rackwatch.scrape()).value('ovn_network_ports', { ...labels, state: 'up' })).toBe(12);
  });

  test('a port on another member than LXD says', async () => {
    const port = 'lxd-net3-instance-a0030004-0003-4004-8000-000000000bbc-eth0';
    const location = (await nbctl('get', 'logical_switch_port', port, 'external_ids:lxd_location')).trim();
    await nbctl('--wait=sb', 'set', 'logical_switch_port', port, 'external_ids:lxd_location=lab-h9');
    expect((await rackwatch.scrape()).value('ovn_network_ports_misplaced', { network: 'lxd-net3' })).toBe(1);
    await nbctl('--wait=sb', 'set', 'logical_switch_port', port, `external_ids:lxd_location=${location}`);
    expect((await rackwatch.scrape()).value('ovn_network_ports_misplaced', { network: 'lxd-net3' })).toBe(0);
  });

  test('a controller that is paused falls behind', async () => {
    await appctl(hypervisorSocket(2, 'controller'), 'debug/pause');
    await nbctl('--wait=sb', 'sync');
    const page = await rackwatch.scrapeUntil('the others have confirmed', (p) =>
      ['lab-h1', 'lab-h3'].every((member) => p.value('ovn_chassis_nb_cfg_lag', { member }) === 0),
    );
    expect(page.value('ovn_chassis_nb_cfg_lag', { member: 'lab-h2' })).toBeGreaterThan(0);
    expect(page.find('ovn_chassis_delay_seconds', { member: 'lab-h2' })).toEqual([]);
    expect(page.find('ovn_hv_delay_seconds')).toEqual([]);
    await appctl(hypervisorSocket(2, 'controller'), 'debug/resume');
    await nbctl('--wait=hv', 'sync');
    const resumed = await rackwatch.scrape();
    expect(resumed.value('ovn_chassis_nb_cfg_lag', { member: 'lab-h2' })).toBe(0);
    expect(resumed.value('ovn_chassis_delay_seconds', { member: 'lab-h2' })).toBeGreaterThanOrEqual(0);
  });

  test('a gateway fails over and back', async () => {
    const network = 'lxd-net2';
    const first = await rackwatch.scrapeUntil(
      'it is where it should be',
      (p) => p.value('ovn_gateway_on_preferred_chassis', { network }) === 1,
    );
    const home = activeMember(first, network) as string;
    const moves = first.value('ovn_gateway_moves_total', { network }) as number;
    await kill(hypervisorPid(hostOf(home), 'vswitchd'));
    const over = await rackwatch.scrapeUntil('it is elsewhere', (p) => isFailedOver(p, network, home));
    expect(over.value('ovn_gateway_on_preferred_chassis', { network })).toBe(0);
    expect(over.value('ovn_gateway_unbound', { network })).toBe(0);
    expect(over.value('ovn_gateway_moves_total', { network })).toBe(moves + 1);
    // The daemons are dead, and yet the ports there stay up: nobody is left to say otherwise.
    expect(over.value('ovn_network_ports', { network, state: 'up' })).toBe(12);
    await startHypervisors();
    const back = await rackwatch.scrapeUntil('it is back', (p) => activeMember(p, network) === home);
    expect(back.value('ovn_gateway_on_preferred_chassis', { network })).toBe(1);
    expect(back.value('ovn_gateway_moves_total', { network })).toBe(moves + 2);
  });

  test('a gateway that no chassis may have is unbound', async () => {
    const group = 'lxd-net5';
    const former = (await rackwatch.scrape()).find('ovn_gateway_priority', { network: group });
    await nbctl('ha-chassis-group-add-chassis', group, 'nowhere', '1');
    await nbctl(
      ...former.flatMap(({ labels }) => ['--', 'ha-chassis-group-remove-chassis', group, labels.chassis as string]),
    );
    const page = await rackwatch.scrapeUntil(
      'it is unbound',
      (p) => p.value('ovn_gateway_unbound', { network: group }) === 1,
    );
    expect(page.find('ovn_gateway_active', { network: group }).map(({ value }) => value)).not.toContain(1);
    await nbctl(
      ...former.flatMap(({ labels, value }) => [
        '--',
        'ha-chassis-group-add-chassis',
        group,
        labels.chassis as string,
        String(value),
      ]),
    );
    await rackwatch.scrapeUntil('it is bound again', (p) => p.value('ovn_gateway_unbound', { network: group }) === 0);
  });

  test("a load balancer's health check", async () => {
    const backend = { network: 'lxd-net2', backend: '10.2.0.2:80', protocol: 'tcp' };
    await rackwatch.scrapeUntil(
      'nothing answers',
      (p) => p.value('ovn_service_monitor_state', { ...backend, state: 'offline' }) === 1,
    );
    const inHost = (...args: string[]) => run('ip', ['-n', 'rwovn-hv2', ...args]);
    await inHost('link', 'set', 'v2p1', 'address', '00:16:3e:02:00:01');
    await inHost('link', 'set', 'v2p1', 'up');
    await inHost('addr', 'add', '10.2.0.2/24', 'dev', 'v2p1');
    const code = 'require("node:http").createServer((q, r) => r.end()).listen(80, "10.2.0.2")';
    const server = start('backend', 'ip', ['netns', 'exec', 'rwovn-hv2', process.execPath, '-e', code]);
    try {
      await rackwatch.scrapeUntil(
        'it answers',
        (p) => p.value('ovn_service_monitor_state', { ...backend, state: 'online' }) === 1,
      );
    } finally {
      await server.stop();
    }
  });

  test('a BFD session with a next hop', async () => {
    const labels = { network: 'lxd-net2', port: 'lxd-net2-lr-lrp-ext', peer: '192.0.2.1' };
    expect((await rackwatch.scrape()).value('ovn_bfd_state', { ...labels, state: 'down' })).toBe(1);
    const uuid = await until(async () => (await sbctl('--bare', '--columns=_uuid', 'list', 'bfd')).trim(), {
      what: 'the session',
    });
    await sbctl('set', 'bfd', uuid, 'status=up');
    await rackwatch.scrapeUntil('it is up', (p) => p.value('ovn_bfd_state', { ...labels, state: 'up' }) === 1);
  });
});
