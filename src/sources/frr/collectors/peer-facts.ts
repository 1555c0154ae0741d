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
  const peers = new Map<string, FrrPeer>();
  for (const { afi, instance, peer } of eachPeer(view)) {
    const id = `${instance.vrf} ${peer.name}`;
    const detail = details(instance.vrf, peer);
    const fact = peers.get(id) ?? createFact(instance, peer, detail, roles);
    peers.set(id, { ...fact, families: { ...fact.families, ...familyState(afi, peer, detail) } });
  }
  return [...peers.values()];
}

function familyState(afi: Afi, peer: BgpPeer, detail: BgpNeighbor | undefined): FrrPeer['families'] {
  const negotiated = detail?.families.get(afi)?.negotiated;
  return { [afi]: peer.state === 'Established' && (negotiated ?? true) };
}

function createFact(
  { vrf, localAs }: BgpInstance,
  peer: BgpPeer,
  detail: BgpNeighbor | undefined,
  roles: FrrConfig['roles'],
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
    families: {},
  };
}
