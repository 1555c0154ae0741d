import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../free-port.ts';
import {
  lxc,
  lxdAccess,
  lxdPid,
  lxdSocket,
  otherCertificate,
  query,
  startFrrLxd,
  stopFrrLxd,
} from '../../labs/frr-lxd.ts';
import { describeLab, until } from '../../labs/lab.ts';
import { Page } from '../../labs/page.ts';
import { type OpenFrr, openFrr } from './open-frr.ts';

const r1 = { project: 'infra', instance: 'frrlab-r1' };

describeLab(['frr', 'lxd'], () => {
  let endpoint: string;
  let frr: OpenFrr;
  const open = (lxd: object, access: object = lxdAccess(endpoint, 'infra')) =>
    openFrr({ timeout: '30s', lxd: access, routers: [{ name: 'frr01', lxd }] });
  const failureOf = async (lxd: object, access?: object) => {
    const other = open(lxd, access);
    const { failures } = await other.scrape();
    await other.close();
    return failures['frr01/bgp'];
  };
  /** What vtysh wrote is recorded by LXD in the instance's log directory. */
  const recordings = async () => {
    const logs = await query<string[]>('/1.0/instances/frrlab-r1/logs?project=infra');
    return logs.filter((path) => path.includes('/exec_'));
  };

  beforeAll(async () => {
    endpoint = await startFrrLxd();
    frr = open(r1);
  });
  afterAll(async () => {
    await frr?.close();
    await stopFrrLxd();
  });

  test('a router in a container is read with a certificate that may use its project only', async () => {
    const { failures, text, facts } = await frr.scrape();
    expect(failures).toEqual({});
    const page = new Page(text);
    const peer = { router: 'frr01', peer: '10.99.0.1', vrf: 'default' };
    expect(page.find('frr_bgp_peer_info', peer)[0]?.labels).toMatchObject({
      description: '{"desc":"FRRouting 8.4.4 \\ (x)"}',
      role: 'other',
    });
    expect(page.value('frr_bgp_peer_admin_down', { router: 'frr01', peer: '10.99.0.2' })).toBe(1);
    expect(page.labelValues('frr_daemon_up', 'daemon')).toEqual(['bfdd', 'bgpd', 'zebra']);
    expect(page.value('frr_bfd_peer_count')).toBe(0);
    expect(page.value('frr_route_total', { afi: 'ipv4' })).toBeGreaterThanOrEqual(0);
    expect(facts[0]?.vrrp).toEqual([]);
    expect(text).not.toContain('s3cret');
  });

  test('one run of vtysh a cycle, and nothing is left in the instance', async () => {
    await frr.scrape();
    await frr.scrape();
    // LXD lists an operation for some seconds after its end.
    const runs = async () => Object.values(await query<object>('/1.0/operations?project=infra')).flat().length;
    await until(async () => (await runs()) === 0, { what: 'LXD has forgotten the operations' });
    await frr.scrape();
    expect(await runs()).toBe(1);
    expect(await recordings()).toEqual([]);
  });

  test('the same by the unix socket of LXD', async () => {
    expect(await failureOf(r1, { socket: lxdSocket })).toBeUndefined();
  });

  test('every failure says what it is', async () => {
    expect(await failureOf({ project: 'infra', instance: 'gone' })).toMatchObject({ code: 'not_found' });
    expect(
      await failureOf({ project: 'default', instance: 'frrlab-plain' }, lxdAccess(endpoint, 'client')),
    ).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('vtysh'),
    });
    expect(await failureOf(r1, lxdAccess(endpoint, 'other'))).toMatchObject({ code: 'forbidden' });
    const pinned = { ...lxdAccess(endpoint, 'infra'), server_certificate: otherCertificate };
    expect(await failureOf(r1, pinned)).toMatchObject({ code: 'tls' });
    const nowhere = lxdAccess(`https://127.0.0.1:${await freePort()}`, 'infra');
    expect(await failureOf(r1, nowhere)).toMatchObject({ code: 'connect' });
    const second = { ...nowhere, endpoints: [...nowhere.endpoints, endpoint] };
    expect(await failureOf(r1, second)).toBeUndefined();
  });

  test('a daemon that does not run takes only its own values with it', async () => {
    const pid = (await lxc('exec', 'frrlab-r1', '--', 'cat', '/run/frr/bfdd.pid')).trim();
    await lxc('exec', 'frrlab-r1', '--', 'kill', '-9', pid);
    const fails = async () => {
      const { failures, samples } = await frr.scrape();
      const others = [...samples.keys()].some((key) => key.startsWith('frr_bgp_peer_state'));
      return failures['frr01/bfd']?.code === 'connect' && others && Object.keys(failures).length === 1;
    };
    await until(fails, { what: 'bfd alone cannot be read' });
    await lxc('exec', 'frrlab-r1', '--', '/usr/lib/frr/bfdd', '-d');
    await until(async () => Object.keys((await frr.scrape()).failures).length === 0, { what: 'all is read again' });
  });

  test('a daemon that never answers costs one vtysh, not one a scrape', async () => {
    const hasty = openFrr({
      timeout: '4s',
      lxd: lxdAccess(endpoint, 'infra'),
      routers: [{ name: 'frr01', lxd: r1 }],
    });
    await until(async () => Object.keys((await hasty.scrape()).failures).length === 0, { what: 'a first cycle' });
    const pid = (await lxc('exec', 'frrlab-r1', '--', 'cat', '/run/frr/bgpd.pid')).trim();
    await lxc('exec', 'frrlab-r1', '--', 'kill', '-STOP', pid);
    try {
      for (let round = 0; round < 3; round++)
        expect((await hasty.scrape()).failures['frr01/bgp']).toMatchObject({ code: 'timeout' });
      const running = await lxc('exec', 'frrlab-r1', '--', 'sh', '-c', 'ps | grep -c "[v]tysh -c"');
      expect(running.trim()).toBe('1');
    } finally {
      await lxc('exec', 'frrlab-r1', '--', 'kill', '-CONT', pid);
    }
    await until(async () => Object.keys((await hasty.scrape()).failures).length === 0, {
      what: 'it is read again',
      everyMs: 500,
    });
    await hasty.close();
    expect(await recordings()).toEqual([]);
  });

  test("LXD's proxy devices lead to the sockets, without vtysh", async () => {
    const sockets: Record<string, string> = {};
    for (const daemon of ['watchfrr', 'zebra', 'bgpd', 'bfdd']) {
      const port = await freePort();
      const to = [`listen=tcp:127.0.0.1:${port}`, `connect=unix:/run/frr/${daemon}.vty`];
      await lxc('config', 'device', 'add', 'frrlab-r1', daemon, 'proxy', ...to);
      sockets[daemon] = `tcp:127.0.0.1:${port}`;
    }
    const proxied = openFrr({ routers: [{ name: 'frr01', sockets }] });
    const { failures, samples } = await proxied.scrape();
    await proxied.close();
    for (const daemon of Object.keys(sockets)) await lxc('config', 'device', 'remove', 'frrlab-r1', daemon);
    expect(failures).toEqual({});
    const series = [...samples.keys()].filter((key) => !key.startsWith('frr_status_up')).sort();
    const byExec = [...(await frr.scrape()).samples.keys()].filter((key) => !key.startsWith('frr_status_up')).sort();
    expect(series).toEqual(byExec);
  });

  test('an instance that is frozen or stopped, and LXD that does not answer', async () => {
    await lxc('pause', 'frrlab-r1');
    expect(await failureOf(r1)).toMatchObject({ code: 'unavailable', message: expect.stringContaining('frozen') });
    await lxc('start', 'frrlab-r1');
    process.kill(lxdPid(), 'SIGSTOP');
    const hasty = openFrr({ timeout: '2s', lxd: lxdAccess(endpoint, 'infra'), routers: [{ name: 'frr01', lxd: r1 }] });
    expect((await hasty.scrape()).failures['frr01/bgp']).toMatchObject({ code: 'timeout' });
    process.kill(lxdPid(), 'SIGCONT');
    await hasty.close();
    await lxc('stop', '--force', 'frrlab-r1');
    expect(await failureOf(r1)).toMatchObject({ code: 'unavailable', message: expect.stringContaining('not running') });
    await lxc('start', 'frrlab-r1');
    await until(async () => Object.keys((await frr.scrape()).failures).length === 0, {
      what: 'it is read again',
      everyMs: 500,
    });
  });
});
