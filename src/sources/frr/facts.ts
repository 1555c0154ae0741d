import { defineFacts } from '../../core/insight.ts';
import type { BgpPath } from './client/bgp-routes.ts';
import type { Afi } from './client/commands.ts';

/** What insights may know of a router; the target's name is the router's. */
export interface FrrFacts {
  readonly version: string;
  /** Daemons that watchfrr looks after. */
  readonly daemons: readonly { readonly name: string; readonly up: boolean }[];
  readonly peers: readonly FrrPeer[];
  readonly vrrp: readonly FrrVirtualRouter[];
  readonly routes: FrrRoutes;
}

/** What a peer is to this cluster. */
export type PeerRole = 'transit' | 'host' | 'internal' | 'other';

export interface FrrPeer {
  readonly vrf: string;
  /** Its address, or the interface of an unnumbered session. */
  readonly name: string;
  readonly remoteAs: number;
  readonly role: PeerRole;
  readonly peerGroup?: string;
  readonly description?: string;
  readonly established: boolean;
  readonly adminDown: boolean;
  readonly limitHit: boolean;
  /** Families that are configured for the peer; whether each is up: established and negotiated. */
  readonly families: Readonly<Partial<Record<Afi, boolean>>>;
}

export interface FrrVirtualRouter {
  readonly vrid: number;
  readonly afi: Afi;
  readonly interface: string;
  /** Master by its own word, and its interface has carrier: without carrier FRR goes on saying Master. */
  readonly master: boolean;
  readonly state: string;
}

export interface FrrRoutes {
  /** Families whose table was read whole: a prefix that is not in `paths` is not in the table. */
  readonly complete: readonly Afi[];
  /** Paths by prefix, in the default instance. */
  readonly paths: ReadonlyMap<string, readonly BgpPath[]>;
  /**
   * Says which prefixes are of interest from now on; the next cycle reads them. Needed only for families that are not
   * complete. What is not a prefix is ignored.
   */
  want(prefixes: readonly string[]): void;
}

export const frrFacts = defineFacts<FrrFacts>('frr');
