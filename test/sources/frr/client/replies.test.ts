import { expect, test } from 'vitest';
import { parseBfdSessions } from '../../../../src/sources/frr/client/bfd.ts';
import { parseBgpNeighbor } from '../../../../src/sources/frr/client/bgp-neighbor.ts';
import { parsePrefixPaths, parseTable } from '../../../../src/sources/frr/client/bgp-routes.ts';
import { countPeers, parseBgpSummary } from '../../../../src/sources/frr/client/bgp-summary.ts';
import { parseVrfs } from '../../../../src/sources/frr/client/route-summary.ts';
import { parseCarrier, parseVrrp } from '../../../../src/sources/frr/client/vrrp.ts';
import { parseWatchdog } from '../../../../src/sources/frr/client/watchfrr.ts';

test.each([undefined, null, 7, 'x', [], [1], { default: 7 }, { default: { as: 'x' } }, { peers: [] }])(
  'nothing is made of nonsense: %j',
  (json) => {
    expect(parseBgpSummary(json)).toEqual([]);
    expect(countPeers(json)).toBe(0);
    expect(parseBgpNeighbor(json, '192.0.2.1')).toBeUndefined();
    expect(parseVrrp(json)).toEqual([]);
    expect(parsePrefixPaths(json)).toEqual([]);
    expect(parseTable(json).size).toBe(0);
    expect(parseCarrier(json, 'eth0')).toBeUndefined();
  },
);

test('the states that carry a reason', () => {
  const peer = (state: string) => ({ default: { as: 1, peers: { p: { state, peerUptimeMsec: 5_000_000_000 } } } });
  const read = (state: string) => parseBgpSummary(peer(state))[0]?.peers[0];
  expect(read('Idle (Admin)')).toMatchObject({ state: 'Idle', adminDown: true, limitHit: false });
  expect(read('Idle (PfxCt)')).toMatchObject({ state: 'Idle', adminDown: false, limitHit: true });
  // More than 2^32, and a down time that is no uptime.
  expect(read('Established')?.uptimeSeconds).toBe(5_000_000);
  expect(read('Active')?.uptimeSeconds).toBeUndefined();
});

test.each([
  ['0602', 'BGP Notification received', { code: 6, subcode: 2, direction: 'received' }],
  ['060a', 'BGP Notification send', { code: 6, subcode: 10, direction: 'sent' }],
  ['0602', 'Waiting for peer OPEN', undefined],
  ['xx02', 'BGP Notification received', undefined],
  [undefined, 'BGP Notification received', undefined],
])('the last notification: %s, %s', (lastErrorCodeSubcode, lastResetDueTo, expected) => {
  const neighbor = parseBgpNeighbor({ p: { lastErrorCodeSubcode, lastResetDueTo } }, 'p');
  expect(neighbor?.lastNotification).toEqual(expected);
});

test('watchfrr, with a daemon that is down and one that does not answer', () => {
  const text = [
    'watchfrr global phase: Idle',
    ' Restart Command: "/usr/lib/frr/watchfrr.sh restart %s"',
    ' Reading Configuration: yes',
    '  zebra                Up',
    '  bgpd                 Down (2 restarts)',
    '  bfdd                 Unresponsive/Restarting',
    '',
  ].join('\n');
  expect(parseWatchdog(text)).toEqual({
    daemons: [
      { name: 'zebra', up: true },
      { name: 'bgpd', up: false },
      { name: 'bfdd', up: false },
    ],
    readingConfiguration: true,
  });
  expect(parseWatchdog('nonsense')).toEqual({ daemons: [] });
});

test('VRFs by name', () => {
  expect(parseVrfs('vrf BLUE id 5 table 10\nvrf RED inactive (configured)\nvrf default id 0 table 254\n')).toEqual([
    'BLUE',
    'RED',
  ]);
  expect(parseVrfs('')).toEqual([]);
});

test('counters of BFD belong to the session with the same five names', () => {
  const key = { multihop: false, peer: '192.0.2.1', local: '192.0.2.11', vrf: 'default', interface: 'tr' };
  const counters = [
    { ...key, multihop: true, 'session-up': 9 },
    { ...key, 'session-up': 1, 'session-down': 2, 'control-packet-input': 3, 'control-packet-output': 4 },
  ];
  expect(parseBfdSessions([{ ...key, status: 'up', uptime: 15 }], counters)[0]).toMatchObject({
    up: true,
    uptimeSeconds: 15,
    counters: { wentUp: 1, wentDown: 2, packetsReceived: 3, packetsSent: 4 },
  });
  expect(parseBfdSessions([{ ...key, status: 'down', uptime: 15 }], [])[0]).toMatchObject({
    up: false,
    uptimeSeconds: undefined,
    counters: undefined,
  });
});

test('paths: own ones have no peer, and a link-local next hop beside a global one is left out', () => {
  const nexthops = [
    { ip: '2001:db8::1', scope: 'global' },
    { ip: 'fe80::1', scope: 'link-local', used: true },
  ];
  const table = parseTable({
    routes: {
      '10.0.0.0/8': [
        { peerId: '(unspec)', valid: true, bestpath: true, nexthops: [{ ip: '0.0.0.0' }] },
        { peerId: '2001:db8::9', pathFrom: 'internal', stale: true, nexthops },
      ],
    },
  });
  expect(table.get('10.0.0.0/8')).toEqual([
    { peer: '', internal: false, nexthops: ['0.0.0.0'], valid: true, best: true, stale: false },
    { peer: '2001:db8::9', internal: true, nexthops: ['2001:db8::1'], valid: false, best: false, stale: true },
  ]);
});
