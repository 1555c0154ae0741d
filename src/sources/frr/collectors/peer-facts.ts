import type { BgpNeighbor } from '../client/bgp-neighbor.ts';
import { type BgpView, eachPeer } from '../client/bgp-reader.ts';
import type { BgpInstance, BgpPeer } from '../client/bgp-summary.ts';
import type { Afi } from '../client/commands.ts';
import type { FrrConfig } from '../config.ts';
import type { FrrPeer, PeerRole } from '../facts.ts';

type Details = (vrf: string, peer: BgpPeer) => BgpNeighbor | undefined;

/** What a peer is: by the configuration, else internal when it is in the same AS. */
export function roleOf(
  { name, remoteAs }: { name: string; remoteAs: number },
  peerGroup: string | undefined,
  localAs: number,
  roles: FrrConfig['roles'],
): PeerRole {
  const words: readonly (string | number | undefined)[] = [name, remoteAs, peerGroup];
  for (const role of ['transit', 'host', 'internal'] as const)
    if (roles[role].some((word) => words.includes(word))) return role;
  return remoteAs === localAs ? 'internal' : 'other';
}

/** One fact per session, joined from the summaries of its families and from the details. */
export function collectPeers(view: BgpView, details: Details, roles: FrrConfig['roles']): FrrPeer[] {
  const peers: FrrPeer[] = [];
  const families = new Map<string, FamilyStates>();
  for (const { afi, instance, peer, first } of eachPeer(view)) {
    const id = `${instance.vrf} ${peer.name}`;
    const detail = details(instance.vrf, peer);
    const states = families.get(id) ?? {};
    states[afi] = isUp(afi, peer, detail);
    if (!first) continue;
    families.set(id, states);
    peers.push(createFact(instance, peer, detail, roles, states));
  }
  return peers;
}

type FamilyStates = { -readonly [afi in keyof FrrPeer['families']]: FrrPeer['families'][afi] };

const isUp = (afi: Afi, peer: BgpPeer, detail: BgpNeighbor | undefined): boolean =>
  peer.state === 'Established' && (detail?.families.get(afi)?.negotiated ?? true);

function createFact(
  { vrf, localAs }: BgpInstance,
  peer: BgpPeer,
  detail: BgpNeighbor | undefined,
  roles: FrrConfig['roles'],
  families: FrrPeer['families'],
): FrrPeer {
  const description = peer.description ?? detail?.description;
  return {
    vrf,
    name: peer.name,
    remoteAs: peer.remoteAs,
    role: roleOf(peer, detail?.peerGroup, localAs, roles),
    ...(detail?.peerGroup === undefined ? {} : { peerGroup: detail.peerGroup }),
    ...(description === undefined ? {} : { description }),
    established: peer.state === 'Established',
    adminDown: peer.adminDown,
    limitHit: peer.limitHit,
    families,
  };
}
