import type { FactsView } from '../../core/insight.ts';
import { derived } from '../../core/reading.ts';
import { ovnFacts } from '../../sources/ovn/facts.ts';
import { membersByName } from '../index-of-members.ts';

/** Members by the address of a server, with its port or without. */
export type ServerMembers = Readonly<Record<string, string>>;

/**
 * Tells the member on which a server runs by its address: as configured, else the member whose LXD or whose tunnels
 * have that address, if it is one member alone.
 */
export function createLocator(facts: FactsView, configured: ServerMembers): (server: string) => string | undefined {
  const members = membersByAddress(facts);
  return (server) => configured[server] ?? configured[hostOf(server)] ?? members.get(hostOf(server));
}

/** Undefined for an address that several have. */
const membersByAddress = derived((facts): ReadonlyMap<string, string | undefined> => {
  const members = new Map<string, string | undefined>();
  const learn = (address: string, member: string) => {
    const known = members.has(address) && members.get(address) !== member;
    members.set(address, known ? undefined : member);
  };
  for (const { name, url } of membersByName(facts).values()) {
    const address = hostOfUrl(url);
    if (address !== '') learn(address, name);
  }
  for (const { facts: ovn } of facts.of(ovnFacts)) {
    for (const { encapAddresses, member } of ovn.chassis ?? []) {
      for (const address of encapAddresses) learn(address, member);
    }
  }
  return members;
});

/** `10.0.0.11:6641` and `[2001:db8::11]:6641` without the port. */
const hostOf = (server: string): string => server.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');

function hostOfUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') : '';
}
