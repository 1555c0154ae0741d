import { codeOf } from '../../../core/errors.ts';
import { type BgpNeighbor, parseBgpNeighbor } from './bgp-neighbor.ts';
import { type BgpInstance, type BgpPeer, countPeers, parseBgpSummary } from './bgp-summary.ts';
import {
  type Afi,
  afis,
  SUMMARY_BYTES_PER_PEER,
  showBgpInstances,
  showBgpNeighbor,
  showBgpRouter,
  showBgpSummary,
} from './commands.ts';
import { CycleMemo } from './cycle-memo.ts';
import { numberIn } from './json.ts';
import type { Router } from './router.ts';

export interface BgpView {
  readonly ipv4: readonly BgpInstance[];
  readonly ipv6: readonly BgpInstance[];
  /** Seconds since the epoch, on the router's clock; FRR 10 and later. */
  readonly startedAt: number | undefined;
}

/** One peer of one instance in one address family. */
export interface PeerEntry {
  readonly afi: Afi;
  readonly instance: BgpInstance;
  readonly peer: BgpPeer;
  /** Whether the session did not come up before, in another family. */
  readonly first: boolean;
}

export function* eachPeer(view: Readonly<Record<Afi, readonly BgpInstance[]>>): Generator<PeerEntry> {
  const seen = new Set<string>();
  for (const afi of afis) {
    for (const instance of view[afi]) {
      for (const peer of instance.peers) {
        const id = idOf(instance.vrf, peer.name);
        yield { afi, instance, peer, first: !seen.has(id) };
        seen.add(id);
      }
    }
  }
}

interface Known {
  /** Changes with every session, so that what was negotiated is never taken over into another one. */
  readonly session: string;
  readonly neighbor: BgpNeighbor;
  readonly readAt: number;
}

interface Named {
  readonly vrf: string;
  readonly peer: BgpPeer;
}

/** What the details of a peer are worth at most, where there are more peers than are asked in one cycle. */
const KEEP_MS = 300_000;

const idOf = (vrf: string, peer: string): string => `${vrf} ${peer}`;
const sessionOf = ({ state, established, dropped }: BgpPeer): string => `${state} ${established} ${dropped}`;

/**
 * Reads BGP in pieces of a known size: one summary per address family, and the details of peers one by one, so many a
 * cycle. Peers whose session changed come first, then those that were read the longest ago.
 */
export class BgpReader {
  readonly #router: Router;
  readonly #perCycle: number;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();
  readonly #view = new CycleMemo<Promise<BgpView>>();
  readonly #details = new CycleMemo<Promise<void>>();
  #peers = 0;

  constructor(router: Router, { perCycle, now }: { perCycle: number; now: () => number }) {
    this.#router = router;
    this.#perCycle = perCycle;
    this.#now = now;
  }

  /** The summaries of both families, read once a cycle. */
  view(signal: AbortSignal): Promise<BgpView> {
    return this.#view.get(signal, () => this.#readView(signal));
  }

  /** The details that are known of the present sessions, after this cycle's share of them was read. */
  async neighbors(signal: AbortSignal): Promise<(vrf: string, peer: BgpPeer) => BgpNeighbor | undefined> {
    await this.#details.get(signal, () => this.#readDetails(signal));
    return (vrf, peer) => {
      const known = this.#known.get(idOf(vrf, peer.name));
      const valid = known && known.session === sessionOf(peer) && this.#now() - known.readAt < KEEP_MS;
      return valid ? known.neighbor : undefined;
    };
  }

  async #readView(signal: AbortSignal): Promise<BgpView> {
    const bytes = await this.#expectBytes(signal);
    const read = async (afi: Afi) => parseBgpSummary(await this.#router.json(showBgpSummary(afi), signal, bytes));
    const [ipv4, ipv6, startedAt] = await Promise.all([read('ipv4'), read('ipv6'), this.#readStart(signal)]);
    this.#peers = Math.max(...[ipv4, ipv6].map((list) => list.reduce((sum, { peers }) => sum + peers.length, 0)));
    return { ipv4, ipv6, startedAt };
  }

  /** What a summary will measure at most; asked for where a version must not be asked for any size. */
  async #expectBytes(signal: AbortSignal): Promise<number> {
    if ((await this.#router.largestReply('bgpd', signal)) === Number.POSITIVE_INFINITY) return 0;
    // Peers that came in through a listen range are not configured: those of the cycle before count as well.
    const peers = Math.max(countPeers(await this.#router.json(showBgpInstances, signal)), this.#peers);
    return peers * SUMMARY_BYTES_PER_PEER;
  }

  async #readStart(signal: AbortSignal): Promise<number | undefined> {
    if (!(await this.#router.has(showBgpRouter, signal))) return undefined;
    return numberIn(await this.#router.json(showBgpRouter, signal), 'bgpStartedAt');
  }

  async #readDetails(signal: AbortSignal): Promise<void> {
    const view = await this.view(signal);
    const peers = new Map<string, Named>();
    for (const { instance, peer } of eachPeer(view))
      peers.set(idOf(instance.vrf, peer.name), { vrf: instance.vrf, peer });
    for (const id of this.#known.keys()) if (!peers.has(id)) this.#known.delete(id);
    await Promise.all(this.#choose(peers).map(([id, named]) => this.#readNeighbor(id, named, signal)));
  }

  #choose(peers: ReadonlyMap<string, Named>): [string, Named][] {
    const age = ([id, { peer }]: [string, Named]): number => {
      const known = this.#known.get(id);
      return known?.session === sessionOf(peer) ? known.readAt : Number.NEGATIVE_INFINITY;
    };
    if (peers.size <= this.#perCycle) return [...peers];
    const aged = [...peers].map((entry) => ({ entry, age: age(entry) }));
    aged.sort((a, b) => Number(a.age > b.age) - Number(a.age < b.age));
    return aged.slice(0, this.#perCycle).map(({ entry }) => entry);
  }

  async #readNeighbor(id: string, { vrf, peer }: Named, signal: AbortSignal): Promise<void> {
    let neighbor: BgpNeighbor | undefined;
    try {
      neighbor = parseBgpNeighbor(await this.#router.json(showBgpNeighbor(vrf, peer.name), signal), peer.name);
    } catch (error) {
      // One peer that cannot be read, such as one with a strange name, is not worth losing the others.
      if (!['unsupported', 'protocol'].includes(codeOf(error))) throw error;
    }
    if (neighbor) this.#known.set(id, { session: sessionOf(peer), neighbor, readAt: this.#now() });
    else this.#known.delete(id);
  }
}
