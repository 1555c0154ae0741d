import { type DemoInstance, instances, members, networks } from './rack.ts';
import type { Scenario, Step } from './scenario.ts';
import type { RackState } from './state.ts';

/** Long enough for every alert of a fault that lasts. */
const REPAIR_SECONDS = 30 * 60;

/** A fault, and its repair half an hour later. */
function fault(
  name: string,
  help: string,
  breaks: readonly [say: string, act: Step['act']],
  mends: readonly [say: string, act: Step['act']],
): Scenario {
  return {
    name,
    help,
    steps: [
      { afterSeconds: 10, say: breaks[0], act: breaks[1] },
      { afterSeconds: REPAIR_SECONDS, say: mends[0], act: mends[1] },
    ],
  };
}

/** One member of the weekly reboot: twenty minutes, most of which the machine tests its memory. */
const reboot = (member: string): readonly Step[] => [
  { afterSeconds: 60, say: `${member} is being evacuated`, act: (state) => state.evacuate(member) },
  { afterSeconds: 120, say: `${member} reboots`, act: (state) => state.hang(member) },
  { afterSeconds: 420, say: `${member} is back`, act: (state) => state.revive(member) },
  { afterSeconds: 60, say: `${member} is being restored`, act: (state) => state.restore(member) },
  { afterSeconds: 240, say: `${member} has all its instances again`, act: () => undefined },
];

const MESH_PORT = 'enp3s0f0';

const mail = instances.find(({ name }) => name === 'mail') as DemoInstance;

/** Adds faults, or takes them away. */
const toggle =
  <T>(pick: (state: RackState) => Set<T>, ...items: readonly T[]) =>
  (on: boolean): Step['act'] =>
  (state) => {
    for (const item of items) if (on) pick(state).add(item);
    for (const item of items) if (!on) pick(state).delete(item);
  };

const supply = toggle((state) => state.faults.failedSupplies, 'abydos/PS2');
const osd = toggle((state) => state.faults.downOsds, 5);
const monitors = toggle((state) => state.faults.downMonitors, 'langara', 'orilla');
const databases = toggle((state) => state.faults.downDatabases, 'OVN_Northbound/langara', 'OVN_Northbound/orilla');
const provider = toggle((state) => state.faults.downPeers, '192.0.2.1', '2001:db8:ff::1');
const providers = toggle(
  (state) => state.faults.downPeers,
  '192.0.2.1',
  '192.0.2.2',
  '2001:db8:ff::1',
  '2001:db8:ff::2',
);
const prefix = toggle((state) => state.faults.withdrawnPrefixes, '203.0.113.25/32');
const gateway = toggle((state) => state.faults.unboundNetworks, networks[2]?.name ?? '');
const controller = toggle((state) => state.faults.stuckControllers, 'orilla');

/** The stories that the rack can tell. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'rolling-reboot',
    help: 'The weekly maintenance: each member in turn is evacuated, rebooted and restored.',
    steps: members.flatMap(({ name }) => reboot(name)),
  },
  fault(
    'member-dies',
    'langara loses its power.',
    ['langara loses its power', (state) => state.kill('langara')],
    ['langara has power again', (state) => state.revive('langara')],
  ),
  {
    name: 'evacuated-member-dies',
    help: 'orilla is evacuated for its reboot and does not come back for an hour.',
    steps: [
      { afterSeconds: 10, say: 'orilla is being evacuated', act: (state) => state.evacuate('orilla') },
      { afterSeconds: 120, say: 'orilla reboots', act: (state) => state.hang('orilla') },
      { afterSeconds: 2 * REPAIR_SECONDS, say: 'orilla is back', act: (state) => state.revive('orilla') },
      { afterSeconds: 60, say: 'orilla is being restored', act: (state) => state.restore('orilla') },
    ],
  },
  {
    name: 'healed-alive',
    help: 'langara hangs, LXD starts its instances elsewhere, and its power is still on.',
    steps: [
      { afterSeconds: 10, say: 'langara hangs', act: (state) => state.hang('langara') },
      { afterSeconds: 120, say: 'LXD heals langara away', act: (state) => state.heal('langara') },
      { afterSeconds: REPAIR_SECONDS, say: 'langara is back', act: (state) => state.revive('langara') },
      { afterSeconds: 60, say: 'langara is being restored', act: (state) => state.restore('langara') },
    ],
  },
  fault(
    'psu-fails',
    'A power supply of abydos fails.',
    ['PS2 of abydos fails', supply(true)],
    ['PS2 of abydos is replaced', supply(false)],
  ),
  fault(
    'overheating',
    'A processor of orilla runs hot.',
    ['CPU1 of orilla runs at 91 °C', (state) => void state.faults.readings.set('orilla/CPU1 Temp', 91)],
    ['CPU1 of orilla cools down', (state) => void state.faults.readings.delete('orilla/CPU1 Temp')],
  ),
  fault('osd-fails', 'An OSD of langara goes down.', ['osd.5 goes down', osd(true)], ['osd.5 is up', osd(false)]),
  fault(
    'quorum-lost',
    'Two of three Ceph monitors stop: the managers go on showing green.',
    ['the monitors of langara and orilla stop', monitors(true)],
    ['the monitors of langara and orilla start', monitors(false)],
  ),
  fault(
    'raft-lost',
    'Two of three servers of the northbound database stop.',
    ['the northbound servers of langara and orilla stop', databases(true)],
    ['the northbound servers of langara and orilla start', databases(false)],
  ),
  fault(
    'gateway-lost',
    'A network has no gateway chassis, and so no way out.',
    ['no chassis takes the gateway of a network', gateway(true)],
    ['the gateway is bound again', gateway(false)],
  ),
  fault(
    'controller-stuck',
    "orilla's ovn-controller confirms nothing any more.",
    ["orilla's ovn-controller hangs", controller(true)],
    ["orilla's ovn-controller goes on", controller(false)],
  ),
  fault(
    'session-lost',
    'The sessions with one of two provider routers are lost.',
    ['the sessions with core1 are lost', provider(true)],
    ['the sessions with core1 are up', provider(false)],
  ),
  fault(
    'transit-lost',
    'The sessions with both provider routers are lost.',
    ['the sessions with both providers are lost', providers(true)],
    ['the sessions with both providers are up', providers(false)],
  ),
  fault(
    'route-missing',
    'The public address of an instance is not announced any more.',
    ['203.0.113.25/32 is not announced any more', prefix(true)],
    ['203.0.113.25/32 is announced again', prefix(false)],
  ),
  fault(
    'instance-down',
    'An instance that should run stops.',
    ['infra/mail stops', (state) => state.stop(mail)],
    ['infra/mail starts', (state) => state.start(mail)],
  ),
  fault(
    'link-lost',
    'A leg of a bond loses its carrier.',
    ['a mesh port of abydos loses its carrier', (state) => state.cutLink('abydos', MESH_PORT)],
    ['the mesh port of abydos has carrier again', (state) => state.mendLink('abydos', MESH_PORT)],
  ),
];

/** The scenario of that name; throws for one that is not there, and names those that are. */
export function findScenario(name: string): Scenario {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario) return scenario;
  throw new Error(`there is no scenario ${name}; there are ${scenarios.map((one) => one.name).join(', ')}`);
}
