import { isSet, numberIn, objectIn, objectOf, textIn } from './json.ts';

/** RFC 4271 section 8.2.2. */
export const sessionStates = ['Idle', 'Connect', 'Active', 'OpenSent', 'OpenConfirm', 'Established'] as const;

/** One instance of BGP in one address family. */
export interface BgpInstance {
  readonly vrf: string;
  readonly localAs: number;
  readonly ribCount: number | undefined;
  readonly ribMemory: number | undefined;
  readonly peerCount: number | undefined;
  readonly peerMemory: number | undefined;
  readonly peerGroupCount: number | undefined;
  readonly peerGroupMemory: number | undefined;
  readonly peers: readonly BgpPeer[];
}

/** One peer in one address family. What belongs to the session is the same in every family. */
export interface BgpPeer {
  /** Its address, or the interface of an unnumbered session. */
  readonly name: string;
  readonly remoteAs: number;
  /** One of `sessionStates`. */
  readonly state: string;
  readonly adminDown: boolean;
  /** Shut down by this router, because the peer sent more prefixes than it may. */
  readonly limitHit: boolean;
  /** Only while Established: for a peer that is down FRR shows how long it has been down. */
  readonly uptimeSeconds: number | undefined;
  readonly messagesReceived: number | undefined;
  readonly messagesSent: number | undefined;
  readonly queueIn: number | undefined;
  readonly queueOut: number | undefined;
  readonly prefixesReceived: number | undefined;
  readonly prefixesSent: number | undefined;
  readonly established: number | undefined;
  readonly dropped: number | undefined;
  readonly description: string | undefined;
  readonly hostname: string | undefined;
  readonly unnumbered: boolean;
  readonly dynamic: boolean;
}

/** Reads `show bgp vrf all … unicast summary json`: instances by VRF. One without the family is an empty object. */
export function parseBgpSummary(json: unknown): BgpInstance[] {
  return Object.entries(objectOf(json)).flatMap(([vrf, instance]) => {
    const localAs = numberIn(instance, 'as');
    if (localAs === undefined) return [];
    const peers = Object.entries(objectIn(instance, 'peers')).map(([name, peer]) => parsePeer(name, peer));
    return [
      {
        vrf,
        localAs,
        ribCount: numberIn(instance, 'ribCount'),
        ribMemory: numberIn(instance, 'ribMemory'),
        peerCount: numberIn(instance, 'peerCount'),
        peerMemory: numberIn(instance, 'peerMemory'),
        peerGroupCount: numberIn(instance, 'peerGroupCount'),
        peerGroupMemory: numberIn(instance, 'peerGroupMemory'),
        peers,
      },
    ];
  });
}

function parsePeer(name: string, peer: unknown): BgpPeer {
  // `Idle (Admin)`, `Idle (PfxCt)`: the state proper is the first word.
  const [state = '', reason] = (textIn(peer, 'state') ?? '').split(' ');
  const uptimeMs = state === 'Established' ? numberIn(peer, 'peerUptimeMsec') : undefined;
  return {
    name,
    remoteAs: numberIn(peer, 'remoteAs') ?? 0,
    state,
    adminDown: reason === '(Admin)',
    limitHit: reason === '(PfxCt)',
    uptimeSeconds: uptimeMs === undefined ? undefined : uptimeMs / 1000,
    messagesReceived: numberIn(peer, 'msgRcvd'),
    messagesSent: numberIn(peer, 'msgSent'),
    queueIn: numberIn(peer, 'inq'),
    queueOut: numberIn(peer, 'outq'),
    prefixesReceived: numberIn(peer, 'pfxRcd'),
    prefixesSent: numberIn(peer, 'pfxSnt'),
    established: numberIn(peer, 'connectionsEstablished'),
    dropped: numberIn(peer, 'connectionsDropped'),
    description: textIn(peer, 'desc'),
    hostname: textIn(peer, 'hostname'),
    unnumbered: textIn(peer, 'idType') === 'interface',
    dynamic: isSet(peer, 'dynamicPeer'),
  };
}

/** How many peers all instances have, from `show bgp vrfs json`. */
export function countPeers(json: unknown): number {
  const instances = Object.values(objectIn(json, 'vrfs'));
  return instances.reduce<number>((sum, value) => sum + (numberIn(value, 'numConfiguredPeers') ?? 0), 0);
}
