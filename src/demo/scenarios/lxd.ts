import { type DemoInstance, instances } from '../rack.ts';
import type { Scenario } from '../scenario.ts';
import type { DemoWarning } from '../state.ts';
import { assign, broken, cut, fault, toggle } from './fault.ts';

const find = (name: string): DemoInstance => instances.find((one) => one.name === name) as DemoInstance;

/** An instance that should run stops, for as long as the fault lasts. */
const stops = (name: string, help: string, instance: DemoInstance): Scenario =>
  fault(
    name,
    help,
    [`${instance.project}/${instance.name} stops`, (state) => state.stop(instance)],
    [`${instance.project}/${instance.name} starts`, (state) => state.start(instance)],
  );

const photos = find('photos');
const busyPorts = ['abydos/enp3s0f1', 'abydos/enp5s0f1'];
const warning: DemoWarning = {
  type: 'Storage pool unavailable',
  severity: 'high',
  message: 'Failed mounting storage pool "local"',
  member: 'abydos',
};

export const lxdScenarios: readonly Scenario[] = [
  stops('instance-down', 'An instance that should run stops.', find('mail')),
  stops('backend-down', 'A backend of a load balancer stops.', find('cdn1')),
  fault(
    'instance-stranded',
    'An instance of an earlier evacuation was not brought back.',
    [
      'home/photos is left on another member',
      (state) => state.strand(photos, photos.home === 'abydos' ? 'orilla' : 'abydos'),
    ],
    ['home/photos is moved home', (state) => state.bringHome(photos)],
  ),
  broken(
    'out-of-memory',
    'The kernel kills processes of an instance that has used up its memory.',
    assign((state) => state.faults.oomKills, 'ci/runner1', 3),
    'ci/runner1 runs out of memory',
    'ci/runner1 is restarted with more memory',
  ),
  broken(
    'quota-near',
    'A project has as many instances as it may.',
    assign((state) => state.faults.instanceLimits, 'games', 3),
    'the project games may have three instances, and has them',
    'the project games may have four instances',
  ),
  broken(
    'member-blocked',
    'orilla waits for the others to be upgraded.',
    toggle((state) => state.faults.blockedMembers, 'orilla'),
    'orilla is blocked',
    'orilla is online',
  ),
  broken(
    'memory-full',
    'The memory of langara is full.',
    assign((state) => state.faults.hostMemory, 'langara', 0.97),
    '97 % of the memory of langara is in use',
    'langara has memory again',
  ),
  broken(
    'local-pool-full',
    "abydos' own storage pool is nearly full.",
    assign((state) => state.faults.localPools, 'abydos', 0.9),
    'the local pool of abydos is 90 % full',
    'the local pool of abydos is cleaned up',
  ),
  fault(
    'lxd-warns',
    'LXD warns that a storage pool of abydos cannot be used.',
    ['LXD has a warning about abydos', (state) => state.addWarning(warning)],
    ['the warning is resolved', (state) => state.warnings.clear()],
  ),
  broken(
    'link-lost',
    'A leg of a bond loses its carrier.',
    cut('abydos', 'enp3s0f0'),
    'a mesh port of abydos loses its carrier',
    'the mesh port of abydos has carrier again',
  ),
  broken(
    'mesh-lost',
    'Both legs of a mesh bond lose their carrier.',
    cut('orilla', 'enp3s0f1', 'enp5s0f1'),
    'bond-mesh02 of orilla loses its carrier',
    'bond-mesh02 of orilla has carrier again',
  ),
  broken(
    'switch-leg-lost',
    'One of two cables to the switch is unplugged.',
    cut('abydos', 'eno1'),
    'eno1 of abydos loses its carrier',
    'eno1 of abydos has carrier again',
  ),
  broken(
    'switch-lost',
    'Both cables of langara to the switch are unplugged.',
    cut('langara', 'eno1', 'eno2'),
    'bond-sw01 of langara loses its carrier',
    'bond-sw01 of langara has carrier again',
  ),
  fault(
    'link-busy',
    'A copy fills a mesh bond of abydos.',
    [
      'bond-mesh02 of abydos is full',
      ({ clock, surges }) => {
        for (const port of busyPorts) surges.begin(port, clock.now());
      },
    ],
    [
      'bond-mesh02 of abydos has room again',
      ({ clock, surges }) => {
        for (const port of busyPorts) surges.end(port, clock.now());
      },
    ],
  ),
];
