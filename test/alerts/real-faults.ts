import { mendSupply, setSensorBit, simConsole, supplies, supplyBits } from '../labs/bmc.ts';
import { killDaemon, startDaemon } from '../labs/ceph.ts';
import { vtysh } from '../labs/frr.ts';
import { killServer, startCluster } from '../labs/lxd.ts';
import { hypervisorPid, kill, nbctl, startHypervisors } from '../labs/ovn.ts';
import { rackFrr } from '../labs/rack.ts';

/** Something that breaks for real, and what a person is to read of it. */
export interface Fault {
  readonly name: string;
  readonly alert: string;
  readonly by: 'mail' | 'pager';
  /** Part of the alert's summary: the thing, and the member where it has one. */
  readonly says: string;
  cause(): Promise<unknown>;
  repair(): Promise<unknown>;
}

/** Its gateway is on m2, and on m1 when that is gone. */
export const MOVING = 'lxd-net3';

/** Its gateway is on m3. */
const UNBOUND = 'lxd-net5';
const chassis = (['1', '2', '3'] as const).map((host) => `8f1c2a34-000${host}-4000-8000-00000000000${host}`);
const inGroup = (command: string, ...args: string[]) => [`ha-chassis-group-${command}-chassis`, UNBOUND, ...args, '--'];

const failSupply = (value: 0 | 1) => simConsole(1, setSensorBit(supplies.PS1, supplyBits.failed, value));

/** The simulators start with one supply of each that has failed. */
export async function mendSupplies(): Promise<void> {
  for (const server of [1, 2, 3]) await simConsole(server, ...mendSupply);
}

/** A provider ends its sessions for IPv4 with all three routers, or takes them up again. */
const provider = (router: 'p1' | 'p2', line: string) =>
  vtysh(rackFrr, router, 'configure terminal', 'router bgp 64500', line);

export const firstFaults: readonly Fault[] = [
  {
    name: 'a power supply fails in the simulator',
    alert: 'BmcPsuFailed',
    by: 'mail',
    says: 'Power supply PS1 of m1 has failed',
    cause: () => failSupply(1),
    repair: () => failSupply(0),
  },
  {
    name: 'an OSD is stopped',
    alert: 'CephOsdDown',
    by: 'mail',
    says: 'OSD 3 (ssd) on m2 is down',
    cause: () => killDaemon('osd.3', 'SIGTERM'),
    repair: () => startDaemon('osd.3'),
  },
  {
    name: 'a provider shuts its BGP sessions',
    alert: 'BgpTransitPeerDown',
    by: 'mail',
    says: 'Provider router 192.0.2.1 is down for all of ours (ipv4)',
    cause: () => provider('p1', 'neighbor C4 shutdown'),
    repair: () => provider('p1', 'no neighbor C4 shutdown'),
  },
  {
    name: 'the chassis of a gateway dies',
    alert: 'OvnChassisBehind',
    by: 'mail',
    says: 'ovn-controller on m2 is',
    async cause() {
      for (const daemon of ['controller', 'vswitchd'] as const) await kill(hypervisorPid(2, daemon));
      // The databases do not know that it is gone until something changes that it does not confirm.
      await nbctl('--wait=sb', 'sync');
    },
    repair: startHypervisors,
  },
  {
    name: 'an LXD member is killed',
    alert: 'LxdMemberOffline',
    by: 'pager',
    says: 'Member m3 is offline',
    cause: () => killServer('m3'),
    repair: startCluster,
  },
];

/** While the first are there: of two providers, the other one. */
export const secondFaults: readonly Fault[] = [
  {
    name: 'the other provider shuts its BGP sessions as well',
    alert: 'BgpTransitLost',
    by: 'pager',
    says: 'No provider reaches us over ipv4',
    cause: () => provider('p2', 'neighbor C4 shutdown'),
    repair: () => provider('p2', 'no neighbor C4 shutdown'),
  },
  {
    name: 'somebody takes all chassis from the group of a network',
    alert: 'OvnGatewayUnbound',
    by: 'pager',
    says: `Network ${UNBOUND} has no gateway`,
    cause: () =>
      nbctl(
        '--wait=sb',
        ...inGroup('add', 'nowhere', '1'),
        ...chassis.flatMap((name) => inGroup('remove', name)),
        'sync',
      ),
    repair: () =>
      nbctl(
        ...chassis.flatMap((name, place) => inGroup('add', name, `${10 + place}`)),
        ...inGroup('remove', 'nowhere'),
        'sync',
      ),
  },
];
