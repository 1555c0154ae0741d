import { isIP } from 'node:net';
import { SourceError } from '../../../core/errors.ts';
import { HARMLESS_BYTES } from './safety.ts';
import type { Version } from './version.ts';

export const daemons = ['watchfrr', 'zebra', 'bgpd', 'bfdd', 'vrrpd'] as const;
export type Daemon = (typeof daemons)[number];

export type Afi = 'ipv4' | 'ipv6';
export const afis: readonly Afi[] = ['ipv4', 'ipv6'];

declare const listed: unique symbol;

/**
 * One of the commands below. There is no other way to make one: no text of a user, of a configuration or of a request
 * ever reaches a router. What varies are names that the router itself gave, and they are checked.
 */
export interface Command {
  readonly daemon: Daemon;
  readonly text: string;
  /** What the reply cannot exceed, or is not kept beyond. */
  readonly maxBytes: number;
  /** The first version that has the command. */
  readonly since?: Version;
  readonly [listed]: true;
}

const command = (daemon: Daemon, text: string, options: { maxBytes?: number; since?: Version } = {}): Command =>
  ({ daemon, text, maxBytes: HARMLESS_BYTES, ...options }) as Command;

/** About 1 KiB. */
export const showVersion = (daemon: Daemon): Command => command(daemon, 'show version');

/** Half a KiB. */
export const showWatchfrr: Command = command('watchfrr', 'show watchfrr');

/** 0.3 KiB per instance; tells how many peers there are before anything that grows with them is asked for. */
export const showBgpInstances: Command = command('bgpd', 'show bgp vrfs json');

/** Bytes of one peer in one family's summary, with the longest description that FRR takes (80 characters). */
export const SUMMARY_BYTES_PER_PEER = 640;

/** 0.5 KiB per peer. `vrf all` includes the default instance. */
export const showBgpSummary = (afi: Afi): Command =>
  command('bgpd', `show bgp vrf all ${afi} unicast summary json`, { maxBytes: 4 * 2 ** 20 });

/** 4 to 6 KiB; one peer at a time, because all at once exceed any bound. */
export const showBgpNeighbor = (vrf: string, peer: string): Command =>
  command('bgpd', `show bgp vrf ${checkVrf(vrf)} neighbors ${checkPeer(peer)} json`);

/** When bgpd started. */
export const showBgpRouter: Command = command('bgpd', 'show bgp router json', { since: [10, 0, 0] });

/** About 1 KiB per path. An exact prefix of the default instance. */
export const showBgpPrefix = (prefix: string): Command =>
  command('bgpd', `show bgp ${afiOf(prefix)} unicast ${prefix} json`);

/** Bytes of one path in the table: 0.5 KiB, twice that where it has two next hops (RFC 8950). */
export const TABLE_BYTES_PER_PATH = 640;

/** The whole table of the default instance: only when it is known to be small. */
export const showBgpTable = (afi: Afi): Command =>
  command('bgpd', `show bgp ${afi} unicast json`, { maxBytes: 4 * 2 ** 20 });

/** Half a KiB; zebra walks its table for it: about 0.4 ms per thousand routes. */
export const showRouteSummary = (afi: Afi, vrf = 'default'): Command =>
  command('zebra', `show ${ipWord(afi)} route ${vrf === 'default' ? '' : `vrf ${checkVrf(vrf)} `}summary json`);

/** As above for every VRF at once. Older versions print one JSON document per VRF, without its name. */
export const showAllRouteSummaries = (afi: Afi): Command =>
  command('zebra', `show ${ipWord(afi)} route vrf all summary json`, { since: [10, 1, 0] });

/** One line per VRF; text only. */
export const showVrfs: Command = command('zebra', 'show vrf');

/** About 1 KiB. */
export const showInterface = (name: string): Command => command('zebra', `show interface ${checkInterface(name)} json`);

/** 0.6 KiB per session; needs `enable`. */
export const showBfdPeers: Command = command('bfdd', 'show bfd peers json', { maxBytes: 2 ** 20 });

/** 0.3 KiB per session; needs `enable`. */
export const showBfdCounters: Command = command('bfdd', 'show bfd peers counters json', { maxBytes: 2 ** 20 });

/** 1 KiB per virtual router, of which an interface has at most 255. */
export const showVrrp: Command = command('vrrpd', 'show vrrp json', { maxBytes: 2 ** 20 });

/** Daemons that show nothing before `enable`. Every other one is read without it, so that it would refuse to be changed. */
export const needsEnable: ReadonlySet<Daemon> = new Set(['bfdd']);

/** Words that a parser of FRR could take a name for, or a part of them: a keyword wins over a name. */
const keywords = ['graceful-restart', 'json', 'all', 'brief', 'vrf', 'detail', 'description', 'summary'];

// A name of an interface has at most 15 bytes (Linux IFNAMSIZ), one of a VRF in FRR at most 36.
const safeName = /^[A-Za-z0-9][A-Za-z0-9._@:-]{0,35}$/;

function checkName(name: string, what: string): string {
  if (!safeName.test(name) || keywords.some((keyword) => keyword.startsWith(name)))
    throw new SourceError('unsupported', `the ${what} ${JSON.stringify(name)} cannot be put into a command safely`);
  return name;
}

const checkVrf = (name: string): string => checkName(name, 'VRF');
const checkInterface = (name: string): string => checkName(name, 'interface');
/** An address, or the interface of an unnumbered peer. */
const checkPeer = (name: string): string => (isIP(name) ? name : checkName(name, 'peer'));

const ipWord = (afi: Afi): string => (afi === 'ipv4' ? 'ip' : 'ipv6');

/** @throws SourceError for what is not a prefix in CIDR notation */
export function afiOf(prefix: string): Afi {
  const [address = '', length = '', ...more] = prefix.split('/');
  const family = isIP(address);
  if (
    family === 0 ||
    address.includes('%') ||
    more.length > 0 ||
    !/^\d{1,3}$/.test(length) ||
    Number(length) > (family === 4 ? 32 : 128)
  )
    throw new SourceError('unsupported', `not a prefix: ${JSON.stringify(prefix)}`);
  return family === 4 ? 'ipv4' : 'ipv6';
}
