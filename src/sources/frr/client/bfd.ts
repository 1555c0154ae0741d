import { isSet, type JsonObject, listOf, numberIn, objectOf, textIn } from './json.ts';

/** A BFD session (RFC 5880). A session that was never up has no local address and no interface. */
export interface BfdSession {
  readonly peer: string;
  readonly local: string;
  readonly vrf: string;
  readonly interface: string;
  readonly multihop: boolean;
  readonly up: boolean;
  /** Administratively down. */
  readonly shutdown: boolean;
  readonly uptimeSeconds: number | undefined;
  readonly counters: BfdCounters | undefined;
}

export interface BfdCounters {
  readonly wentUp: number | undefined;
  readonly wentDown: number | undefined;
  readonly packetsReceived: number | undefined;
  readonly packetsSent: number | undefined;
}

/** Joins `show bfd peers json` and `show bfd peers counters json`, which name a session by the same five fields. */
export function parseBfdSessions(peers: unknown, counters: unknown): BfdSession[] {
  const counted = new Map(listOf(counters).map((value) => [keyOf(objectOf(value)), parseCounters(objectOf(value))]));
  return listOf(peers).map((value) => {
    const session = objectOf(value);
    const up = textIn(session, 'status') === 'up';
    return {
      peer: textIn(session, 'peer') ?? '',
      local: textIn(session, 'local') ?? '',
      vrf: textIn(session, 'vrf') ?? 'default',
      interface: textIn(session, 'interface') ?? '',
      multihop: isSet(session, 'multihop'),
      up,
      shutdown: textIn(session, 'status') === 'shutdown',
      uptimeSeconds: up ? numberIn(session, 'uptime') : undefined,
      counters: counted.get(keyOf(session)),
    };
  });
}

const keyOf = (session: JsonObject): string =>
  JSON.stringify(['peer', 'local', 'vrf', 'interface', 'multihop'].map((field) => session[field]));

const parseCounters = (fields: JsonObject): BfdCounters => ({
  wentUp: numberIn(fields, 'session-up'),
  wentDown: numberIn(fields, 'session-down'),
  packetsReceived: numberIn(fields, 'control-packet-input'),
  packetsSent: numberIn(fields, 'control-packet-output'),
});
