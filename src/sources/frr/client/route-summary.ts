import { listIn, numberIn, textIn } from './json.ts';

/** The routes of one VRF and address family in zebra's table. */
export interface RouteSummary {
  readonly total: number | undefined;
  readonly totalFib: number | undefined;
  readonly protocols: readonly RouteCount[];
}

export interface RouteCount {
  /** `ebgp`, `static`, `connected`, `local` … as FRR names them. */
  readonly protocol: string;
  readonly rib: number | undefined;
  readonly fib: number | undefined;
  readonly offloaded: number | undefined;
  readonly trapped: number | undefined;
}

/** Reads one table of `show ip route summary json`. */
export function parseRouteSummary(json: unknown): RouteSummary {
  return {
    total: numberIn(json, 'routesTotal'),
    totalFib: numberIn(json, 'routesTotalFib'),
    protocols: listIn(json, 'routes').flatMap((count) => {
      const protocol = textIn(count, 'type');
      if (protocol === undefined) return [];
      return [
        {
          protocol,
          rib: numberIn(count, 'rib'),
          fib: numberIn(count, 'fib'),
          offloaded: numberIn(count, 'fibOffLoaded'),
          trapped: numberIn(count, 'fibTrapped'),
        },
      ];
    }),
  };
}

/** The names in `show vrf`: `vrf BLUE id 5 table 10`, and ` (inactive)`-like endings. The default is not among them. */
export const parseVrfs = (text: string): string[] =>
  [...text.matchAll(/^vrf (\S+) (?:id|inactive)/gm)]
    .map((match) => match[1] as string)
    .filter((name) => name !== 'default');
