import { describeNeighbor, describePrefix, describeTable, summarize } from './bgp-answers.ts';
import type { DemoRouter, Family, RoutingModel } from './model.ts';

export const VERSION_TEXT = 'FRRouting 8.4.4 (demo) on Linux(6.1.0).\nCopyright 1996-2005 Kunihiro Ishiguro, et al.\n';

/** What a daemon prints, and the status of the command: 0 well, 2 unknown. */
export type DemoAnswer = readonly [text: string, status: number];

export const daemonNames = ['watchfrr', 'zebra', 'bgpd', 'bfdd', 'vrrpd'] as const;

/** Which daemon knows the command; undefined for those that all know. */
export function daemonOf(command: string): string | undefined {
  if (command.startsWith('show bgp ')) return 'bgpd';
  if (command.startsWith('show bfd ')) return 'bfdd';
  if (command.startsWith('show vrrp ')) return 'vrrpd';
  if (command === 'show watchfrr') return 'watchfrr';
  return /^show (ip|ipv6|interface|vrf)\b/.test(command) ? 'zebra' : undefined;
}

/** FRR 8.4.4's answer to a command. */
export function answer(model: RoutingModel, router: DemoRouter, command: string): DemoAnswer {
  const owner = daemonOf(command);
  // What vtysh says of it; the daemon's own socket is not even there.
  if (owner && !model.runsDaemon(router, owner)) return [`${owner} is not running\n`, 1];
  if (command === 'enable') return ['', 0];
  if (command === 'show version') return [VERSION_TEXT, 0];
  if (command === 'show watchfrr') return [watchfrrText(model, router), 0];
  if (command === 'show vrf') return ['', 0];
  const json = answerJson(model, router, command);
  return json === undefined ? [`% Unknown command: ${command}\n`, 2] : [`${JSON.stringify(json, undefined, 2)}\n`, 0];
}

function answerJson(model: RoutingModel, router: DemoRouter, command: string): object | undefined {
  const family = (): Family => (/\bipv6\b/.test(command) ? 'ipv6' : 'ipv4');
  const last = (pattern: RegExp): string | undefined => pattern.exec(command)?.[1];
  if (command === 'show bgp vrfs json')
    return { vrfs: { default: { type: 'DFLT', numConfiguredPeers: model.peersOf(router).length } }, totalVrfs: 1 };
  if (/^show bgp vrf all ipv[46] unicast summary json$/.test(command)) return summarize(model, router, family());
  if (/^show bgp ipv[46] unicast json$/.test(command)) return describeTable(model, router, family());
  const neighbor = last(/^show bgp vrf default neighbors (\S+) json$/);
  if (neighbor !== undefined) return describeNeighbor(model, router, neighbor);
  const prefix = last(/^show bgp ipv[46] unicast (\S+) json$/);
  if (prefix !== undefined) return describePrefix(model, router, prefix);
  if (/^show (ip|ipv6) route summary json$/.test(command)) return summarizeRoutes(model, router, family());
  if (command === 'show vrrp json') return describeVrrp(model, router);
  if (command === 'show bfd peers json') return describeBfd(model, router);
  if (command === 'show bfd peers counters json') return countBfd(model, router);
  const device = last(/^show interface (\S+) json$/);
  if (device !== undefined)
    return { [device]: { administrativeStatus: 'up', operationalStatus: 'up', vrfName: 'default' } };
  return undefined;
}

const watchfrrText = (model: RoutingModel, router: DemoRouter): string =>
  [
    'watchfrr global phase: Idle',
    ' Min Restart Interval: 60',
    ' Restart Timeout: 20',
    ...['zebra', 'bgpd', 'staticd', 'bfdd', 'vrrpd'].map(
      (name) => `  ${name.padEnd(20)} ${model.runsDaemon(router, name) ? 'Up' : 'Down'}`,
    ),
    '',
  ].join('\n');

function summarizeRoutes(model: RoutingModel, router: DemoRouter, family: Family): object {
  const prefixes = new Set(model.pathsOf(router).flatMap((path) => (path.family === family ? [path.prefix] : []))).size;
  const row = (type: string, count: number) => ({ fib: count, rib: count, fibOffLoaded: 0, fibTrapped: 0, type });
  return {
    routes: [row('connected', 3), row('ebgp', prefixes)],
    routesTotal: prefixes + 3,
    routesTotalFib: prefixes + 3,
  };
}

function describeVrrp(model: RoutingModel, router: DemoRouter): object[] {
  const isMaster = model.isMaster(router);
  const seconds = Math.floor((model.state.clock.now() - model.startedAt(router)) / 1000);
  const family = (device: string, address: string, extra: object) => ({
    interface: device,
    status: isMaster ? 'Master' : 'Backup',
    effectivePriority: 200 - 10 * router.index,
    stats: {
      ...{ adverTx: isMaster ? seconds : 0, adverRx: isMaster ? 0 : seconds, transitions: isMaster ? 2 : 1 },
      ...extra,
    },
    addresses: [address],
  });
  return [
    {
      ...{ vrid: 10, version: 3, shutdown: false, interface: 'uplink', advertisementInterval: 1000 },
      v4: family('vrrp4-10', '172.17.0.1', { garpTx: isMaster ? 1 : 0 }),
      v6: family('vrrp6-10', '2001:db8:17::1', { neighborAdverTx: isMaster ? 1 : 0 }),
    },
  ];
}

/** Sessions with the providers; a peer that is shut down has none. */
function bfdPeers(model: RoutingModel, router: DemoRouter) {
  return model
    .peersOf(router)
    .filter(({ idle, peerGroup }) => peerGroup === 'CORE' && idle !== 'Admin')
    .map((peer) => ({
      peer,
      key: {
        ...{ multihop: false, peer: peer.address, vrf: 'default' },
        ...(peer.established ? { local: peer.address.replace(/\d$/, String(11 + router.index)), interface: 'tr' } : {}),
      },
    }));
}

const describeBfd = (model: RoutingModel, router: DemoRouter): object[] =>
  bfdPeers(model, router).map(({ key, peer: { established, since } }) => {
    const seconds = Math.floor((model.state.clock.now() - since) / 1000);
    return {
      ...key,
      status: established ? 'up' : 'down',
      ...(established ? { uptime: seconds } : { downtime: seconds }),
    };
  });

const countBfd = (model: RoutingModel, router: DemoRouter): object[] =>
  bfdPeers(model, router).map(({ key, peer: { established, since } }) => {
    const packets = Math.floor((model.state.clock.now() - since) / 300);
    return {
      ...{ ...key, 'control-packet-input': packets, 'control-packet-output': packets },
      ...{ 'session-up': 1, 'session-down': established ? 0 : 1 },
    };
  });
