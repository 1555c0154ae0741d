import { type Afi, afis } from './commands.ts';
import { isSet, type JsonObject, numberIn, objectIn, objectOf, textIn } from './json.ts';

/** RFC 4271 section 4.1, RFC 2918 (route refresh), and FRR's dynamic capability. */
export const messageKinds = ['open', 'notification', 'update', 'keepalive', 'route_refresh', 'capability'] as const;
export type MessageKind = (typeof messageKinds)[number];
export type Direction = 'received' | 'sent';

const messageFields: Readonly<Record<MessageKind, string>> = {
  open: 'opens',
  notification: 'notifications',
  update: 'updates',
  keepalive: 'keepalives',
  route_refresh: 'routeRefresh',
  capability: 'capability',
};

const rejectionFields: Readonly<Record<string, string>> = {
  policy: 'inboundFiltered',
  as_loop: 'aspathLoop',
  originator_loop: 'originatorLoop',
  cluster_loop: 'clusterLoop',
  invalid_next_hop: 'invalidNextHop',
};

/** What only the detailed view of a peer tells. */
export interface BgpNeighbor {
  readonly peerGroup: string | undefined;
  readonly description: string | undefined;
  readonly remoteRouterId: string | undefined;
  /** The peer's address; of an unnumbered session a link-local one. */
  readonly address: string | undefined;
  readonly localAddress: string | undefined;
  readonly holdTimeSeconds: number | undefined;
  readonly roundTripSeconds: number | undefined;
  readonly messages: ReadonlyMap<MessageKind, Readonly<Record<Direction, number | undefined>>>;
  /** Families that are activated for the peer. */
  readonly families: ReadonlyMap<Afi, BgpNeighborFamily>;
  readonly lastNotification: BgpNotification | undefined;
  /** Prefixes that were not taken, by reason; FRR 10 and later. */
  readonly rejected: ReadonlyMap<string, number>;
}

export interface BgpNeighborFamily {
  /** Whether both sides announced the family when the session was opened; undefined while there is no session. */
  readonly negotiated: boolean | undefined;
  readonly accepted: number | undefined;
  readonly limit: number | undefined;
  readonly limitWarningRatio: number | undefined;
}

/** RFC 4271 section 4.5. Numbers only: the text that may come with one is written by somebody else. */
export interface BgpNotification {
  readonly code: number;
  readonly subcode: number;
  readonly direction: Direction;
}

/** Reads `show bgp … neighbors PEER json`, an object with the peer's name as its key; undefined if there is no such peer. */
export function parseBgpNeighbor(json: unknown, peer: string): BgpNeighbor | undefined {
  const value = objectOf(json)[peer];
  if (value === undefined) return undefined;
  const neighbor = objectOf(value);
  const holdTimeMs = numberIn(neighbor, 'bgpTimerHoldTimeMsecs');
  const roundTripMs = numberIn(neighbor, 'estimatedRttInMsecs');
  return {
    peerGroup: textIn(neighbor, 'peerGroup'),
    description: textIn(neighbor, 'nbrDesc'),
    remoteRouterId: known(textIn(neighbor, 'remoteRouterId'), '0.0.0.0'),
    address: known(textIn(neighbor, 'bgpNeighborAddr'), 'none') ?? known(textIn(neighbor, 'hostForeign'), 'Unknown'),
    localAddress: known(textIn(neighbor, 'hostLocal'), 'Unknown'),
    holdTimeSeconds: holdTimeMs === undefined ? undefined : holdTimeMs / 1000,
    roundTripSeconds: roundTripMs === undefined ? undefined : roundTripMs / 1000,
    messages: parseMessages(objectIn(neighbor, 'messageStats')),
    families: parseFamilies(neighbor),
    lastNotification: parseNotification(neighbor),
    rejected: parseRejections(objectIn(neighbor, 'prefixStats')),
  };
}

const known = (text: string | undefined, unknown: string): string | undefined => (text === unknown ? undefined : text);

function parseMessages(stats: JsonObject): BgpNeighbor['messages'] {
  return new Map(
    messageKinds.map((kind) => [
      kind,
      { received: numberIn(stats, `${messageFields[kind]}Recv`), sent: numberIn(stats, `${messageFields[kind]}Sent`) },
    ]),
  );
}

function parseFamilies(neighbor: JsonObject): BgpNeighbor['families'] {
  const families = objectIn(neighbor, 'addressFamilyInfo');
  const capabilities = objectIn(objectIn(neighbor, 'neighborCapabilities'), 'multiprotocolExtensions');
  const established = textIn(neighbor, 'bgpState') === 'Established';
  const result = new Map<Afi, BgpNeighborFamily>();
  for (const afi of afis) {
    const family = families[`${afi}Unicast`];
    if (family === undefined) continue;
    const fields = objectOf(family);
    const threshold = numberIn(fields, 'prefixAllowedWarningThresh');
    result.set(afi, {
      negotiated: established ? isSet(capabilities[`${afi}Unicast`], 'advertisedAndReceived') : undefined,
      accepted: numberIn(fields, 'acceptedPrefixCounter'),
      limit: numberIn(fields, 'prefixAllowedMax'),
      limitWarningRatio: threshold === undefined ? undefined : threshold / 100,
    });
  }
  return result;
}

/**
 * `lastErrorCodeSubcode` is four hexadecimal digits. It outlives the session, and so does `lastResetDueTo`, of which
 * only the two texts below can be trusted: after a lost link or a clear it tells something unrelated.
 */
function parseNotification(neighbor: JsonObject): BgpNotification | undefined {
  const codes = /^([0-9a-f]{2})([0-9a-f]{2})$/i.exec(textIn(neighbor, 'lastErrorCodeSubcode') ?? '');
  const reason = textIn(neighbor, 'lastResetDueTo') ?? '';
  const direction = /^BGP Notification (received|send)$/.exec(reason)?.[1];
  if (!codes || !direction) return undefined;
  return {
    code: Number.parseInt(codes[1] as string, 16),
    subcode: Number.parseInt(codes[2] as string, 16),
    direction: direction === 'received' ? 'received' : 'sent',
  };
}

function parseRejections(stats: JsonObject): Map<string, number> {
  return new Map(
    Object.entries(rejectionFields).flatMap(([reason, field]) => {
      const count = numberIn(stats, field);
      return count === undefined ? [] : [[reason, count] as const];
    }),
  );
}
