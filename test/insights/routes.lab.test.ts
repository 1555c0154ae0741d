import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { App } from '../../src/app.ts';
import { parseConfig } from '../../src/config/problems.ts';
import { configSchema } from '../../src/config/schema.ts';
import { routes } from '../../src/insights/routes.ts';
import { frr } from '../../src/sources/frr/index.ts';
import { lxd } from '../../src/sources/lxd/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { describeLab, until } from '../labs/lab.ts';
import { lxc, lxdSource, startRouter, startSingle, stopSingle, vtysh } from '../labs/lxd.ts';

const forward = '203.0.113.66/32';
const external = '203.0.113.53/32';
const subnet = '10.99.0.0/24';

/** LXD's own BGP server announces a bridge, its forwards and an instance's route to FRR. */
describeLab(['lxd', 'frr'], () => {
  let sockets: string;
  let app: App;

  const open = () => {
    const settings = { min_age: '0s', timeout: '30s' };
    const text = stringify({
      scrape_timeout: '30s',
      sources: {
        lxd: { ...lxdSource(['s1']), ...settings },
        frr: { routers: [{ name: 'r1', sockets }], roles: { host: [64513] }, ...settings },
      },
    });
    const sources = [lxd, frr];
    const config = parseConfig(configSchema(sources, [routes]), text, 'lab');
    return new App({ config, sources, insights: [routes], log: createLogger('silent') });
  };

  /** The audit's samples, as `metric prefix value`, sorted. */
  const audit = async (of: App = app) => {
    const page = Buffer.concat(await of.scrape(of.deadline())).toString();
    return page
      .split('\n')
      .flatMap((line) => {
        const match = /^rackwatch_route_(\w+)\{.*prefix="([^"]+)".*\} (\d+)$/.exec(line);
        return match ? [`${match[1]} ${match[2]} ${match[3]}`] : [];
      })
      .sort();
  };
  const untilAudit = (what: string, lines: readonly string[], of: App = app) => {
    const isSo = async () => {
      expect(await audit(of)).toEqual([...lines].sort());
      return true;
    };
    return until(isSo, { what, everyMs: 300 });
  };

  const wellOf = (...prefixes: string[]) =>
    prefixes.flatMap((prefix) => [
      `expected ${prefix} 1`,
      `received ${prefix} 1`,
      `missing ${prefix} 0`,
      `origins ${prefix} 1`,
    ]);

  beforeAll(async () => {
    await startSingle();
    sockets = await startRouter();
    const peer = ['bgp.peers.r1.address=10.199.0.20', 'bgp.peers.r1.asn=64512'];
    await lxc('s1', 'network', 'set', 'lxdbr9', 'ipv4.routes=203.0.113.0/24', ...peer);
    await lxc('s1', 'network', 'forward', 'create', 'lxdbr9', '203.0.113.66', 'target_address=10.99.0.5');
    await lxc('s1', 'config', 'device', 'override', 'c1', 'eth0', `ipv4.routes.external=${external}`);
    app = open();
  });
  afterAll(async () => {
    await app?.close();
    await stopSingle();
  });

  test('what LXD announces is what the audit expects', async () => {
    await untilAudit('all routes have come', wellOf(subnet, forward, external));
  });

  test('a route that the router does not take is missing', async () => {
    await vtysh('configure terminal', `ip prefix-list from-lxd seq 5 deny ${forward}`);
    await vtysh('clear bgp ipv4 unicast 10.199.0.10 soft in');
    const lacking = [`expected ${forward} 1`, `received ${forward} 0`, `missing ${forward} 1`, `origins ${forward} 0`];
    await untilAudit('it is missing', [...wellOf(subnet, external), ...lacking]);
    await vtysh('configure terminal', `no ip prefix-list from-lxd seq 5 deny ${forward}`);
    await vtysh('clear bgp ipv4 unicast 10.199.0.10 soft in');
    await untilAudit('it is there again', wellOf(subnet, forward, external));
  });

  test('an instance takes its route with it when it stops, and brings it back', async () => {
    await lxc('s1', 'stop', '--force', 'c1');
    await untilAudit('nothing is expected of it', wellOf(subnet, forward));
    await lxc('s1', 'start', 'c1');
    await untilAudit('its route is back', wellOf(subnet, forward, external));
  });

  test('what is announced beyond what rackwatch has read of LXD is unexpected, until it reads it', async () => {
    const before = open();
    await audit(before);
    await lxc('s1', 'network', 'forward', 'create', 'lxdbr9', '203.0.113.99');
    const late = '203.0.113.99/32';
    await untilAudit('it is seen', [...wellOf(subnet, forward, external), `unexpected ${late} 1`], before);
    const after = open();
    expect(await audit(after)).toEqual(wellOf(subnet, forward, external, late).sort());
    await Promise.all([before.close(), after.close()]);
    await lxc('s1', 'network', 'forward', 'delete', 'lxdbr9', '203.0.113.99');
  });

  test('of a table that is too large to be read, the second cycle has what was asked for', async () => {
    const networks = Array.from({ length: 250 }, (_, n) => `network 198.18.${n}.0/24`);
    await vtysh('configure terminal', 'router bgp 64512', 'address-family ipv4 unicast', ...networks);
    const fresh = open();
    const expected = [subnet, forward, external].map((prefix) => `expected ${prefix} 1`);
    expect(await audit(fresh)).toEqual(expected.sort());
    expect(await audit(fresh)).toEqual(wellOf(subnet, forward, external).sort());
    await fresh.close();
  });
});
