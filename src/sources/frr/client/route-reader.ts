import { type BgpPath, parsePrefixPaths, parseTable } from './bgp-routes.ts';
import type { BgpInstance } from './bgp-summary.ts';
import { type Afi, afiOf, showBgpPrefix, showBgpTable, TABLE_BYTES_PER_PATH } from './commands.ts';
import type { Router } from './router.ts';

/** Tables up to so many paths are read whole: 120 KiB, and 2 ms of bgpd's time. */
const SMALL_TABLE_PATHS = 190;

/** Prefixes that are asked for one by one in one cycle. */
export const PREFIXES_PER_CYCLE = 100;

export interface BgpRoutes {
  /** The address families whose table was read whole: what is not in it does not exist. */
  readonly complete: ReadonlySet<Afi>;
  readonly routes: ReadonlyMap<string, readonly BgpPath[]>;
}

/**
 * Answers which paths the router has to certain prefixes, in bounded pieces: a small table is read whole, of a larger
 * one only what was asked for, `PREFIXES_PER_CYCLE` a cycle in turn. The table of the Internet is never read.
 */
export class RouteReader {
  readonly #router: Router;
  readonly #always: readonly string[];
  readonly #known = new Map<string, readonly BgpPath[]>();
  #asked: readonly string[] = [];
  #wanted: readonly string[];
  #turn = 0;

  /** @param always prefixes that are of interest whatever else is */
  constructor(router: Router, always: readonly string[]) {
    this.#router = router;
    this.#always = always;
    this.#wanted = distinct(always);
  }

  /**
   * Says which prefixes are of interest from now on. What is not a prefix is ignored. The same list costs nothing, and it
   * is the same function in every cycle: facts that are equal to those before are not looked at again.
   */
  readonly want = (prefixes: readonly string[]): void => {
    if (prefixes === this.#asked) return;
    this.#asked = prefixes;
    this.#wanted = distinct([...this.#always, ...prefixes]);
  };

  /** @param instances the default instance of each family tells how large its table is */
  async read(instances: Readonly<Record<Afi, readonly BgpInstance[]>>, signal: AbortSignal): Promise<BgpRoutes> {
    const complete = new Set<Afi>();
    const routes = new Map<string, readonly BgpPath[]>();
    for (const afi of ['ipv4', 'ipv6'] as const) {
      const paths = countPaths(instances[afi]);
      if (paths === undefined || paths > SMALL_TABLE_PATHS) continue;
      const json = await this.#router.json(showBgpTable(afi), signal, paths * TABLE_BYTES_PER_PATH);
      for (const [prefix, list] of parseTable(json)) routes.set(prefix, list);
      complete.add(afi);
    }
    await this.#readPrefixes(
      this.#wanted.filter((prefix) => !complete.has(afiOf(prefix))),
      signal,
    );
    for (const [prefix, paths] of this.#known) routes.set(prefix, paths);
    return { complete, routes };
  }

  async #readPrefixes(wanted: readonly string[], signal: AbortSignal): Promise<void> {
    const isWanted = new Set(wanted);
    for (const prefix of this.#known.keys()) if (!isWanted.has(prefix)) this.#known.delete(prefix);
    const start = wanted.length > PREFIXES_PER_CYCLE ? this.#turn % wanted.length : 0;
    const share = [...wanted.slice(start), ...wanted.slice(0, start)].slice(0, PREFIXES_PER_CYCLE);
    this.#turn = start + share.length;
    await Promise.all(
      share.map(async (prefix) => {
        this.#known.set(prefix, parsePrefixPaths(await this.#router.json(showBgpPrefix(prefix), signal)));
      }),
    );
  }
}

const distinct = (prefixes: readonly string[]): string[] => [...new Set(prefixes)].filter(isPrefix);

function isPrefix(text: string): boolean {
  try {
    return afiOf(text) !== undefined;
  } catch {
    return false;
  }
}

/** Paths in the default instance's table: what the peers sent, and what may be the router's own. */
function countPaths(instances: readonly BgpInstance[]): number | undefined {
  const instance = instances.find(({ vrf }) => vrf === 'default');
  if (instance?.ribCount === undefined) return undefined;
  return instance.peers.reduce((sum, { prefixesReceived = 0 }) => sum + prefixesReceived, instance.ribCount);
}
