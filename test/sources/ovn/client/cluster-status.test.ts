import { expect, test } from 'vitest';
import { parseClusterStatus } from '../../../../src/sources/ovn/client/cluster-status.ts';

// What ovsdb-server 3.1 answered on a leader of three.
const leader = `e035
Name: OVN_Northbound
Cluster ID: bd5e (bd5e7727-8ae8-40d3-b288-c91175d66b51)
Server ID: e035 (e035f1bf-7f7a-469e-8ec0-932dc4b80b2e)
Address: tcp:127.0.0.1:6643
Status: cluster member
Role: leader
Term: 12
Leader: self
Vote: self

Last Election started 174281 ms ago, reason: timeout
Last Election won: 174281 ms ago
Election timer: 1000
Log: [2, 137]
Entries not yet committed: 1
Entries not yet applied: 0
Connections: <-7b61 ->7b61 (<-c090) ->c090
Disconnections: 3
Servers:
    c090 (c090 at tcp:127.0.0.3:6643) next_index=137 match_index=120 last msg 4134 ms ago
    e035 (e035 at tcp:127.0.0.1:6643) (self) next_index=2 match_index=136
    7b61 (7b61 at ssl:[2001:db8::2]:6643) next_index=137 match_index=136 last msg 134 ms ago
`;

test('reads what a leader says', () => {
  expect(parseClusterStatus(leader)).toEqual({
    serverId: 'e035f1bf-7f7a-469e-8ec0-932dc4b80b2e',
    address: '127.0.0.1:6643',
    role: 'leader',
    term: 12,
    electionTimerSeconds: 1,
    logStart: 2,
    logNext: 137,
    uncommitted: 1,
    unapplied: 0,
    disconnections: 3,
    peers: [
      { address: '127.0.0.3:6643', self: false, matchIndex: 120, lastMessageAgeSeconds: 4.134 },
      { address: '127.0.0.1:6643', self: true, matchIndex: 136, lastMessageAgeSeconds: undefined },
      { address: '[2001:db8::2]:6643', self: false, matchIndex: 136, lastMessageAgeSeconds: 0.134 },
    ],
  });
});

test('leaves undefined what a server that joins does not say', () => {
  const joining =
    'Name: OVN_Northbound\nAddress: tcp:127.0.0.2:6643\nStatus: joining cluster\nRole: follower\nTerm: 0\n';
  expect(parseClusterStatus(joining)).toMatchObject({
    serverId: '',
    role: 'follower',
    term: 0,
    logNext: undefined,
    peers: [],
  });
  expect(parseClusterStatus('')).toMatchObject({ role: '', term: undefined, peers: [] });
});
