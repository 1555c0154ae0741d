import { BlockList, isIPv4 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalAddress, parsePrefix, within } from '../../../src/insights/routes/prefix.ts';

test.each([
  ['10.1.2.3/24', '10.1.2.0/24'],
  ['203.0.113.53', '203.0.113.53/32'],
  [' 203.0.113.53/32 ', '203.0.113.53/32'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1/128'],
  ['2001:db8:0:1:1:1:1:1/128', '2001:db8:0:1:1:1:1:1/128'],
  ['2001:db8:100::1/64', '2001:db8:100::/64'],
  ['2001:db8::ffff/113', '2001:db8::8000/113'],
  ['::ffff:192.0.2.1', '::ffff:c000:201/128'],
  ['::/0', '::/0'],
  ['::1', '::1/128'],
])('%s is %s', (text, expected) => {
  expect(parsePrefix(text)?.text).toBe(expected);
});

test.each([
  '',
  '/24',
  'eth0',
  '10.0.0/24',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  '10.0.0.0/1e1',
  '::/129',
  ':::/64',
  'fe80::1%eth0',
])('%j is no prefix', (text) => {
  expect(parsePrefix(text)).toBeUndefined();
});

test('an address of IPv6 is written as the URL standard writes it, whatever way it came', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      expect(`[${canonicalAddress(address)}]`).toBe(new URL(`http://[${address}]/`).hostname);
    }),
    { numRuns: 1000 },
  );
});

test('an address of IPv4 is written as it is', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(canonicalAddress(address)).toBe(address);
    }),
  );
});

test('a canonical prefix is its own canonical form, and nothing makes the parser throw', () => {
  const anything = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-fA-F:./%]{0,45}$/));
  fc.assert(
    fc.property(anything, (text) => {
      const prefix = parsePrefix(text);
      expect(prefix === undefined || parsePrefix(prefix.text)?.text === prefix.text).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('what is within is what a block list of the same family holds, as far as addresses go', () => {
  const block = fc.oneof(
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.constant('ipv4' as const)),
    fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 }), fc.constant('ipv6' as const)),
  );
  fc.assert(
    fc.property(fc.array(block), fc.oneof(fc.ipV4(), fc.ipV6()), (blocks, address) => {
      const family = isIPv4(address) ? 'ipv4' : 'ipv6';
      const list = new BlockList();
      // A block list of both takes an address of IPv4 for one of IPv6, which is not what a router does.
      for (const [net, length, its] of blocks) if (its === family) list.addSubnet(net, length, its);
      const isWithin = within(blocks.flatMap(([net, length]) => parsePrefix(`${net}/${length}`) ?? []));
      expect([parsePrefix(address)].some((prefix) => prefix && isWithin(prefix))).toBe(list.check(address, family));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['203.0.113.0/24', true],
  ['203.0.113.64/26', true],
  ['203.0.112.0/23', false],
  ['203.0.114.1/32', false],
  ['2001:db8:17::/48', true],
  ['2001:db8::/32', false],
])('%s within 203.0.113.0/24 or 2001:db8:17::/48: %s', (text, expected) => {
  const isWithin = within(['203.0.113.0/24', '2001:db8:17::/48'].flatMap((one) => parsePrefix(one) ?? []));
  expect(isWithin(parsePrefix(text) as never)).toBe(expected);
});
