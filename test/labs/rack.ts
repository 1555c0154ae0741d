import { monitor, simAddress, simPort, startSims, stopSims } from './bmc.ts';
import { managerUrls, monitors, startCeph, stopCeph } from './ceph.ts';
import { ask, type FrrVersion, socketsOf, startFrr, stopFrr, vtysh } from './frr.ts';
import { until } from './lab.ts';
import { clusterMembers, lxdSource, startCluster, startUplink, stopCluster } from './lxd.ts';
import { ovnSource, populate, startDatabases, startHypervisors, stopOvn } from './ovn.ts';

/** The version of FRR that the rack has. */
export const rackFrr: FrrVersion = '8';
export const rackRouters = ['r1', 'r2', 'r3'] as const;

/** Where the routers hear LXD's BGP server of each member. */
export const uplinkAddresses = { m1: '198.51.100.24', m2: '198.51.100.25', m3: '198.51.100.26' } as const;

/** The subnet of the cluster's bridge, which every member announces. */
const bridge = '10.98.0.0/24';

/**
 * Five real systems at once, joined as far as this kernel lets them: each member of the LXD cluster announces to the
 * three routers, and has a BMC, a hypervisor of OVN and a host of Ceph by other names.
 */
export async function startRack(): Promise<void> {
  await Promise.all([
    startSims(clusterMembers.length, { powered: true }),
    startOvn(),
    startFrr(rackFrr),
    startCluster(),
    startCeph(),
  ]);
  // Before LXD dials: a neighbour that is there because of a listen range cannot be configured any more.
  const neighbors = Object.values(uplinkAddresses).map((address) => `neighbor ${address} peer-group HOSTS`);
  for (const router of rackRouters)
    await vtysh(rackFrr, router, 'configure terminal', 'router bgp 64512', ...neighbors);
  await startUplink();
  await untilAnnounced(bridge, Object.values(uplinkAddresses));
}

async function startOvn(): Promise<void> {
  await startDatabases();
  await startHypervisors();
  await populate();
}

export async function stopRack(): Promise<void> {
  // The members' links to the routers go with either end.
  await Promise.all([stopSims(), stopOvn(), stopCluster(), stopCeph()]);
  await stopFrr(rackFrr);
}

/** A configuration for all of it. The password of the BMCs is in the environment. */
export function rackConfig(): object {
  process.env['RACK_BMC'] = monitor.password();
  const now = { min_age: '0s' };
  return {
    members: {
      m1: { ceph_host: 'abydos', chassis: 'lab-h1' },
      m2: { ceph_host: 'langara', chassis: 'lab-h2' },
      m3: { ceph_host: 'orilla', chassis: 'lab-h3' },
    },
    sources: {
      lxd: { ...lxdSource(clusterMembers), ...now },
      ceph: { managers: Object.values(managerUrls), monitors, ...now },
      ovn: { ...ovnSource(), ...now },
      frr: {
        routers: rackRouters.map((name) => ({ name, sockets: socketsOf(rackFrr, name) })),
        roles: { transit: ['CORE'], host: ['HOSTS'] },
        ...now,
      },
      bmc: {
        defaults: { user: monitor.user, password: { env: 'RACK_BMC' } },
        targets: clusterMembers.map((member, index) => ({ member, address: simAddress(index + 1), port: simPort })),
        ...now,
      },
    },
  };
}

interface Lookup {
  readonly paths?: readonly {
    readonly peer: { readonly type: string };
    readonly nexthops: readonly { readonly ip: string }[];
  }[];
}

/** By FRR's own word: waits until every router has heard a prefix from exactly these neighbours that are no routers. */
export async function untilAnnounced(prefix: string, nexthops: readonly string[]): Promise<void> {
  for (const router of rackRouters) {
    const isSo = async () => {
      const { paths = [] } = await ask<Lookup>(rackFrr, router, `show bgp ipv4 unicast ${prefix} json`);
      const heard = paths.filter(({ peer }) => peer.type === 'external').flatMap((path) => path.nexthops);
      return (
        heard
          .map(({ ip }) => ip)
          .sort()
          .join() === [...nexthops].sort().join()
      );
    };
    await until(isSo, { what: `${router} has ${prefix} by ${nexthops.join(' and ') || 'nobody'}`, everyMs: 300 });
  }
}
