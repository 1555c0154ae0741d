import { networks } from '../rack.ts';
import type { Scenario } from '../scenario.ts';
import { assign, broken, toggle } from './fault.ts';

export const ovnScenarios: readonly Scenario[] = [
  broken(
    'raft-lost',
    'Two of three servers of the northbound database stop.',
    toggle((state) => state.faults.downDatabases, 'OVN_Northbound/langara', 'OVN_Northbound/orilla'),
    'the northbound servers of langara and orilla stop',
    'the northbound servers of langara and orilla start',
  ),
  broken(
    'database-split',
    'The southbound server of orilla was made anew, and is a cluster of its own.',
    toggle((state) => state.faults.splitDatabases, 'OVN_Southbound/orilla'),
    "orilla's southbound server has a cluster of its own",
    "orilla's southbound server joins the others again",
  ),
  broken(
    'northd-stuck',
    'ovn-northd has the lock and does nothing.',
    toggle((state) => state.faults.stuckNorthds, 'abydos'),
    "abydos' ovn-northd hangs",
    "abydos' ovn-northd goes on",
  ),
  broken(
    'gateway-lost',
    'A network has no gateway chassis, and so no way out.',
    toggle((state) => state.faults.unboundNetworks, networks[2]?.name ?? ''),
    'no chassis takes the gateway of a network',
    'the gateway is bound again',
  ),
  broken(
    'controller-stuck',
    "orilla's ovn-controller confirms nothing any more.",
    toggle((state) => state.faults.stuckControllers, 'orilla'),
    "orilla's ovn-controller hangs",
    "orilla's ovn-controller goes on",
  ),
  broken(
    'port-down',
    'The port of an instance has its chassis and is not up there.',
    toggle((state) => state.faults.downPorts, 'web/blog'),
    'the port of web/blog is down',
    'the port of web/blog is up',
  ),
  broken(
    'port-unbound',
    'No chassis takes the port of an instance.',
    toggle((state) => state.faults.unboundPorts, 'chat/irc'),
    'no chassis takes the port of chat/irc',
    'the port of chat/irc is bound again',
  ),
  broken(
    'port-misplaced',
    'The port of an instance of abydos is bound on langara.',
    assign((state) => state.faults.misplacedPorts, 'infra/dns1', 'langara'),
    'the port of infra/dns1 is bound on langara',
    'the port of infra/dns1 is where the instance is',
  ),
];
