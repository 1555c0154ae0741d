import { listIn, listOf, numberIn, objectIn, textIn } from './json.ts';

/** RFC 5798 section 6.4. */
export const vrrpStates = ['Initialize', 'Backup', 'Master'] as const;

/** One address family of a virtual router on an interface. */
export interface VrrpRouter {
  readonly vrid: number;
  readonly proto: 'v4' | 'v6';
  readonly interface: string;
  /** The macvlan that carries the virtual addresses; empty when there is none. */
  readonly subinterface: string;
  /** One of `vrrpStates`. */
  readonly state: string;
  /** As configured; FRR 10 and later. */
  readonly priority: number | undefined;
  readonly effectivePriority: number | undefined;
  readonly transitions: number | undefined;
  readonly advertisementsSent: number | undefined;
  readonly advertisementsReceived: number | undefined;
  readonly gratuitousArpSent: number | undefined;
  readonly neighborAdvertisementsSent: number | undefined;
  readonly addresses: readonly string[];
}

/** Reads `show vrrp json`. A family without an address is not a virtual router. */
export function parseVrrp(json: unknown): VrrpRouter[] {
  return listOf(json).flatMap((router) => {
    const vrid = numberIn(router, 'vrid');
    if (vrid === undefined) return [];
    return (['v4', 'v6'] as const).flatMap((proto) => {
      const family = objectIn(router, proto);
      const addresses = listIn(family, 'addresses').filter((address) => typeof address === 'string');
      if (addresses.length === 0) return [];
      return [parseFamily(vrid, proto, router, family, addresses)];
    });
  });
}

function parseFamily(
  vrid: number,
  proto: 'v4' | 'v6',
  router: unknown,
  family: unknown,
  addresses: readonly string[],
): VrrpRouter {
  const stats = objectIn(family, 'stats');
  return {
    vrid,
    proto,
    interface: textIn(router, 'interface') ?? '',
    subinterface: textIn(family, 'interface') ?? '',
    state: textIn(family, 'status') ?? '',
    priority: numberIn(family, 'priority') ?? numberIn(router, 'priority'),
    effectivePriority: numberIn(family, 'effectivePriority'),
    transitions: numberIn(stats, 'transitions'),
    advertisementsSent: numberIn(stats, 'adverTx'),
    advertisementsReceived: numberIn(stats, 'adverRx'),
    gratuitousArpSent: numberIn(stats, 'garpTx'),
    neighborAdvertisementsSent: numberIn(stats, 'neighborAdverTx'),
    addresses,
  };
}

/** Whether an interface has carrier, from `show interface NAME json`; undefined when FRR does not know it. */
export function parseCarrier(json: unknown, name: string): boolean | undefined {
  const status = textIn(objectIn(json, name), 'operationalStatus');
  return status === undefined ? undefined : status === 'up';
}
