import { type DemoPath, type DemoPeer, type DemoRouter, type Family, LOCAL_AS, type RoutingModel } from './model.ts';

const KEEPALIVE_MS = 3000;

const familyKey = (family: Family): string => `${family}Unicast`;

/** `show bgp vrf all … unicast summary json` */
export function summarize(model: RoutingModel, router: DemoRouter, family: Family): object {
  const now = model.state.clock.now();
  const paths = model.pathsOf(router).filter((path) => path.family === family);
  const peers = model.peersOf(router).filter(({ families }) => families.includes(family));
  const prefixes = new Set(paths.map(({ prefix }) => prefix)).size;
  return {
    default: {
      ...{ routerId: `10.255.0.${router.index + 1}`, as: LOCAL_AS, vrfId: 0, vrfName: 'default' },
      ...{ tableVersion: prefixes, ribCount: prefixes, ribMemory: prefixes * 192 },
      ...{ peerCount: peers.length, peerMemory: peers.length * 741_464, peerGroupCount: 2, peerGroupMemory: 128 },
      peers: Object.fromEntries(
        peers.map((peer) => {
          const received = paths.filter((path) => path.peer === peer.address).length;
          return [peer.address, summarizePeer(peer, received, prefixes, now)];
        }),
      ),
    },
  };
}

function summarizePeer(peer: DemoPeer, received: number, sent: number, now: number): object {
  const messages = countKeepalives(peer, now);
  return {
    ...{ hostname: peer.description.split(' ')[0], remoteAs: peer.remoteAs, localAs: LOCAL_AS, version: 4 },
    ...{ msgRcvd: messages + 12, msgSent: messages + 9, tableVersion: 0, outq: 0, inq: 0 },
    peerUptimeMsec: wholeSeconds(now - peer.since),
    pfxRcd: peer.established ? received : 0,
    pfxSnt: peer.established ? sent : 0,
    state: peer.idle ? `Idle (${peer.idle})` : stateOf(peer),
    peerState: peer.idle ?? 'OK',
    connectionsEstablished: peer.dropped + (peer.established ? 1 : 0),
    connectionsDropped: peer.dropped,
    desc: peer.description,
    idType: peer.address.includes(':') ? 'ipv6' : 'ipv4',
  };
}

const stateOf = ({ established, idle }: DemoPeer): string => (established ? 'Established' : idle ? 'Idle' : 'Active');

const wholeSeconds = (ms: number): number => Math.max(0, Math.floor(ms / 1000) * 1000);

const countKeepalives = ({ since }: DemoPeer, now: number): number =>
  Math.floor(Math.max(0, now - since) / KEEPALIVE_MS);

/** `show bgp … neighbors PEER json` */
export function describeNeighbor(model: RoutingModel, router: DemoRouter, name: string): object {
  const peer = model.peersOf(router).find(({ address }) => address === name);
  if (!peer) return { bgpNoSuchNeighbor: true };
  const now = model.state.clock.now();
  const keepalives = countKeepalives(peer, now);
  const paths = model.pathsOf(router).filter((path) => path.peer === name);
  const each = <T>(value: (family: Family) => T) =>
    Object.fromEntries(peer.families.map((family) => [familyKey(family), value(family)]));
  const accepted = (family: Family) => paths.filter((path) => path.family === family).length;
  const session = {
    ...{ remoteRouterId: '192.0.2.1', bgpTimerUpMsec: wholeSeconds(now - peer.since), bgpTimerHoldTimeMsecs: 9000 },
    neighborCapabilities: { multiprotocolExtensions: each(() => ({ advertisedAndReceived: true })) },
    ...{ hostLocal: peer.address.includes(':') ? '2001:db8:17::2' : `172.17.0.${2 + router.index}`, portLocal: 179 },
    ...{ hostForeign: peer.address, portForeign: 40_179, estimatedRttInMsecs: 1 },
  };
  return {
    [name]: {
      ...{ remoteAs: peer.remoteAs, localAs: LOCAL_AS, nbrDesc: peer.description, bgpVersion: 4 },
      ...(peer.peerGroup ? { peerGroup: peer.peerGroup } : {}),
      bgpState: stateOf(peer),
      ...(peer.established
        ? session
        : { hostLocal: 'Unknown', portLocal: -1, hostForeign: 'Unknown', portForeign: -1 }),
      messageStats: {
        ...{ opensSent: 1, opensRecv: 1, notificationsSent: 0, notificationsRecv: 0, updatesSent: 8, updatesRecv: 11 },
        ...{ keepalivesSent: keepalives, keepalivesRecv: keepalives, routeRefreshSent: 0, routeRefreshRecv: 0 },
        ...{ capabilitySent: 0, capabilityRecv: 0 },
      },
      addressFamilyInfo: each((family) => ({
        acceptedPrefixCounter: peer.established ? accepted(family) : 0,
        ...(peer.peerGroup === 'CORE' ? { prefixAllowedMax: 1000, prefixAllowedWarningThresh: 90 } : {}),
      })),
    },
  };
}

/** `show bgp … unicast json` */
export function describeTable(model: RoutingModel, router: DemoRouter, family: Family): object {
  const routes: Record<string, object[]> = {};
  for (const path of model.pathsOf(router)) {
    if (path.family !== family) continue;
    routes[path.prefix] ??= [];
    const list = routes[path.prefix] as object[];
    list.push({
      ...{ valid: true, ...(list.length === 0 ? { bestpath: true } : {}), pathFrom: 'external', network: path.prefix },
      ...{ peerId: path.peer, origin: 'incomplete', nexthops: [nexthopOf(path)] },
    });
  }
  return { vrfId: 0, vrfName: 'default', localAS: LOCAL_AS, routes };
}

/** `show bgp … PREFIX json` */
export function describePrefix(model: RoutingModel, router: DemoRouter, prefix: string): object {
  const paths = model.pathsOf(router).filter((path) => path.prefix === prefix);
  if (paths.length === 0) return {};
  return {
    prefix,
    paths: paths.map((path, index) => ({
      ...{ valid: true, ...(index === 0 ? { bestpath: { overall: true } } : {}), nexthops: [nexthopOf(path)] },
      peer: { peerId: path.peer, type: 'external' },
    })),
  };
}

const nexthopOf = ({ family, nexthop }: DemoPath): object => ({
  ip: nexthop,
  afi: family,
  accessible: true,
  used: true,
});
