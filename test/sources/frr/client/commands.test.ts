import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as list from '../../../../src/sources/frr/client/commands.ts';
import { deadlyCommands, largestReply } from '../../../../src/sources/frr/client/safety.ts';
import { parseBuild } from '../../../../src/sources/frr/client/version.ts';

const all = [
  ...list.daemons.map(list.showVersion),
  list.showWatchfrr,
  list.showBgpInstances,
  ...list.afis.flatMap((afi) => [
    list.showBgpSummary(afi),
    list.showBgpTable(afi),
    list.showRouteSummary(afi),
    list.showRouteSummary(afi, 'BLUE'),
    list.showAllRouteSummaries(afi),
  ]),
  list.showBgpNeighbor('default', '192.0.2.1'),
  list.showBgpRouter,
  list.showBgpPrefix('2001:db8::/32'),
  list.showVrfs,
  list.showInterface('bond0.50'),
  list.showBfdPeers,
  list.showBfdCounters,
  list.showVrrp,
];

test('no command changes anything, and none is known to kill a daemon', () => {
  for (const { text } of all) {
    expect(text).toMatch(/^show /);
    for (const { pattern } of deadlyCommands) expect(text).not.toMatch(pattern);
  }
  expect(deadlyCommands.some(({ pattern }) => pattern.test('show bgp ipv4 neighbors graceful-restart json'))).toBe(
    true,
  );
  expect(deadlyCommands.some(({ pattern }) => pattern.test('show bgp vrf all ipv4 unicast statistics json'))).toBe(
    true,
  );
});

test('a command is made in commands.ts and nowhere else', () => {
  const root = fileURLToPath(new URL('../../../../src/sources/frr', import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const offenders = files.filter(
    (file) =>
      !file.endsWith('commands.ts') &&
      /['"`]show (?!version['"`])\S/.test(
        readFileSync(join(root, file), 'utf8').replaceAll(/^\s*(\*|\/\*|\/\/).*$/gm, ''),
      ),
  );
  expect(offenders).toEqual([]);
});

test('what the router names is put into a command only when it is harmless', () => {
  expect(list.showBgpNeighbor('default', 'to-r2').text).toBe('show bgp vrf default neighbors to-r2 json');
  expect(list.showBgpNeighbor('BLUE', '2001:db8::1').text).toBe('show bgp vrf BLUE neighbors 2001:db8::1 json');
  for (const peer of [
    'graceful-restart',
    'gr',
    'g',
    'json',
    'x json\0clear bgp *',
    'a b',
    '',
    '| include x',
    '?',
    'x'.repeat(40),
  ])
    expect(() => list.showBgpNeighbor('default', peer), peer).toThrow('safely');
  for (const name of ['all', 'brief', 'v', '*']) expect(() => list.showInterface(name), name).toThrow('safely');
});

test.each([
  '203.0.113.0',
  '203.0.113.0/33',
  '2001:db8::/129',
  'x/24',
  'fe80::1%eth0/64',
  '1.2.3.4/24 json',
  '/24',
  '1.2.3.4/24/1',
])('not a prefix: %s', (prefix) => expect(() => list.afiOf(prefix)).toThrow('not a prefix'));

test('the version, of every kind of build', () => {
  expect(parseBuild('FRRouting 8.4.4 (frr01) on Linux(6.1.0-18-amd64).\nCopyright')).toEqual({
    version: [8, 4, 4],
    name: '8.4.4',
    os: 'Linux(6.1.0-18-amd64)',
  });
  expect(parseBuild('FRRouting 10.3 (edge (old)) on Linux(6.12).\n').version).toEqual([10, 3, 0]);
  expect(parseBuild('FRRouting 10.5-dev_git.1 (x) on FreeBSD.\n')).toMatchObject({
    version: [10, 5, 0],
    os: 'FreeBSD',
  });
  expect(() => parseBuild('Quagga 1.2.4 (x).')).toThrow('not the version of an FRR daemon');
});

test('the hang-up crash bounds replies in the versions that have it, and in no other', () => {
  const bounded = (text: string) =>
    largestReply(parseBuild(`FRRouting ${text} (x) on Linux.`).version).bytes === 131072;
  expect(['10.2', '10.2.6', '10.3', '10.3.1'].map(bounded)).toEqual([true, true, true, true]);
  expect(['8.4.4', '9.1', '10.1.2', '10.3.2', '10.4', '10.5.1', '11.0'].filter(bounded)).toEqual([]);
});
