import { isSet, listIn, listOf, objectIn, textIn } from './json.ts';

/** A path to a prefix, as one peer told it. */
export interface BgpPath {
  /** The peer's address, or the interface of an unnumbered one; empty for a path of the router's own. */
  readonly peer: string;
  /** The peer is a router of the same AS. */
  readonly internal: boolean;
  /** Addresses; a link-local one beside a global one is left out. */
  readonly nexthops: readonly string[];
  readonly valid: boolean;
  readonly best: boolean;
  /** Kept over a restart of the peer (RFC 4724): not a proof that the peer still announces it. */
  readonly stale: boolean;
}

/** Reads one path of `show bgp … PREFIX json`, or of the table, which names the same things differently. */
function parsePath(path: unknown): BgpPath {
  const peer = objectIn(path, 'peer');
  const name = textIn(peer, 'interface') ?? textIn(peer, 'peerId') ?? textIn(path, 'peerId') ?? '';
  return {
    peer: /^(\(unspec\)|::|0\.0\.0\.0)$/.test(name) ? '' : name,
    internal: (textIn(peer, 'type') ?? textIn(path, 'pathFrom')) === 'internal',
    nexthops: parseNexthops(listIn(path, 'nexthops')),
    valid: isSet(path, 'valid'),
    best: isSet(path, 'bestpath') || isSet(objectIn(path, 'bestpath'), 'overall'),
    stale: isSet(path, 'stale'),
  };
}

function parseNexthops(nexthops: readonly unknown[]): string[] {
  const global = nexthops.filter((nexthop) => textIn(nexthop, 'scope') !== 'link-local');
  return (global.length > 0 ? global : nexthops).flatMap((nexthop) => textIn(nexthop, 'ip') ?? []);
}

/** Paths to one prefix, from `show bgp … PREFIX json`; none when the prefix is not in the table. */
export const parsePrefixPaths = (json: unknown): BgpPath[] => listIn(json, 'paths').map(parsePath);

/** The whole table, from `show bgp … unicast json`. */
export const parseTable = (json: unknown): Map<string, BgpPath[]> =>
  new Map(Object.entries(objectIn(json, 'routes')).map(([prefix, paths]) => [prefix, listOf(paths).map(parsePath)]));
