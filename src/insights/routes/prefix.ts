import { isIP, isIPv4 } from 'node:net';

/** A prefix of either family. Two that mean the same are written the same. */
export interface Prefix {
  readonly family: 'ipv4' | 'ipv6';
  /** The network's address as a number; the host's part is 0. */
  readonly network: bigint;
  readonly length: number;
  /** As FRR and RFC 5952 write it: 2001:db8::/64. */
  readonly text: string;
}

const widths = { ipv4: 32, ipv6: 128 } as const;

/** Reads an address with or without a prefix length; undefined for anything else. The host's part is dropped. */
export const parsePrefix = remembered(readPrefix);

/** An address as FRR writes it; undefined for what is none. */
export const canonicalAddress = remembered((text) => {
  const number = numberOf(text);
  return number === undefined ? undefined : formatAddress(isIPv4(text) ? 'ipv4' : 'ipv6', number);
});

/** So many different texts are remembered, for all functions together some megabytes. */
const REMEMBERED = 16_384;

/** The same texts come with every scrape, and to read them is most of the work. */
function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as T;
    if (known.size >= REMEMBERED) known.clear();
    const value = read(text);
    known.set(text, value);
    return value;
  };
}

function readPrefix(text: string): Prefix | undefined {
  const [address = '', lengthText, ...more] = text.trim().split('/');
  const number = numberOf(address);
  if (number === undefined || more.length > 0) return undefined;
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const width = widths[family];
  const length = lengthText === undefined ? width : /^\d{1,3}$/.test(lengthText) ? Number(lengthText) : width + 1;
  if (length > width) return undefined;
  const hostBits = BigInt(width - length);
  const network = (number >> hostBits) << hostBits;
  return { family, network, length, text: `${formatAddress(family, network)}/${length}` };
}

/** Tells whether a prefix is one of these, or inside one. Takes as long as there are different lengths among them. */
export function within(prefixes: readonly Prefix[]): (prefix: Prefix) => boolean {
  const keyOf = (family: string, network: bigint, length: number) => `${family} ${network}/${length}`;
  const known = new Set(prefixes.map(({ family, length, network }) => keyOf(family, network, length)));
  const lengths = [...new Set(prefixes.map(({ length }) => length))];
  return ({ family, length, network }) =>
    lengths.some((shorter) => {
      const bits = BigInt(widths[family] - shorter);
      return shorter <= length && known.has(keyOf(family, (network >> bits) << bits, shorter));
    });
}

function numberOf(address: string): bigint | undefined {
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 4) return fromGroups(address.split('.').map(Number), 8n);
  return family === 6 ? fromGroups(groupsOf(address), 16n) : undefined;
}

const fromGroups = (groups: readonly number[], bits: bigint): bigint =>
  groups.reduce((number, group) => (number << bits) | BigInt(group), 0n);

/** The eight groups of an IPv6 address that `isIP` has accepted. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const before = readGroups(head);
  if (tail === undefined) return before;
  const after = readGroups(tail);
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

const readGroups = (text: string): number[] =>
  text === ''
    ? []
    : text.split(':').flatMap((group) => (group.includes('.') ? pairOf(group) : Number.parseInt(group, 16)));

/** The last 32 bits may be written as an IPv4 address (RFC 4291, 2.2). */
function pairOf(dotted: string): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return [(a << 8) | b, (c << 8) | d];
}

function formatAddress(family: Prefix['family'], number: bigint): string {
  if (family === 'ipv4') return split(number, 4, 8).join('.');
  const groups = split(number, 8, 16);
  const [start, count] = longestZeros(groups);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  return count < 2 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + count))}`;
}

const split = (number: bigint, count: number, bits: number): number[] =>
  Array.from({ length: count }, (_, index) =>
    Number(BigInt.asUintN(bits, number >> BigInt(bits * (count - 1 - index)))),
  );

/** Where the longest run of zeros begins, the first of equals, and how long it is (RFC 5952, 4.2). */
function longestZeros(groups: readonly number[]): readonly [start: number, count: number] {
  let best: readonly [number, number] = [0, 0];
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best[1]) best = [start, index + 1 - start];
  }
  return best;
}
