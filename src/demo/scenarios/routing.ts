import type { Scenario, Step } from '../scenario.ts';
import { broken, REPAIR_SECONDS, toggle } from './fault.ts';

/** The sessions with a peer are lost, and come back after a quarter of a minute. */
const flap = (peer: string): readonly Step[] => [
  {
    afterSeconds: 15,
    say: `the sessions with ${peer} are lost`,
    act: ({ clock, sessionOutages }) => sessionOutages.begin(peer, clock.now()),
  },
  {
    afterSeconds: 15,
    say: `the sessions with ${peer} are back`,
    act: ({ clock, sessionOutages }) => sessionOutages.end(peer, clock.now()),
  },
];

export const routingScenarios: readonly Scenario[] = [
  broken(
    'session-lost',
    'The sessions with one of two provider routers are lost.',
    toggle((state) => state.faults.downPeers, '192.0.2.1', '2001:db8:ff::1'),
    'the sessions with core1 are lost',
    'the sessions with core1 are up',
  ),
  broken(
    'transit-lost',
    'The sessions with both provider routers are lost.',
    toggle((state) => state.faults.downPeers, '192.0.2.1', '192.0.2.2', '2001:db8:ff::1', '2001:db8:ff::2'),
    'the sessions with both providers are lost',
    'the sessions with both providers are up',
  ),
  {
    name: 'session-flaps',
    help: 'The IPv4 sessions with the second provider router come and go.',
    steps: [
      ...Array.from({ length: 6 }, () => flap('192.0.2.2')).flat(),
      { afterSeconds: REPAIR_SECONDS, say: 'the sessions have held for half an hour', act: () => undefined },
    ],
  },
  broken(
    'peer-shut',
    'Somebody has shut down the IPv6 sessions with the first provider router for some work, and left it so.',
    toggle((state) => state.faults.shutPeers, '2001:db8:ff::1'),
    'the peer 2001:db8:ff::1 is shut down',
    'the peer 2001:db8:ff::1 is no longer shut down',
  ),
  broken(
    'prefix-limit',
    'The second provider router announces more IPv6 prefixes than it may.',
    toggle((state) => state.faults.limitedPeers, '2001:db8:ff::2'),
    'the sessions with 2001:db8:ff::2 are shut down for its prefixes',
    'the sessions with 2001:db8:ff::2 are cleared',
  ),
  broken(
    'router-session-lost',
    'The session between two of our own routers is lost.',
    toggle((state) => state.faults.downPeers, '172.17.0.3'),
    'the sessions with frr2 are lost',
    'the sessions with frr2 are up',
  ),
  broken(
    'router-daemon-dies',
    'A daemon of frr1 dies, and its watchdog cannot restart it.',
    toggle((state) => state.faults.downDaemons, 'frr1/bfdd'),
    'bfdd of frr1 dies',
    'bfdd of frr1 runs again',
  ),
  broken(
    'vrrp-conflict',
    'Two routers take the virtual addresses at once.',
    toggle((state) => state.faults.greedyRouters, 'frr2'),
    'frr2 takes the virtual addresses as well',
    'frr2 leaves the virtual addresses to frr1',
  ),
  broken(
    'route-missing',
    'The public address of an instance is not announced any more.',
    toggle((state) => state.faults.withdrawnPrefixes, '203.0.113.25/32'),
    '203.0.113.25/32 is not announced any more',
    '203.0.113.25/32 is announced again',
  ),
  broken(
    'route-unexpected',
    'A host announces an address that belongs to nothing.',
    toggle((state) => state.faults.strayPrefixes, '203.0.113.99/32'),
    '203.0.113.99/32 is announced',
    '203.0.113.99/32 is withdrawn',
  ),
];
